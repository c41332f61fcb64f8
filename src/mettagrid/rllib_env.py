"""RLlibEnv: one world of a game as an RLlib MultiAgentEnv. For reach, not for speed. Needs metta[rllib]."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from mettagrid import env_view
from mettagrid.config.game import GameConfig
from mettagrid.config.nearest import did_you_mean
from mettagrid.pettingzoo_env import PettingZooEnv

try:
    from ray.rllib.env.multi_agent_env import MultiAgentEnv
except ModuleNotFoundError:
    raise ImportError("RLlibEnv needs RLlib: pip install 'metta[rllib]'") from None

ByAgent = dict[Any, Any]

_SETTINGS = ("game", "render_mode", "num_maps", "map_seed")


class RLlibEnv(MultiAgentEnv):
    """All agents of one world, `agent_0`, `agent_1`, ...; `agents` are those that are alive.

    Observation: `observations` uint8 [num_tokens, 3] and `action_mask` float32 [num_actions], together, since RLlib's
    modules see no infos; its examples of masked actions use the same names.
    Actions, rewards, ends, seeds: as in `PettingZooEnv`. infos: at an agent's end `statistics`, a dict of int by name.

    RLlib lets nobody come back in an episode. So whoever is born into the slot of `agent_3` after its death is
    `agent_3.1`, the next one `agent_3.2`.

    Example:
        >>> config = PPOConfig().environment(RLlibEnv, env_config={"game": make_arena(num_agents=4)})
    """

    metadata: dict[str, Any] = env_view.RENDER_METADATA

    def __init__(self, config: GameConfig | Mapping[str, Any]) -> None:
        """Build the world.

        Args:
            config: a game; or, as RLlib's `env_config`, a mapping with `game` and perhaps `render_mode`, `num_maps`
                and `map_seed`, see `PettingZooEnv`.

        Raises:
            ValueError: there is no game, or it cannot be, or a setting does not exist.
        """
        super().__init__()
        self._env = PettingZooEnv(**_settings(config))
        self.game_spec = self._env.game_spec
        self.render_mode = self._env.render_mode
        self.possible_agents = list(self._env.possible_agents)
        self.agents = []
        self._observation_space = spaces.Dict(
            {
                "observations": env_view.observation_space(self.game_spec),
                "action_mask": spaces.Box(0.0, 1.0, (len(self.game_spec.action_names),), np.float32),
            }
        )
        self._action_space = env_view.action_space(self.game_spec)
        self.observation_spaces = dict.fromkeys(self.possible_agents, self._observation_space)
        self.action_spaces = dict.fromkeys(self.possible_agents, self._action_space)
        self._lives: dict[Any, int] = {}

    def get_observation_space(self, agent_id: Any) -> spaces.Space[Any]:
        """The observations of any agent, also of one that is yet to be born."""
        return self._observation_space

    def get_action_space(self, agent_id: Any) -> spaces.Space[Any]:
        """The actions of any agent, also of one that is yet to be born."""
        return self._action_space

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ByAgent, ByAgent]:
        """Start an episode; there are no options."""
        observations, infos = self._env.reset(seed, options)
        self._lives = dict.fromkeys(self.possible_agents, 0)
        self.agents = list(self._env.agents)
        return self._told(observations, infos, {name: name for name in observations})

    def step(self, action_dict: Mapping[Any, int]) -> tuple[ByAgent, ByAgent, ByAgent, ByAgent, ByAgent]:
        """One action of every living agent. Who is born in the step is in what is returned, with a reward of 0.

        Raises:
            ValueError: a living agent has no action, one that is dead has one, an action does not exist,
                or the episode is over.
        """
        slots = {self._name(slot): slot for slot in self._env.agents}
        actions: ByAgent = {slots.get(name, name): action for name, action in action_dict.items()}
        observations, rewards, terminated, truncated, infos = self._env.step(actions)
        told = {self._name(slot): slot for slot in observations}
        ended = {name for name, slot in told.items() if terminated[slot] or truncated[slot]}
        for name in ended.intersection(slots):
            self._lives[told[name]] += 1
        self.agents = [self._name(slot) for slot in self._env.agents]
        told |= {
            self._name(slot): slot for slot in self._env.agents
        }  # who took a slot that was freed just now
        seen, rest = self._told(observations, infos, told)
        over = not self._env.agents
        cut = over and any(truncated.values())
        return (
            seen,
            {name: rewards[slot] if name in slots else 0.0 for name, slot in told.items()},
            {name: name in ended and terminated[slot] for name, slot in told.items()}
            | {"__all__": over and not cut},
            {name: name in ended and truncated[slot] for name, slot in told.items()} | {"__all__": cut},
            rest,
        )

    def render(self) -> NDArray[np.uint8] | str | None:  # type: ignore[override]
        """The world in the chosen render mode: uint8 [height, width, 3], text, or None without a mode."""
        return self._env.render()

    def _name(self, slot: str) -> str:
        """What the one who is in a slot is called."""
        lives = self._lives[slot]
        return f"{slot}.{lives}" if lives else slot

    @staticmethod
    def _told(observations: ByAgent, infos: ByAgent, slots: Mapping[Any, str]) -> tuple[ByAgent, ByAgent]:
        """Put masks beside observations, and keep the rest as infos; by name."""
        seen = {
            name: {
                "observations": observations[slot],
                "action_mask": infos[slot]["action_mask"].astype(np.float32),
            }
            for name, slot in slots.items()
        }
        rest = {
            name: {key: value for key, value in infos[slot].items() if key != "action_mask"}
            for name, slot in slots.items()
        }
        return seen, rest


def _settings(config: GameConfig | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(config, GameConfig):
        return {"game": config}
    for name in config:
        if name not in _SETTINGS:
            raise ValueError(
                f"env_config: there is no setting {name!r}; {did_you_mean(str(name), _SETTINGS)}"
            )
    if not isinstance(config.get("game"), GameConfig):
        raise ValueError("env_config: needs a game, such as {'game': make_arena(num_agents=4)}")
    return dict(config)
