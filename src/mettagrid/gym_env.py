"""GymEnv: a game as a Gymnasium environment of one of its agents.

For reach, not for speed: training uses `BatchEnv`, or `GymVectorEnv` where a library wants Gymnasium.
"""

from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from mettagrid import env_view
from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.config.game import GameConfig

Others = Callable[[NDArray[np.uint8], NDArray[np.bool_]], NDArray[np.int32]]
"""Decides for others: observations [A, num_tokens, 3], action_mask [A, num_actions] -> actions [A]."""


class GymEnv(gymnasium.Env[NDArray[np.uint8], np.int64]):
    """One agent of one world.

    Observation: uint8 [num_tokens, 3], tokens (where, feature, value); 255 where unused.
    Action: an id of `game_spec.action_names`; 0 is `noop`. An action that the mask forbids does nothing.
    Reward: what the rules pay the agent in the step.
    terminated: the agent died. truncated: the game's `max_steps` are over.
    info: `action_mask` int8 [num_actions]; when the episode ends also `statistics`, a dict of int by name.

    `reset(seed=s)` starts the world that `BatchEnv.reset(s)` starts; `reset()` goes on to another one.

    Example:
        >>> env = gymnasium.make("metta/arena-v0")
        >>> observation, info = env.reset(seed=0)
        >>> action = env.action_space.sample(info["action_mask"])
        >>> observation, reward, terminated, truncated, info = env.step(action)
    """

    metadata: dict[str, Any] = env_view.RENDER_METADATA

    def __init__(
        self,
        game: GameConfig,
        agent: int = 0,
        others: Others | None = None,
        render_mode: str | None = None,
        num_maps: int = 64,
        map_seed: int = 0,
    ) -> None:
        """Build the world.

        Args:
            game: rules, people and map.
            agent: which agent this environment is, 0..num_agents-1.
            others: decides for all other agents; its answer for `agent` is ignored. None: they do nothing.
            render_mode: None, "rgb_array" or "ansi".
            num_maps: maps of which every episode takes one.
            map_seed: seed of the maps.

        Raises:
            ValueError: the game cannot be, or has no such agent, or there is no such render mode.
        """
        self._batch = BatchEnv(game, num_maps=num_maps, map_seed=map_seed)
        self.game_spec = self._batch.spec
        if not 0 <= agent < self._batch.num_agents:
            raise ValueError(f"agent is {agent}, the game has agents 0..{self._batch.num_agents - 1}")
        self.agent = agent
        self.others = others
        self.observation_space = env_view.observation_space(self.game_spec)
        self.action_space = env_view.action_space(self.game_spec)
        self.render_mode = render_mode
        self._camera = None if render_mode is None else env_view.Camera(self._batch, render_mode)
        self._is_over = True

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.uint8], dict[str, Any]]:
        """Start an episode; there are no options."""
        super().reset(seed=seed)
        self._batch.reset(int(self.np_random.integers(2**63)) if seed is None else seed)
        self._is_over = False
        return self._batch.observations[self.agent].copy(), self._info()

    def step(self, action: np.int64 | int) -> tuple[NDArray[np.uint8], float, bool, bool, dict[str, Any]]:
        """One action.

        Raises:
            ValueError: the action does not exist, or the episode is over.
        """
        if self._is_over:
            raise ValueError("the episode is over: call reset() before step()")
        batch, agent = self._batch, self.agent
        number = env_view.checked_action(action, self.game_spec, "the agent")
        batch.actions[:] = 0 if self.others is None else self.others(batch.observations, batch.action_mask)
        batch.actions[agent] = number
        batch.step()
        terminated, truncated = bool(batch.terminated[agent]), bool(batch.truncated[agent])
        self._is_over = terminated or truncated
        info = self._last_info() if self._is_over else self._info()
        observation = env_view.last_observations(batch)[agent].copy()
        return observation, float(batch.rewards[agent]), terminated, truncated, info

    def render(self) -> NDArray[np.uint8] | str | None:  # type: ignore[override]
        """The world in the chosen render mode: uint8 [height, width, 3], text, or None without a mode."""
        return None if self._camera is None else self._camera.draw()

    def _info(self) -> dict[str, Any]:
        return {"action_mask": env_view.masks(self._batch)[self.agent].copy()}

    def _last_info(self) -> dict[str, Any]:
        statistics = env_view.last_statistics(self._batch, self.agent)
        return {"action_mask": env_view.last_mask(self.game_spec), "statistics": statistics}


def make_arena_env(num_agents: int = 1, combat: bool = True, **settings: Any) -> GymEnv:
    """`gymnasium.make("metta/arena-v0")`: one agent of the arena; `settings` are those of `GymEnv`."""
    return GymEnv(make_arena(num_agents=num_agents, combat=combat), **settings)
