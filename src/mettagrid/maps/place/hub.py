"""hub: the middle of a settlement: one building, others around it, and places for agents."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid.maps.canvas import KINDS, Canvas
from mettagrid.maps.scene import Kind, Scene

_CORNERS = ((-1, -1), (-1, 1), (1, -1), (1, 1))
_CROSS = ((-1, 0), (0, 1), (1, 0), (0, -1))


class Hub(Scene):
    """The middle of a settlement: a building with others around it, and agents beside it."""

    form: Literal["hub"] = "hub"
    center: Kind | None = "altar"
    """What stands in the middle."""
    corners: list[Kind] = Field(default_factory=list)
    """What stands at the upper left, upper right, lower left and lower right corner."""
    corner_distance: Annotated[int, Field(ge=1, le=256)] = 5
    """How far the corners are from the middle, along rows and along columns."""
    cross: list[Kind] = Field(default_factory=list)
    """What stands to the north, east, south and west."""
    cross_distance: Annotated[int, Field(ge=1, le=256)] = 4
    """How far these are from the middle."""
    agents: Annotated[int, Field(ge=0, le=64)] = 0
    """Agents that start in rings around the middle."""
    shuffle: bool = False
    """Whether agents start at random cells of these rings."""
    clear: bool = True
    """Take away what stands up to the corners first."""

    draws_alike: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"corners": ["mine", "charger", "chest", "forge"], "agents": 4}

    def is_fixed(self) -> bool:
        """Agents in random cells are random."""
        return not self.shuffle and super().is_fixed()

    def paint(self, canvas: Canvas) -> None:
        """Everything lies symmetrically around the middle cell."""
        row, column = canvas.height // 2, canvas.width // 2
        far = max(
            [self.corner_distance] * bool(self.corners) + [self.cross_distance] * bool(self.cross) + [2]
        )
        if min(row, column) < far or row + far >= canvas.height or column + far >= canvas.width:
            raise ValueError(f"{canvas.height} x {canvas.width} cells are too few for distances of {far}")
        if self.clear:
            canvas.clear(row - far, column - far, 2 * far + 1, 2 * far + 1)
        if self.center is not None:
            canvas.put(self.center, (row, column))
        for things, places, distance in (
            (self.corners, _CORNERS, self.corner_distance),
            (self.cross, _CROSS, self.cross_distance),
        ):
            for name, (down, right) in zip(things, places, strict=False):
                canvas.put(name, (row + down * distance, column + right * distance))
        self._start_agents(canvas, row, column)

    def _start_agents(self, canvas: Canvas, row: int, column: int) -> None:
        if self.agents == 0:
            return
        free: list[tuple[int, int]] = []
        for radius in range(2, 7):
            if len(free) < self.agents:
                ring = [(row + down, column + right) for down, right in _ring(radius)]
                free += [(r, c) for r, c in ring if self._is_free(canvas, r, c)]
        if len(free) < self.agents:
            raise ValueError(f"only {len(free)} of {self.agents} agents find a place around the middle")
        count = len(free)
        order = (
            canvas.stream.order(count)
            if self.shuffle
            else [i * count // self.agents for i in range(self.agents)]
        )
        for index in order[: self.agents]:
            canvas.put("agent", free[index])

    @staticmethod
    def _is_free(canvas: Canvas, row: int, column: int) -> bool:
        is_inside = 0 <= row < canvas.height and 0 <= column < canvas.width
        return is_inside and canvas.grid[row, column] % KINDS == 0


def _ring(radius: int) -> list[tuple[int, int]]:
    """The cells at that distance, clockwise from the upper left."""
    side = range(-radius, radius)
    top, right = [(-radius, step) for step in side], [(step, radius) for step in side]
    return top + right + [(-row, -column) for row, column in top] + [(-row, -column) for row, column in right]
