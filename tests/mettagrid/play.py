"""Games on drawn maps, played by the names of their actions and looked at by the names of their features."""

from typing import Any

import numpy as np

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.arena import ArenaNumbers, make_arena
from mettagrid.maps import AsciiMap

GLOBAL, UNUSED = 254, 255
LEGEND = {"r": "generator_red", "b": "generator_blue", "c": "charger", "a": "altar", "X": "border"}
"""Characters of the arena's things, besides `#` = wall and `@` = agent."""


def arena_on(text: str, numbers: dict[str, Any] | None = None, **settings: Any) -> GameConfig:
    """The arena's rules on a drawn map; agent i starts at the i-th `@` in reading order, looking north.

    Energy does not come back by itself unless `numbers` say so. `starts` are first values, agent by agent.
    """
    starts, shows = settings.pop("starts", {}), settings.pop("game", {})
    chosen = ArenaNumbers(**({"regeneration_period": 250} | (numbers or {})))
    game = make_arena(num_agents=text.count("@"), numbers=chosen, **settings)
    drawing = AsciiMap(text=text, legend=LEGEND)
    return game.override_all({"map": drawing, "shuffle_spawns": False, "starts": starts, **shows})


class Play:
    """One world of a game."""

    def __init__(self, game: GameConfig, seed: int = 0) -> None:
        self.env = BatchEnv(game, num_maps=1)
        self.env.reset(seed)
        self.spec = self.env.spec

    def do(self, *names: str, times: int = 1) -> "Play":
        """A step in which agent i does the i-th action; those without an action do nothing."""
        ids = [self.spec.action_names.index(name) for name in names]
        for _ in range(times):
            self.env.actions[:] = 0
            self.env.actions[: len(ids)] = ids
            self.env.step()
        return self

    def has(self, variable: str, agent: int = 0) -> int:
        return int(self.env.world(0).variables[agent, self.spec.variable_names.index(variable)])

    def at(self, row: int, column: int) -> int:
        """Number of the object at a cell of the map; -1 if it is empty."""
        world = self.env.world(0)
        there = np.flatnonzero(world.cells == row * world.width + column)
        assert len(there) <= 1, f"{len(there)} objects stand at row {row}, column {column}"
        return int(there[0]) if len(there) else -1

    def kind_at(self, row: int, column: int) -> str:
        number = self.at(row, column)
        return "empty" if number < 0 else self.spec.kind_names[self.env.world(0).kinds[number]]

    def place(self, agent: int = 0) -> tuple[int, int]:
        """Row and column."""
        world = self.env.world(0)
        return divmod(int(world.cells[agent]), world.width)

    def can(self, action: str, agent: int = 0) -> bool:
        return bool(self.env.action_mask[agent, self.spec.action_names.index(action)])

    def reward(self, agent: int = 0) -> float:
        return float(self.env.rewards[agent])

    def count(self, statistic: str, agent: int = 0) -> int:
        return int(self.env.world(0).stats[agent, self.spec.stat_names.index(statistic)])

    def sees(self, agent: int = 0) -> dict[tuple[int, int], dict[str, int]]:
        """What an agent sees: features of each cell, by (rows down, columns right) from where it stands."""
        middle_row, middle_column = self.spec.view_height // 2, self.spec.view_width // 2
        seen: dict[tuple[int, int], dict[str, int]] = {}
        for where, feature, value in self.env.observations[agent].tolist():
            if where in (GLOBAL, UNUSED):
                continue
            cell = (where >> 4) - middle_row, (where & 15) - middle_column
            seen.setdefault(cell, {})[self.spec.feature_names[feature]] = value
        return seen

    def told(self, agent: int = 0) -> dict[str, int]:
        """What an agent is told about itself and the episode."""
        tokens = self.env.observations[agent].tolist()
        return {self.spec.feature_names[f]: value for where, f, value in tokens if where == GLOBAL}
