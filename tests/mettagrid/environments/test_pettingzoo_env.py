"""PettingZooEnv: the official checks, seeds, who is there, ends of episodes, bad actions, pictures."""

import gymnasium
import numpy as np
import pytest
from pettingzoo.test import parallel_api_test, parallel_seed_test

from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.pettingzoo_env import PettingZooEnv
from tests.mettagrid.small_games import let_agents_leave, walking_game


def nobody_moves(env: PettingZooEnv) -> dict[str, int]:
    return dict.fromkeys(env.agents, 0)


def test_pettingzoos_checks_find_nothing_in_the_arena(capsys: pytest.CaptureFixture[str]):
    parallel_api_test(PettingZooEnv(make_arena(num_agents=24), num_maps=2), num_cycles=1000)
    assert "Passed Parallel API test" in capsys.readouterr().out
    parallel_seed_test(lambda: PettingZooEnv(make_arena(num_agents=24), num_maps=2), num_cycles=20)


def test_pettingzoos_checks_find_nothing_where_agents_die(monkeypatch: pytest.MonkeyPatch):
    let_agents_leave(monkeypatch)
    parallel_api_test(PettingZooEnv(walking_game()), num_cycles=1000)
    parallel_seed_test(lambda: PettingZooEnv(walking_game()), num_cycles=50)


def test_all_agents_see_what_the_batch_shows():
    env, batch = PettingZooEnv(walking_game()), BatchEnv(walking_game())
    observations, infos = env.reset(seed=6)
    batch.reset(6)
    assert env.agents == env.possible_agents == ["agent_0", "agent_1", "agent_2", "agent_3"]
    draw = np.random.default_rng(0).integers
    for _ in range(19):
        for row, name in enumerate(env.possible_agents):
            np.testing.assert_array_equal(observations[name], batch.observations[row])
            np.testing.assert_array_equal(infos[name]["action_mask"], batch.action_mask[row])
        actions = draw(7, size=4, dtype=np.int32)
        observations, rewards, terminated, truncated, infos = env.step(
            dict(zip(env.agents, actions.tolist(), strict=True))
        )
        batch.step(actions)
        assert list(rewards.values()) == batch.rewards.tolist()
        assert not any(terminated.values())
        assert not any(truncated.values())


def test_masks_can_be_sampled_with():
    env = PettingZooEnv(walking_game())
    _, infos = env.reset(seed=0)
    samples = {int(env.action_space("agent_0").sample(infos["agent_0"]["action_mask"])) for _ in range(100)}
    assert samples == {0, 1, 2, 3, 4, 6}


def test_the_end_brings_last_observations_and_statistics():
    env = PettingZooEnv(walking_game(max_steps=2))
    env.reset(seed=0)
    env.step(nobody_moves(env))
    observations, _, _, truncated, infos = env.step(nobody_moves(env))
    assert all(truncated.values())
    assert env.agents == []
    progress = env.game_spec.feature_names.index("progress")
    for name in env.possible_agents:
        last = observations[name]
        assert last[last[:, 1] == progress][0, 2] == 255
        assert infos[name]["statistics"]["action.noop.success"] == 2
        assert infos[name]["action_mask"].tolist() == [1, 0, 0, 0, 0, 0, 0]
    with pytest.raises(ValueError, match="no agent is alive: call reset"):
        env.step({})
    env.reset()
    assert env.agents == env.possible_agents


def test_agents_that_die_leave(monkeypatch: pytest.MonkeyPatch):
    let_agents_leave(monkeypatch)
    env = PettingZooEnv(walking_game(max_steps=3))
    env.reset(seed=0)
    observations, _, terminated, truncated, infos = env.step(nobody_moves(env) | {"agent_2": 6})
    assert terminated == {"agent_0": False, "agent_1": False, "agent_2": True, "agent_3": False}
    assert not any(truncated.values())
    assert (observations["agent_2"] == 255).all()
    assert infos["agent_2"]["statistics"]["action.leave.success"] == 1
    assert env.agents == ["agent_0", "agent_1", "agent_3"]
    observations, *_ = env.step(nobody_moves(env))
    assert observations.keys() == set(env.agents)
    with pytest.raises(ValueError, match="agent_2 is not a living agent"):
        env.step(nobody_moves(env) | {"agent_2": 0})


@pytest.mark.parametrize(
    ("actions", "complaint"),
    [
        ({"agent_0": 0}, "agent_1 has none"),
        ({f"agent_{index}": 0 for index in range(5)}, "agent_4 is not a living agent"),
        ({f"agent_{index}": 7 for index in range(4)}, r"action of agent_0 is 7, needs 0\.\.6"),
        ({f"agent_{index}": 0.5 for index in range(4)}, "action of agent_0 is 0.5, needs one whole number"),
    ],
)
def test_bad_actions_are_refused(actions: dict[str, int], complaint: str):
    env = PettingZooEnv(walking_game())
    env.reset(seed=0)
    with pytest.raises(ValueError, match=complaint):
        env.step(actions)


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**63 - 1])
def test_episodes_after_a_seed_repeat(seed: int):
    def first_observations() -> list[bytes]:
        env = PettingZooEnv(walking_game())
        resets = [env.reset(seed=seed), env.reset(), env.reset()]
        return [observations["agent_3"].tobytes() for observations, _ in resets]

    assert first_observations() == first_observations()
    assert len(set(first_observations())) > 1


def test_a_negative_seed_is_refused_as_gymnasium_does():
    with pytest.raises(gymnasium.error.Error, match="Seed must be"):
        PettingZooEnv(walking_game()).reset(seed=-1)


def test_render_modes():
    env = PettingZooEnv(walking_game(), render_mode="rgb_array")
    env.reset(seed=0)
    picture = env.render()
    assert isinstance(picture, np.ndarray)
    assert picture.dtype == np.uint8
    assert PettingZooEnv(walking_game()).render() is None
    with pytest.raises(ValueError, match="render_mode is 'human'"):
        PettingZooEnv(walking_game(), render_mode="human")
    env.close()
