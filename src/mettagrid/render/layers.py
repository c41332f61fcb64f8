"""What lies under and between things: ground, traces, bonds, night. Read from a `WorldView`; it draws nothing."""

from dataclasses import dataclass

import numpy as np

from mettagrid.batch import WorldView
from mettagrid.config.game import WORLD, GameConfig
from mettagrid.render.roles import find_roles

# A trace is drawn in full as long as it has this many steps left, and fades after that.
FADING_STEPS = 50
# How dark a night is that does not say how far everybody sees.
DARKEST_NIGHT = 0.6


@dataclass(frozen=True)
class Spot:
    """A cell with a ground other than plain, or with a trace."""

    kind: str
    row: int
    column: int
    strength: float = 1.0  # of a trace: 1 fresh .. 0 gone


class LayerReader:
    """Reads the layers of one game."""

    def __init__(self, game: GameConfig, caps: list[list[int]]) -> None:
        """Args: game: the game. caps: limits of the variables by profile and variable."""
        self._caps = caps
        self._grounds, self._traces = ["plain", *game.grounds], ["", *game.traces]
        self._has_bonds = game.has_bonds
        self._reach = (game.view.height // 2, game.view.width // 2)
        kinds = game.kind_names()
        self._world = kinds.index(WORLD) if WORLD in kinds else -1
        roles = find_roles(game)
        self._sight, self._night = roles.sight, roles.night

    def grounds(self, view: WorldView) -> tuple[Spot, ...]:
        """The cells that are not plain."""
        return tuple(
            Spot(self._grounds[view.ground[row, column]], int(row), int(column))
            for row, column in np.argwhere(view.ground)
        )

    def traces(self, view: WorldView) -> tuple[Spot, ...]:
        """The traces that have not faded."""
        spots = []
        for row, column in np.argwhere(view.traces):
            left = int(view.trace_ends[row, column]) - int(view.tick)
            if left > 0:
                strength = min(1.0, left / FADING_STEPS)
                spots.append(Spot(self._traces[view.traces[row, column]], int(row), int(column), strength))
        return tuple(spots)

    def bonds(self, view: WorldView) -> tuple[tuple[int, int], ...]:
        """Pairs of mates that see each other, the lower number first."""
        if not self._has_bonds:
            return ()
        pairs = ((agent, int(mate) - 1) for agent, mate in enumerate(view.partners))
        return tuple(pair for pair in pairs if pair[0] < pair[1] and self._is_near(view, *pair))

    def night(self, view: WorldView) -> float:
        """How dark it is: 0 by day, towards 1 in the darkest night, by the world's `sight` or else its `night`."""
        things = np.flatnonzero(view.kinds == self._world) if self._world >= 0 else []
        if len(things) == 0:
            return 0.0
        caps, values = self._caps[int(view.profiles[things[0]])], view.variables[things[0]]
        if self._sight >= 0 and caps[self._sight] > 0:
            return 1.0 - int(values[self._sight]) / caps[self._sight]
        if self._night >= 0 and caps[self._night] > 0:
            return DARKEST_NIGHT * int(values[self._night]) / caps[self._night]
        return 0.0

    def _is_near(self, view: WorldView, agent: int, mate: int) -> bool:
        cells = int(view.cells[agent]), int(view.cells[mate])
        if min(cells) < 0:
            return False
        (row, column), (other_row, other_column) = (divmod(cell, view.width) for cell in cells)
        return abs(row - other_row) <= self._reach[0] and abs(column - other_column) <= self._reach[1]
