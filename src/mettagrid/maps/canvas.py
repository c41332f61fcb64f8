"""Canvas: what a scene draws into, a rectangle of a map's cells with names and random numbers. Area: a part of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mettagrid import _core
from mettagrid.maps.stream import Stream

KINDS = 256
"""Values of a cell below are kinds; multiples of it are grounds."""
AGENT = 1
_INNER = 1 << 16
"""Numbers of streams from here on belong to scenes inside of a scene; below are its children."""


class Drawn(Protocol):
    """What can draw itself: a scene."""

    def draw(self, grid: np.ndarray, stream: Stream, values: Mapping[str, int], num_agents: int) -> None:
        """Draws itself and its children into a view of a map."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle that a scene offers to its children."""

    grid: np.ndarray
    """View of its cells."""
    tags: frozenset[str]
    """By these children find it."""
    row: int
    """Of its upper left cell, in the canvas of the scene that offers it."""
    column: int

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.grid.shape[0]

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.grid.shape[1]


class Canvas:
    """A rectangle of cells to draw into.

    Attributes:
        grid: int32 view [height, width]: kind of each cell's thing + its ground. 0 is empty, 1 an agent's place.
        stream: random numbers.
        values: value of each name, as `GameConfig.map_values` gives it.
        num_agents: agents that the map is for.
        has_children: whether anybody will ask for areas.
        areas: what the scene offers to its children.
    """

    __slots__ = ("areas", "grid", "has_children", "height", "num_agents", "stream", "values", "width")

    def __init__(
        self,
        grid: np.ndarray,
        stream: Stream,
        values: Mapping[str, int],
        num_agents: int,
        has_children: bool = True,
    ) -> None:
        """Makes the canvas of one scene."""
        self.has_children = has_children
        self.grid = grid
        self.height, self.width = grid.shape
        self.stream = stream
        self.values = values
        self.num_agents = num_agents
        self.areas: list[Area] = []

    def offer(self, row: int, column: int, height: int, width: int, *tags: str) -> None:
        """Offers a rectangle to the children; what lies outside of the canvas is cut off."""
        if not self.has_children:
            return
        top, left = max(row, 0), max(column, 0)
        part = self.grid[top : max(row + height, top), left : max(column + width, left)]
        if part.size:
            self.areas.append(Area(part, frozenset(tags), top, left))

    def draw(self, scene: "Drawn", part: np.ndarray, number: int) -> None:
        """Has another scene draw into a part of the grid, with random numbers that belong to `number`."""
        scene.draw(part, self.stream.child(_INNER + number), self.values, self.num_agents)

    def marks(self, names: Iterable[str]) -> np.ndarray:
        """Which kinds are among the names: uint8 [256]."""
        marks = np.zeros(KINDS, np.uint8)
        for name in names:
            if self.values[name] < KINDS:
                marks[self.values[name]] = 1
        return marks

    def fill(
        self, name: str, row: int = 0, column: int = 0, height: int = 1 << 16, width: int = 1 << 16
    ) -> None:
        """Puts a thing (or a ground) on every cell of a rectangle, by default on all; what lies outside is left out."""
        _core.maps.fill(self.grid, row, column, height, width, self.values[name])

    def clear(self, row: int = 0, column: int = 0, height: int = 1 << 16, width: int = 1 << 16) -> None:
        """Takes the things from a rectangle; its ground stays."""
        _core.maps.fill(self.grid, row, column, height, width, 0, False)

    def put(self, name: str, cell: tuple[int, int]) -> None:
        """Puts a thing on a cell, given as row and column, or a ground under it."""
        _core.maps.fill(self.grid, cell[0], cell[1], 1, 1, self.values[name])

    def put_where(self, name: str, mask: np.ndarray) -> None:
        """Puts a thing (or a ground) on all marked cells: bool [height, width]."""
        _core.maps.put_marked(self.grid, mask, self.values[name])

    def empty(self) -> np.ndarray:
        """Cells on which nothing stands: bool [height, width]."""
        return (self.grid & (KINDS - 1)) == 0

    def scatter(self, counts: dict[str, int], keep_ways: bool = False) -> int:
        """Puts things on random empty cells, in this order, while there is room; returns how many did not fit.

        Args:
            counts: how many of each name.
            keep_ways: use only the largest open region, and cut no way in it.
        """
        return _core.maps.scatter(self.grid, counts, self.values, keep_ways, self.stream.key())
