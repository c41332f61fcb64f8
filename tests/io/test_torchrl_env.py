"""TorchRLEnv: TorchRL's own check, the worlds of BatchEnv, ends, deaths, masks, seeds."""

import sys
import warnings
from importlib import import_module

import numpy as np
import pytest
import torch

from mettagrid import BatchEnv, GameConfig, make_arena
from tests.mettagrid.small_games import breeding_game, let_agents_leave, walking_game

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # TorchRL warns of itself when it is imported
    from tensordict import TensorDict
    from torchrl.envs import ActionMask, RewardSum, TransformedEnv
    from torchrl.envs.utils import check_env_specs

    from metta.io.torchrl_env import TorchRLEnv

pytestmark = pytest.mark.filterwarnings("ignore:::torchrl", "ignore:::tensordict")


@pytest.mark.parametrize(
    "game", [make_arena(num_agents=6), walking_game(max_steps=3), breeding_game(max_steps=5)]
)
@pytest.mark.parametrize("num_worlds", [1, 3])
def test_torchrls_check_finds_nothing(game: GameConfig, num_worlds: int) -> None:
    check_env_specs(TorchRLEnv(game, num_worlds, num_maps=2), break_when_any_done="both", seed=0)


def test_rows_are_those_of_the_batch() -> None:
    env, batch = TorchRLEnv(walking_game(), num_worlds=3), BatchEnv(walking_game(), num_worlds=3)
    env.set_seed(6)
    state = env.reset()
    batch.reset(6)
    draw = np.random.default_rng(0).integers
    for tick in range(1, 46):
        agents = state["agents"]
        np.testing.assert_array_equal(agents["observation"].flatten(0, 1), batch.observations)
        np.testing.assert_array_equal(agents["action_mask"].flatten(0, 1), batch.action_mask)
        np.testing.assert_array_equal(agents["alive"].flatten(), batch.alive)
        actions = draw(7, size=12, dtype=np.int32)
        state["agents", "action"] = torch.from_numpy(actions).long().view(3, 4)
        told, state = env.step_and_maybe_reset(state)
        batch.step(actions)
        np.testing.assert_array_equal(told["next", "agents", "reward"].flatten(), batch.rewards)
        assert told["next", "done"].flatten().tolist() == [tick % 20 == 0] * 3
        assert torch.equal(told["next", "truncated"], told["next", "done"])
        if tick % 20 == 0:  # the last observation is in `next`, the first of the next episode in the state
            last = told["next", "agents", "observation"].flatten(0, 1)
            np.testing.assert_array_equal(last, batch.final_observations)
            np.testing.assert_array_equal(
                told["next", "agents", "statistics"].flatten(0, 1), batch.episode_stats
            )
            assert told["next", "agents", "done"].all()
            assert not told["next", "agents", "terminated"].any()


def test_who_dies_is_terminated_and_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    let_agents_leave(monkeypatch)
    env = TorchRLEnv(walking_game(), num_worlds=2)
    state = env.reset()
    state["agents", "action"] = torch.tensor([[0, 0, 0, 0], [0, 6, 0, 0]])
    told, state = env.step_and_maybe_reset(state)
    died = torch.tensor([[False] * 4, [False, True, False, False]])
    for name in ("terminated", "done"):
        assert torch.equal(told["next", "agents", name].squeeze(-1), died)
    assert torch.equal(state["agents", "alive"].squeeze(-1), ~died)
    assert not told["next", "done"].any()


def test_seeds_repeat_and_resets_go_on() -> None:
    def first_observations() -> list[bytes]:
        env = TorchRLEnv(walking_game())
        env.set_seed(3)
        return [env.reset()["agents", "observation"].numpy().tobytes() for _ in range(3)]

    assert first_observations() == first_observations()
    assert len(set(first_observations())) > 1


def test_data_is_not_changed_by_later_steps() -> None:
    env = TorchRLEnv(walking_game(), num_worlds=2)
    state = env.reset()
    before = state["agents", "observation"].clone()
    env.rollout(5, auto_reset=False, tensordict=state.clone())
    assert torch.equal(state["agents", "observation"], before)


def test_torchrls_transforms_mask_actions_and_sum_rewards() -> None:
    mask = ActionMask(action_key=("agents", "action"), mask_key=("agents", "action_mask"))
    sums = RewardSum(in_keys=[("agents", "reward")], out_keys=[("agents", "episode_reward")])
    env = TransformedEnv(TransformedEnv(TorchRLEnv(walking_game(max_steps=10), num_worlds=4), mask), sums)
    torch.manual_seed(0)
    rollout = env.rollout(30, break_when_any_done=False)
    chosen = rollout["agents", "action_mask"].gather(-1, rollout["agents", "action"].unsqueeze(-1))
    assert chosen.all()
    reward = rollout["next", "agents", "reward"]
    assert reward.sum() > 0
    torch.testing.assert_close(rollout["next", "agents", "episode_reward"][:, 19], reward[:, 10:20].sum(1))


def test_worlds_that_go_on_cannot_be_reset_alone() -> None:
    env = TorchRLEnv(walking_game(), num_worlds=2)
    env.reset()
    some = TensorDict({"_reset": torch.tensor([[True], [False]])}, batch_size=[2])
    with pytest.raises(ValueError, match="only worlds whose episode has ended can be reset alone"):
        env.reset(some)


def test_without_torchrl_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchrl.envs", None)
    monkeypatch.delitem(sys.modules, "metta.io.torchrl_env")
    with pytest.raises(ImportError) as caught:
        import_module("metta.io.torchrl_env")
    assert str(caught.value) == "TorchRLEnv needs TorchRL: pip install 'metta[torchrl]'"
