"""RLlibEnv: RLlib's own check and runner, the worlds of BatchEnv, masks, ends, births, bad settings."""

import sys
import warnings
from importlib import import_module
from typing import Any

import numpy as np
import pytest
import torch

from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.config.game import GameConfig
from tests.mettagrid.small_games import breeding_game, let_agents_leave, walking_game

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # RLlib warns of itself when it is imported
    from ray.rllib.algorithms.algorithm_config import AlgorithmConfig
    from ray.rllib.core.columns import Columns
    from ray.rllib.core.rl_module.rl_module import RLModuleSpec
    from ray.rllib.core.rl_module.torch import TorchRLModule
    from ray.rllib.env.multi_agent_env_runner import MultiAgentEnvRunner
    from ray.rllib.utils.pre_checks.env import check_multiagent_environments

    from mettagrid.rllib_env import RLlibEnv


@pytest.mark.parametrize("game", [make_arena(num_agents=24), walking_game()])
def test_rllibs_check_finds_nothing(game: GameConfig):
    """It knows no agent that dies in the one step that it looks at, so such games are left to the tests below."""
    check_multiagent_environments(RLlibEnv({"game": game, "num_maps": 2}))


def test_all_agents_see_what_the_batch_shows():
    env, batch = RLlibEnv(walking_game()), BatchEnv(walking_game())
    observations, infos = env.reset(seed=6)
    batch.reset(6)
    names = [f"agent_{index}" for index in range(4)]
    assert env.agents == env.possible_agents == names
    draw = np.random.default_rng(0).integers
    for tick in range(1, 21):
        for row, name in enumerate(names):
            assert observations[name] in env.get_observation_space(name)
            np.testing.assert_array_equal(observations[name]["observations"], batch.observations[row])
            np.testing.assert_array_equal(observations[name]["action_mask"], batch.action_mask[row])
            assert infos[name] == {}
        actions = draw(7, size=4, dtype=np.int32)
        step = env.step(dict(zip(names, actions.tolist(), strict=True)))
        observations, rewards, terminated, truncated, infos = step
        batch.step(actions)
        assert list(rewards.values()) == batch.rewards.tolist()
        assert terminated == dict.fromkeys([*names, "__all__"], False)
        assert truncated == dict.fromkeys([*names, "__all__"], tick == 20)
        if tick == 20:
            assert env.agents == []
            np.testing.assert_array_equal(
                observations["agent_2"]["observations"], batch.final_observations[2]
            )
            assert (
                infos["agent_2"]["statistics"]["meals"]
                == batch.episode_stats[2, batch.spec.stat_names.index("meals")]
            )
            break


def test_the_last_death_ends_the_episode(monkeypatch: pytest.MonkeyPatch):
    let_agents_leave(monkeypatch)
    env = RLlibEnv(walking_game())
    env.reset(seed=0)
    _, _, terminated, truncated, _ = env.step({f"agent_{index}": 6 if index else 0 for index in range(4)})
    assert terminated == {"agent_0": False, "__all__": False} | {f"agent_{i}": True for i in (1, 2, 3)}
    assert not any(truncated.values())
    assert env.agents == ["agent_0"]
    _, _, terminated, truncated, _ = env.step({"agent_0": 6})
    assert terminated["agent_0"]
    assert terminated["__all__"] != truncated["__all__"], (
        "the world is over, or goes on without anybody until its end"
    )


def test_nobody_comes_back_and_everybody_is_told():
    env = RLlibEnv(breeding_game(max_steps=60))
    draw = np.random.default_rng(0)
    verbs = [env.game_spec.action_names.index(name) for name in ("noop", "bear", "leave")]
    gone_names: set[str] = set()
    for episode in range(5):
        observations, _ = env.reset(seed=episode)
        gone: set[str] = set()
        is_over = False
        while not is_over:
            waiting = set(env.agents)
            choices = draw.choice(verbs, p=[0.1, 0.6, 0.3], size=len(env.agents)).tolist()
            step = env.step(dict(zip(env.agents, choices, strict=True)))
            observations, rewards, terminated, truncated, infos = step
            assert waiting | set(env.agents) == observations.keys() == infos.keys() == rewards.keys()
            assert not gone & observations.keys()
            ended = {name for name in observations if terminated[name] or truncated[name]}
            assert not ended & set(env.agents)
            assert all("statistics" in infos[name] for name in ended)
            gone |= ended
            is_over = terminated["__all__"] or truncated["__all__"]
            assert is_over == (not env.agents)
        gone_names |= gone
    assert {"agent_0", "agent_0.1"} <= gone_names, "slots were used again"


class PossibleActions(TorchRLModule):
    """Draws from what the mask allows, as a user's module would with its logits."""

    def setup(self) -> None:
        """Nothing is learned."""

    def _forward(self, batch: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {Columns.ACTIONS: torch.multinomial(batch[Columns.OBS]["action_mask"], 1).squeeze(-1)}


class ChanceConfig(AlgorithmConfig):
    """An algorithm that only plays."""

    def get_default_rl_module_spec(self) -> RLModuleSpec:
        return RLModuleSpec(module_class=PossibleActions)


@pytest.mark.filterwarnings("ignore")  # RLlib's own
def test_rllibs_runner_plays_it():
    """RLlib builds the world from its env_config, keeps episodes of agents that die and are born, and shows masks."""
    config = (
        ChanceConfig()
        .environment(RLlibEnv, env_config={"game": walking_game(), "num_maps": 2})
        .multi_agent(policies={"all"}, policy_mapping_fn=lambda agent, episode, **_: "all")
        .env_runners(num_env_runners=0, num_envs_per_env_runner=1)
    )
    runner = MultiAgentEnvRunner(config=config)
    episodes = runner.sample(num_episodes=3)
    runner.stop()
    assert [len(episode) for episode in episodes] == [20, 20, 20]
    for single in (agent for episode in episodes for agent in episode.agent_episodes.values()):
        masks = single.get_observations(slice(0, 20))["action_mask"]
        assert (masks[np.arange(20), single.get_actions()] == 1.0).all()


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({}, r"env_config: needs a game, such as \{'game': make_arena"),
        ({"game": "arena"}, "env_config: needs a game"),
        ({"gaem": 1}, "there is no setting 'gaem'; did you mean game"),
    ],
)
def test_bad_settings_are_one_line(config: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=message):
        RLlibEnv(config)


def test_bad_actions_are_refused():
    env = RLlibEnv(walking_game())
    env.reset(seed=0)
    with pytest.raises(ValueError, match="agent_1 has none"):
        env.step({"agent_0": 0})


def test_without_rllib_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "ray.rllib.env.multi_agent_env", None)
    monkeypatch.delitem(sys.modules, "mettagrid.rllib_env")
    with pytest.raises(ImportError) as caught:
        import_module("mettagrid.rllib_env")
    assert str(caught.value) == "RLlibEnv needs RLlib: pip install 'metta[rllib]'"
