"""PettingZooEnv: one world of a game as a PettingZoo ParallelEnv. For reach, not for speed."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.utils import seeding
from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from mettagrid import env_view
from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig

Observations = dict[str, NDArray[np.uint8]]
Infos = dict[str, dict[str, Any]]


class PettingZooEnv(ParallelEnv[str, NDArray[np.uint8], Any]):
    """All agents of one world, `agent_0`, `agent_1`, ...; `agents` are those that are alive.

    Observations, actions and rewards are those of `GymEnv`. An agent that dies gets `terminated`, one whose
    episode is over gets `truncated`; both leave `agents`.
    infos: `action_mask` int8 [num_actions]; at an agent's end also `statistics`, a dict of int by name.

    `reset(seed=s)` starts the world that `BatchEnv.reset(s)` starts; `reset()` goes on to another one.
    """

    metadata: dict[str, Any] = env_view.RENDER_METADATA | {"name": "metta", "is_parallelizable": True}

    def __init__(
        self, game: GameConfig, render_mode: str | None = None, num_maps: int = 64, map_seed: int = 0
    ) -> None:
        """Build the world.

        Args:
            game: rules, people and map.
            render_mode: None, "rgb_array" or "ansi".
            num_maps: maps of which every episode takes one.
            map_seed: seed of the maps.

        Raises:
            ValueError: the game cannot be, or there is no such render mode.
        """
        self._batch = BatchEnv(game, num_maps=num_maps, map_seed=map_seed)
        self.game_spec = self._batch.spec
        self.metadata = {**type(self).metadata, "name": f"metta/{self.game_spec.name}"}
        self.possible_agents = [f"agent_{index}" for index in range(self._batch.num_agents)]
        self.agents: list[str] = []
        names = self.possible_agents
        self.observation_spaces = {name: env_view.observation_space(self.game_spec) for name in names}
        self.action_spaces = {name: env_view.action_space(self.game_spec) for name in names}
        self.render_mode = render_mode
        self._camera = None if render_mode is None else env_view.Camera(self._batch, render_mode)
        self._rows = {name: index for index, name in enumerate(self.possible_agents)}
        self._random: np.random.Generator | None = None

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """The agent's observations, always the same object."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """The agent's actions, always the same object."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observations, Infos]:
        """Start an episode; there are no options."""
        if seed is not None or self._random is None:
            self._random, _ = seeding.np_random(seed)
        self._batch.reset(int(self._random.integers(2**63)) if seed is None else seed)
        self.agents = self._living()
        observations = {name: self._batch.observations[self._rows[name]].copy() for name in self.agents}
        return observations, {name: self._info(name) for name in self.agents}

    def _living(self) -> list[str]:
        return [name for name, row in self._rows.items() if self._batch.alive[row]]

    def step(
        self, actions: Mapping[str, int]
    ) -> tuple[Observations, dict[str, float], dict[str, bool], dict[str, bool], Infos]:
        """One action of every living agent. Who is born in the step is in what is returned, with a reward of 0.

        Args:
            actions: an action id for each of `agents`.

        Raises:
            ValueError: a living agent has no action, one that is dead has one, an action does not exist,
                or the episode is over.
        """
        self._take(actions)
        batch = self._batch
        batch.step()
        before = self.agents
        self.agents = [] if batch.episode_ended[0] else self._living()
        told = {name: self._rows[name] for name in dict.fromkeys([*before, *self.agents])}
        observations = env_view.last_observations(batch)
        going_on = set(self.agents)
        return (
            {name: observations[row].copy() for name, row in told.items()},
            {name: float(batch.rewards[row]) for name, row in told.items()},
            {name: bool(batch.terminated[row]) for name, row in told.items()},
            {name: bool(batch.truncated[row]) for name, row in told.items()},
            {name: self._info(name) if name in going_on else self._last_info(name) for name in told},
        )

    def render(self) -> NDArray[np.uint8] | str | None:  # type: ignore[override]
        """The world in the chosen render mode: uint8 [height, width, 3], text, or None without a mode."""
        return None if self._camera is None else self._camera.draw()

    def close(self) -> None:
        """Nothing is open."""

    def _take(self, actions: Mapping[str, int]) -> None:
        if not self.agents:
            raise ValueError("no agent is alive: call reset() before step()")
        if actions.keys() != set(self.agents):
            missing = [name for name in self.agents if name not in actions]
            unknown = [name for name in actions if name not in self.agents]
            problem = f"{missing[0]} has none" if missing else f"{unknown[0]} is not a living agent"
            raise ValueError(f"actions must be those of the living agents: {problem}")
        self._batch.actions[:] = 0
        for name, action in actions.items():
            self._batch.actions[self._rows[name]] = env_view.checked_action(action, self.game_spec, name)

    def _info(self, name: str) -> dict[str, Any]:
        return {"action_mask": env_view.masks(self._batch)[self._rows[name]].copy()}

    def _last_info(self, name: str) -> dict[str, Any]:
        statistics = env_view.last_statistics(self._batch, self._rows[name])
        return {"action_mask": env_view.last_mask(self.game_spec), "statistics": statistics}
