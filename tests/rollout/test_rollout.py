"""Rollout: memory, resets, who is alive, seats, finished episodes."""

import numpy as np
import pytest
import torch
from torch import Tensor

from metta.policy.policy import Policy, PolicyOutput
from metta.rollout import Rollout, Seat, StepBuffer, run_episodes
from tests.rl.fakes import EchoBatch, echo_spec, tiny_policy


class CountingPolicy(Policy):
    """Memory counts the steps since the last reset; the value is that count; always plays `action`."""

    def __init__(self, action: int = 0) -> None:
        super().__init__(echo_spec())
        self.action = action

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        return torch.zeros(num_rows, 1, device=device)

    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        state = state * ~resets.unsqueeze(-1) + 1
        logits = torch.full((len(observations), 4), -1e9)
        logits[:, self.action] = 0.0
        return PolicyOutput(logits, state[:, 0], state)


def play(rollout: Rollout, steps: int) -> list[StepBuffer]:
    rollout.reset(seed=1)
    buffers = [
        StepBuffer.allocate(rollout.env.spec, (rollout.env.num_rows,), rollout.device) for _ in range(steps)
    ]
    return [rollout.step(buffer) for buffer in buffers]


def test_memory_is_carried_and_cleared_where_an_episode_starts() -> None:
    steps = play(Rollout(EchoBatch(num_worlds=1, max_steps=3), [Seat(CountingPolicy())]), 7)
    assert [step.resets[0].item() for step in steps] == [True, False, False, True, False, False, True]
    assert [step.values[0].item() for step in steps] == [1, 2, 3, 1, 2, 3, 1]


def test_value_at_cut_continues_the_memory_of_the_ended_episode() -> None:
    rollout = Rollout(EchoBatch(num_worlds=1, max_steps=3), [Seat(CountingPolicy())], values_at_cut=True)
    steps = play(rollout, 4)
    assert [step.truncated[0].item() for step in steps] == [False, False, True, False]
    assert [step.final_values[0].item() for step in steps] == [0, 0, 4, 0]


def test_next_values_do_not_move_the_memory() -> None:
    rollout = Rollout(EchoBatch(num_worlds=1), [Seat(CountingPolicy())])
    play(rollout, 2)
    assert rollout.next_values()[0].item() == rollout.next_values()[0].item() == 3


def test_the_dead_stay_out_until_the_next_episode() -> None:
    rollout = Rollout(EchoBatch(num_worlds=1, max_steps=4, death_tick=2), [Seat(CountingPolicy(action=3))])
    steps = play(rollout, 6)
    assert [step.alive[0].item() for step in steps] == [True, True, False, False, True, True]
    assert [step.actions[0].item() for step in steps] == [3, 3, 0, 0, 3, 3]
    assert all(step.alive[1] for step in steps)


def test_two_policies_share_the_rows() -> None:
    seats = [Seat(CountingPolicy(1), rows=[0, 3]), Seat(CountingPolicy(2), rows=[1, 2])]
    step = play(Rollout(EchoBatch(num_worlds=2), seats), 1)[0]
    assert step.actions.tolist() == [1, 2, 2, 1]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([0, 1, 2], "row 3 is played by 0"),
        ([0, 1, 2, 3, 3], "row 3 is played by 2"),
        ([4], "row 4 does not exist"),
    ],
)
def test_every_row_needs_exactly_one_policy(rows: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Rollout(EchoBatch(num_worlds=2), [Seat(CountingPolicy(), rows)])


def test_same_seed_same_choices() -> None:
    runs = [play(Rollout(EchoBatch(), [Seat(tiny_policy())], seed=seed), 10) for seed in (5, 5, 6)]
    actions = [torch.stack([step.actions for step in run]) for run in runs]
    assert torch.equal(actions[0], actions[1])
    assert not torch.equal(actions[0], actions[2])


def test_finished_episodes_are_recorded() -> None:
    rollout = Rollout(EchoBatch(num_worlds=2, max_steps=4), [Seat(CountingPolicy())])
    rollout.reset(seed=0, desync=True)
    for _ in range(8):
        rollout.step()
    records = rollout.take_finished()
    assert [(record.world, record.index, record.shortened) for record in records] == [
        (1, 0, True),
        (0, 0, True),
        (1, 1, False),
        (0, 1, False),
    ]
    assert records[-1].stats.shape == (2, 2)
    assert rollout.take_finished() == []


def test_run_episodes_counts_the_first_ones_of_every_world() -> None:
    env = EchoBatch(num_worlds=3, max_steps=4)
    records = list(run_episodes(Rollout(env, [Seat(tiny_policy())]), episodes_per_world=2, seed=0))
    assert sorted((record.world, record.index) for record in records) == [
        (w, i) for w in range(3) for i in range(2)
    ]
    with pytest.raises(ValueError, match="at least 1"):
        list(run_episodes(Rollout(env, [Seat(tiny_policy())]), episodes_per_world=0, seed=0))


def test_greedy_takes_the_likeliest() -> None:
    rollout = Rollout(EchoBatch(), [Seat(tiny_policy())], greedy=True)
    step = play(rollout, 1)[0]
    output = tiny_policy()(step.observations, step.action_mask, torch.zeros(8, 8), step.resets)
    assert torch.equal(step.actions, output.logits.argmax(dim=-1))


def test_the_batch_is_left_with_the_actions_that_were_played() -> None:
    env = EchoBatch()
    step = play(Rollout(env, [Seat(tiny_policy())]), 3)[-1]
    np.testing.assert_array_equal(env.actions, step.actions.numpy())
