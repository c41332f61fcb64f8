import numpy as np
import pytest
import torch

from metta.policy.policy import Policy
from metta.policy.scripted import scripted_policies
from metta.policy.scripted.memory import Memory
from metta.policy.scripted.paths import FAR, costs_to_goal
from metta.policy.scripted.sight import Sight
from metta.policy.uri import load_policy
from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from tests.policy.games import make_spec, random_mask

NUM_AGENTS = 24


@pytest.fixture(scope="module")
def arena() -> BatchEnv:
    env = BatchEnv(make_arena(NUM_AGENTS, max_steps=250), num_worlds=1, num_maps=1)
    env.reset(3)
    return env


def play(env: BatchEnv, policy: Policy) -> np.ndarray:
    """Play one episode; return the hearts of each agent."""
    env.reset(3)
    state = policy.initial_state(env.num_rows)
    resets = torch.ones(env.num_rows, dtype=torch.bool)
    while True:
        observations, mask = torch.from_numpy(env.observations), torch.from_numpy(env.action_mask)
        output = policy(observations, mask, state, resets)
        state, resets = output.state, torch.zeros_like(resets)
        actions = output.logits.argmax(-1)
        assert mask.gather(1, actions.unsqueeze(1)).all()
        env.step(actions.numpy().astype(np.int32))
        if env.episode_ended.all():
            return env.episode_stats[:, env.spec.stat_names.index("heart.gained")]


@pytest.mark.parametrize("name", ["noop", "random", "scripted"])
def test_contract(arena: BatchEnv, name: str) -> None:
    policy = scripted_policies()[name](arena.spec)
    observations = torch.from_numpy(arena.observations).expand(3, -1, -1, -1)
    mask, state = random_mask(arena.spec, 3, NUM_AGENTS), policy.initial_state(NUM_AGENTS)
    resets = torch.zeros(3, NUM_AGENTS, dtype=torch.bool)
    resets[0], resets[2, :5] = True, True
    whole = policy(observations, mask, state, resets)
    steps = []
    for t in range(3):
        steps.append(policy(observations[t], mask[t], state, resets[t]))
        state = steps[-1].state
    assert whole.value.shape == (3, NUM_AGENTS)
    assert torch.equal(whole.logits, torch.stack([step.logits for step in steps]))
    assert torch.equal(whole.state, state)
    assert (whole.logits.softmax(-1)[~mask] == 0).all()
    assert not policy.has_weights()


def test_random_is_even_over_what_is_allowed() -> None:
    spec = make_spec()
    policy, mask = load_policy("mock://random", spec), random_mask(spec, 7)
    tokens = torch.full((7, 1, 3), 255, dtype=torch.uint8)
    probabilities = policy(tokens, mask, policy.initial_state(7), torch.zeros(7).bool()).logits.softmax(-1)
    torch.testing.assert_close(probabilities, mask / mask.sum(1, keepdim=True))


def test_scripted_policy_makes_hearts_where_random_makes_none(arena: BatchEnv) -> None:
    hearts = play(arena, load_policy("mock://scripted", arena.spec))
    assert hearts.mean() > 2
    assert (hearts > 0).mean() > 0.8


def test_a_game_without_a_script_is_refused() -> None:
    with pytest.raises(ValueError, match=r"game 'test' has no script; there are .*arena") as refusal:
        load_policy("mock://scripted", make_spec())
    assert "\n" not in str(refusal.value)


def test_a_script_refuses_a_game_that_lacks_something() -> None:
    with pytest.raises(ValueError, match="game 'arena' has no feature 'kind:altar'"):
        load_policy("mock://scripted", make_spec().model_copy(update={"name": "arena"}))


def test_costs_go_around_what_blocks() -> None:
    blocked = torch.tensor([[[0, 1, 0], [0, 1, 0], [0, 0, 0]]]).bool()
    goals = torch.full((1, 3, 3), FAR)
    goals[0, 0, 2] = 0.0
    enter = torch.where(blocked, FAR, 1.0)
    costs = costs_to_goal(goals, enter, blocked, num_rounds=8)
    assert costs[0].tolist() == [[6, FAR, 0], [5, FAR, 1], [4, 3, 2]]


def test_sight_puts_tokens_where_they_are() -> None:
    sight = Sight(make_spec(), seen=["feature_2"], own=["feature_1"])
    tokens = torch.tensor([[[0x12, 2, 7], [0x12, 3, 9], [254, 1, 5], [254, 2, 4], [255, 255, 255]]]).byte()
    seen, own = sight.read(tokens)
    assert seen.sum() == 7
    assert seen[0, 0, 1, 2] == 7
    assert own.tolist() == [[5.0]]


def world_around(row: int, column: int) -> torch.Tensor:
    """Return a window bool [1, 5, 5] on a fixed scattered pattern, seen from (row, column)."""
    pattern = torch.rand(20, 20, generator=torch.Generator().manual_seed(0)) < 0.3
    return pattern[row - 2 : row + 3, column - 2 : column + 3].unsqueeze(0)


@pytest.mark.parametrize(("move", "step"), [(1, (-1, 0)), (2, (0, 1)), (3, (1, 0)), (4, (0, -1))])
@pytest.mark.parametrize("succeeds", [True, False])
def test_memory_notices_whether_a_move_succeeded(move: int, step: tuple[int, int], succeeds: bool) -> None:
    memory = Memory.unpack(torch.zeros(1, Memory.size(1, 5, 5)), 1, 5, 5)
    memory.notice_step(world_around(10, 10))
    memory.stations[0, 0] = torch.tensor([4.0, -6.0, 1.0])
    memory.last_move[:] = move
    row, column = step if succeeds else (0, 0)
    memory.notice_step(world_around(10 + row, 10 + column))
    assert memory.stations[0, 0].tolist() == [4.0 - row, -6.0 - column, 1.0]


def test_memory_keeps_the_nearest_station_and_forgets_what_is_gone() -> None:
    memory = Memory.unpack(torch.zeros(1, Memory.size(1, 5, 5)), 1, 5, 5)
    distance = (torch.arange(5.0) - 2).abs().unsqueeze(1) + (torch.arange(5.0) - 2).abs()
    seen = torch.zeros(1, 1, 5, 5, dtype=torch.bool)
    seen[0, 0, 0, 0] = seen[0, 0, 2, 4] = True
    memory.note_stations(seen, distance)
    assert memory.stations[0, 0].tolist() == [0.0, 2.0, 1.0]
    memory.note_stations(torch.zeros_like(seen), distance)
    assert memory.stations[0, 0, 2] == 0


def test_memory_survives_packing() -> None:
    state = torch.rand(4, Memory.size(2, 5, 7))
    assert torch.equal(Memory.unpack(state, 2, 5, 7).pack(), state)
