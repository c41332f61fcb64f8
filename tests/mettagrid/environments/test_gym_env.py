"""GymEnv: the official check, seeds, ends of episodes, other agents, pictures, registration."""

import subprocess
import sys

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from mettagrid.batch import BatchEnv
from mettagrid.gym_env import GymEnv
from mettagrid.registration import register_environments
from tests.mettagrid.small_games import let_agents_leave, walking_game

register_environments()


def actions_of(env: GymEnv, num_steps: int, seed: int = 0) -> list[int]:
    return np.random.default_rng(seed).integers(env.action_space.n, size=num_steps).tolist()  # type: ignore[attr-defined]


@pytest.mark.parametrize("num_agents", [1, 4])
def test_gymnasiums_check_finds_nothing(num_agents: int):
    check_env(gymnasium.make("metta/game-v0", game=walking_game(num_agents)).unwrapped)


def test_gymnasiums_check_finds_nothing_in_the_arena():
    check_env(gymnasium.make("metta/arena-v0", num_agents=2).unwrapped)


def test_importing_mettagrid_registers_the_arena_and_stays_light():
    code = (
        "import sys, mettagrid, gymnasium\n"
        "env = gymnasium.make('metta/arena-v0')\n"
        "assert env.unwrapped.game_spec.num_agents == 1\n"
        "env.reset(seed=0)\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)


def test_registering_twice_does_no_harm():
    register_environments()
    assert gymnasium.spec("metta/arena-v0").vector_entry_point is not None


def test_a_seed_names_the_world_of_the_batch():
    env, batch = GymEnv(walking_game(1)), BatchEnv(walking_game(1))
    observation, info = env.reset(seed=11)
    batch.reset(11)
    np.testing.assert_array_equal(observation, batch.observations[0])
    for action in actions_of(env, 19):
        observation, reward, terminated, truncated, info = env.step(action)
        batch.step(np.array([action], dtype=np.int32))
        np.testing.assert_array_equal(observation, batch.observations[0])
        np.testing.assert_array_equal(info["action_mask"], batch.action_mask[0])
        assert reward == batch.rewards[0]
        assert not (terminated or truncated)


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**63 - 1])
def test_episodes_after_a_seed_repeat(seed: int):
    def play() -> list[bytes]:
        env = GymEnv(walking_game(1))
        seen = [env.reset(seed=seed)[0].tobytes()]
        for _ in range(3):
            seen.append(env.reset()[0].tobytes())
            seen += [env.step(action)[0].tobytes() for action in actions_of(env, 5)]
        return seen

    assert play() == play()


def test_a_negative_seed_is_refused_as_gymnasium_does():
    with pytest.raises(gymnasium.error.Error, match="Seed must be"):
        GymEnv(walking_game(1)).reset(seed=-1)


def test_the_end_brings_the_last_observation_and_statistics():
    env = GymEnv(walking_game(1, max_steps=8))
    env.reset(seed=2)
    total = 0.0
    for step, action in enumerate(actions_of(env, 8, seed=1)):
        observation, reward, terminated, truncated, info = env.step(action)
        total += reward
        assert truncated == (step == 7)
        assert not terminated
        assert ("statistics" in info) == truncated
    progress = env.game_spec.feature_names.index("progress")
    assert observation[observation[:, 1] == progress][0, 2] == 255
    assert info["statistics"]["meals"] * 0.5 == pytest.approx(total)
    assert info["action_mask"].tolist() == [1, 0, 0, 0, 0, 0, 0]
    with pytest.raises(ValueError, match="the episode is over"):
        env.step(0)
    env.reset()
    env.step(0)


def test_death_ends_the_episode_of_the_agent(monkeypatch: pytest.MonkeyPatch):
    let_agents_leave(monkeypatch)
    env = GymEnv(walking_game(4), agent=2)
    env.reset(seed=0)
    env.step(1)
    observation, _, terminated, truncated, info = env.step(6)
    assert terminated
    assert not truncated
    assert (observation == 255).all()
    assert info["statistics"]["action.leave.success"] == 1


def test_others_do_nothing_unless_told():
    seen: list[tuple[tuple[int, ...], tuple[int, ...]]] = []

    def others(observations: np.ndarray, action_mask: np.ndarray) -> np.ndarray:
        seen.append((observations.shape, action_mask.shape))
        return np.full(4, 6, dtype=np.int32)

    env = GymEnv(walking_game(4), agent=1, others=others)
    env.reset(seed=0)
    env.step(3)
    batch = BatchEnv(walking_game(4))
    batch.reset(0)
    batch.step(np.array([6, 3, 6, 6], dtype=np.int32))
    assert seen == [((4, 40, 3), (4, 7))]
    np.testing.assert_array_equal(env.reset(seed=0)[0], GymEnv(walking_game(4), agent=1).reset(seed=0)[0])


@pytest.mark.parametrize("action", [-1, 7, 1.5, "north", [1], np.array([1, 2]), None, True])
def test_bad_actions_are_refused(action: object):
    env = GymEnv(walking_game(1))
    env.reset(seed=0)
    with pytest.raises(ValueError, match=r"action of the agent is .*, needs"):
        env.step(action)  # type: ignore[arg-type]


@pytest.mark.parametrize("action", [2, np.int64(2), np.array(2), np.uint8(2)])
def test_all_whole_numbers_are_actions(action: object):
    env = GymEnv(walking_game(1))
    env.reset(seed=0)
    env.step(action)  # type: ignore[arg-type]


def test_step_before_reset_is_refused():
    with pytest.raises(ValueError, match=r"call reset\(\) before step\(\)"):
        GymEnv(walking_game(1)).step(0)


@pytest.mark.parametrize("agent", [-1, 4])
def test_an_agent_that_does_not_exist_is_refused(agent: int):
    with pytest.raises(ValueError, match=rf"agent is {agent}, the game has agents 0\.\.3"):
        GymEnv(walking_game(4), agent=agent)


def test_render_modes():
    picture_env = GymEnv(walking_game(4), render_mode="rgb_array")
    picture_env.reset(seed=0)
    picture = picture_env.render()
    assert isinstance(picture, np.ndarray)
    assert picture.dtype == np.uint8
    assert picture.ndim == 3
    text_env = GymEnv(walking_game(4), render_mode="ansi")
    text_env.reset(seed=0)
    assert "0/20" in str(text_env.render())
    assert GymEnv(walking_game(4)).render() is None
    with pytest.raises(ValueError, match="render_mode is 'human', needs one of rgb_array, ansi or None"):
        GymEnv(walking_game(4), render_mode="human")


def test_statistics_do_not_disturb_gymnasiums_recorder():
    env = gymnasium.wrappers.RecordEpisodeStatistics(GymEnv(walking_game(1, max_steps=3)))
    env.reset(seed=0)
    infos = [env.step(0)[4] for _ in range(3)]
    assert infos[-1]["episode"]["l"] == 3
    assert "statistics" in infos[-1]
