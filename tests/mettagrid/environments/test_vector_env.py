"""GymVectorEnv: data as of Gymnasium's own SyncVectorEnv, ends of episodes, deaths, copies, make_vec."""

from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from mettagrid.batch import BatchEnv
from mettagrid.gym_env import GymEnv
from mettagrid.vector_env import GymVectorEnv
from tests.mettagrid.small_games import let_agents_leave, walking_game


def assert_same(ours: Any, theirs: Any, where: str = "") -> None:
    """Equal data, of equal types; `alive`, which only ours has, aside."""
    if isinstance(theirs, dict):
        assert ours.keys() - {"alive", "_alive"} == theirs.keys(), where
        for key, value in theirs.items():
            assert_same(ours[key], value, f"{where}.{key}")
    elif isinstance(theirs, np.ndarray) and theirs.dtype == object:
        for mine, other in zip(ours, theirs, strict=True):
            assert_same(mine, other, where)
    elif theirs is None:
        assert ours is None, where
    else:
        assert ours.dtype == theirs.dtype, where
        np.testing.assert_array_equal(ours, theirs, err_msg=where)


def test_one_agent_gives_what_sync_vector_env_gives():
    game = walking_game(1, max_steps=7)
    ours = GymVectorEnv(game)
    theirs = SyncVectorEnv([lambda: GymEnv(game)], autoreset_mode=AutoresetMode.SAME_STEP)
    assert ours.metadata["autoreset_mode"] == theirs.metadata["autoreset_mode"]
    for name in ("observation_space", "action_space", "single_observation_space", "single_action_space"):
        assert getattr(ours, name) == getattr(theirs, name)
    for mine, other in zip(ours.reset(seed=4), theirs.reset(seed=4), strict=True):
        assert_same(mine, other)
    draw = np.random.default_rng(0).integers
    for _ in range(6):
        actions = draw(7, size=1)
        mine, other = ours.step(actions), theirs.step(actions)
        assert_same(mine[0], other[0])
        assert_same(mine[4], other[4])
        np.testing.assert_array_equal(mine[1], other[1])
    mine, other = ours.step(np.zeros(1, dtype=np.int64)), theirs.step(np.zeros(1, dtype=np.int64))
    assert_same(mine[3], other[3])
    # The next episodes are others, as each draws its own; the ends are the same.
    for key in ("final_obs", "_final_obs", "final_info", "_final_info"):
        assert_same(mine[4][key], other[4][key], key)
    assert mine[4].keys() - {"alive", "_alive"} == other[4].keys()


def test_rows_are_those_of_the_batch():
    env, batch = (
        GymVectorEnv(walking_game(), num_worlds=3, num_threads=2),
        BatchEnv(walking_game(), num_worlds=3),
    )
    assert env.num_envs == 12
    observations, infos = env.reset(seed=8)
    batch.reset(8)
    draw = np.random.default_rng(0).integers
    for _ in range(25):
        np.testing.assert_array_equal(observations, batch.observations)
        np.testing.assert_array_equal(infos["action_mask"], batch.action_mask)
        actions = draw(7, size=12)
        observations, rewards, terminated, truncated, infos = env.step(actions)
        batch.step(actions)
        assert observations in env.observation_space
        np.testing.assert_array_equal(rewards, batch.rewards)
        np.testing.assert_array_equal(terminated, batch.terminated)
        np.testing.assert_array_equal(truncated, batch.truncated)


def test_ends_bring_final_observations_and_infos():
    env = GymVectorEnv(walking_game(max_steps=4), num_worlds=2)
    env.reset(seed=0)
    for _ in range(3):
        infos = env.step(np.ones(8, dtype=np.int32))[4]
        assert "final_obs" not in infos
    observations, _, _, truncated, infos = env.step(np.ones(8, dtype=np.int32))
    assert truncated.all()
    assert infos["_final_obs"].all()
    progress = env.game_spec.feature_names.index("progress")
    for row in range(8):
        last = infos["final_obs"][row]
        assert last in env.single_observation_space
        assert last[last[:, 1] == progress][0, 2] == 255
        assert observations[row][observations[row][:, 1] == progress][0, 2] == 1
    statistics = infos["final_info"]["statistics"]
    moves = statistics["action.move.success"] + statistics["action.move.failed"]
    assert moves.tolist() == [4] * 8
    assert infos["final_info"]["action_mask"].tolist() == [[1, 0, 0, 0, 0, 0, 0]] * 8


def test_a_dead_agents_row_waits_for_its_world(monkeypatch: pytest.MonkeyPatch):
    let_agents_leave(monkeypatch)
    env = GymVectorEnv(walking_game(max_steps=3), num_worlds=2)
    env.reset(seed=0)
    actions = np.zeros(8, dtype=np.int64)
    actions[5] = 6
    observations, _, terminated, truncated, infos = env.step(actions)
    row = np.arange(8) == 5
    np.testing.assert_array_equal(terminated, row)
    assert not truncated.any()
    np.testing.assert_array_equal(infos["_final_obs"], row)
    np.testing.assert_array_equal(infos["alive"], ~row)
    assert infos["final_info"]["statistics"]["action.leave.success"].tolist() == row.astype(int).tolist()
    assert (observations[5] == 255).all()
    _, _, terminated, truncated, infos = env.step(actions)
    assert not (terminated | truncated).any()
    assert "final_obs" not in infos
    observations, _, terminated, truncated, infos = env.step(actions)
    assert truncated.all()
    assert not terminated.any()
    assert infos["alive"].all()
    assert (infos["final_obs"][5] == 255).all()
    assert (observations[5, 0] != 255).any()


@pytest.mark.parametrize("copy", [True, False])
def test_copies_stay_and_loans_change(copy: bool):
    env = GymVectorEnv(walking_game(), copy=copy)
    observations, infos = env.reset(seed=0)
    before = observations.copy()
    env.step(np.ones(4, dtype=np.int32))
    assert np.array_equal(observations, before) == copy
    assert np.shares_memory(env.reset(seed=1)[0], env.batch.observations) != copy
    assert np.shares_memory(infos["action_mask"], env.batch.action_mask) != copy


def test_resets_without_a_seed_go_on_and_repeat():
    def first_rows() -> list[bytes]:
        env = GymVectorEnv(walking_game(), num_worlds=2)
        return [env.reset(seed=3)[0].tobytes(), env.reset()[0].tobytes(), env.reset()[0].tobytes()]

    assert first_rows() == first_rows()
    assert len(set(first_rows())) == 3


@pytest.mark.parametrize("actions", [np.zeros(3), np.zeros(5, dtype=np.int32), [0.5] * 4, "north"])
def test_bad_actions_are_refused(actions: Any):
    env = GymVectorEnv(walking_game())
    env.reset(seed=0)
    with pytest.raises(ValueError, match=r"actions has (shape|dtype)"):
        env.step(actions)


def test_lists_are_actions():
    env = GymVectorEnv(walking_game())
    env.reset(seed=0)
    env.step([0, 1, 2, 3])


def test_a_reset_of_some_is_refused():
    with pytest.raises(ValueError, match="no reset_mask is possible"):
        GymVectorEnv(walking_game()).reset(seed=0, options={"reset_mask": np.ones(4, dtype=np.bool_)})


def test_make_vec_makes_arenas_and_games():
    env = gymnasium.make_vec("metta/arena-v0", 48, "vector_entry_point", num_agents=24, num_maps=2)
    assert isinstance(env, GymVectorEnv)
    assert (env.num_envs, env.batch.num_worlds) == (48, 2)
    env.reset(seed=0)
    env.step(env.action_space.sample())
    env.close()
    env = gymnasium.make_vec("metta/game-v0", 8, "vector_entry_point", game=walking_game())
    assert isinstance(env, GymVectorEnv)
    assert env.batch.num_worlds == 2


def test_make_vec_refuses_parts_of_worlds_and_pictures():
    with pytest.raises(ValueError, match="num_envs is 6, needs a multiple of the world's 4 agents"):
        gymnasium.make_vec("metta/game-v0", 6, "vector_entry_point", game=walking_game())
    with pytest.raises(ValueError, match="render_mode is 'rgb_array', needs None"):
        gymnasium.make_vec(
            "metta/game-v0", 4, "vector_entry_point", game=walking_game(), render_mode="rgb_array"
        )
