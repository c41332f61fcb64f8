"""perimeter: things along the sides, an agent in the middle, obstacles that leave all of them in reach."""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import AGENT, KINDS, Canvas
from mettagrid.maps.scene import Counts, Scene, Wall

_OBSTACLES = {"none": 0.0, "sparse": 0.04, "balanced": 0.1, "dense": 0.2}
"""Share of the cells inside that obstacles take at most."""
_SHAPES = (
    ((0, 0), (0, 1), (1, 0), (1, 1)),
    ((0, 1), (1, 0), (1, 1), (1, 2), (2, 1)),
    ((0, 0), (1, 0), (2, 0), (2, 1)),
)
"""A square, a cross and an L."""
_TRIES = 8
"""Places that are tried for each obstacle that fits."""


class Perimeter(Scene):
    """Things along the four sides, an agent in the middle, and obstacles that leave all of them in reach."""

    form: Literal["perimeter"] = "perimeter"
    objects: Counts = Field(default_factory=dict)
    """How many of each kind stand along the sides, not in the corners."""
    agents: Annotated[int, Field(ge=0, le=9)] = 1
    """Agents in the middle."""
    density: Literal["none", "sparse", "balanced", "dense"] = "none"
    """How many squares, crosses and Ls stand inside."""
    wall: Wall = "wall"
    """What obstacles are made of."""

    joins: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {
        "objects": {"altar": 2, "mine": 3, "charger": 2},
        "density": "balanced",
    }

    def paint(self, canvas: Canvas) -> None:
        """Things first; an obstacle that would cut something off is not put there."""
        height, width = canvas.height, canvas.width
        places = [(row, column) for column in range(1, width - 1) for row in (0, height - 1)]
        # Beside a corner things stand on one side only: else nobody could walk into the corner.
        places += [(row, column) for row in range(2, height - 2) for column in (0, width - 1)]
        things = [name for name, count in self.objects.items() for _ in range(count)]
        if min(height, width) < 5 or len(things) > len(places):
            raise ValueError(
                f"{len(things)} things do not fit along the sides of {height} x {width} cells, at least 5 x 5"
            )
        order = canvas.stream.order(len(places))
        for name, index in zip(things, order, strict=False):
            canvas.put(name, places[index])
        middle = [(height // 2 + down, width // 2 + right) for down in (0, -1, 1) for right in (0, -1, 1)]
        for cell in middle[: self.agents]:
            canvas.put("agent", cell)
        self._obstacles(canvas)

    def _obstacles(self, canvas: Canvas) -> None:
        grid, stream = canvas.grid, canvas.stream
        left = int(_OBSTACLES[self.density] * (canvas.height - 2) * (canvas.width - 2))
        # Everything must be reached, also what others have put here before.
        reached = np.ones(KINDS, np.uint8)
        reached[: AGENT + 1] = 0
        reached[canvas.values[self.wall] % KINDS] = 0
        is_whole = self._is_whole(canvas, reached)
        smallest = min(map(len, _SHAPES))
        for _ in range(_TRIES * left):
            if left < smallest:
                break
            shape = _SHAPES[stream.below(len(_SHAPES))]
            row, column = stream.between(1, canvas.height - 4), stream.between(1, canvas.width - 4)
            cells = [(row + down, column + right) for down, right in shape]
            if len(cells) > left or any(grid[cell] % KINDS for cell in cells):
                continue
            for cell in cells:
                canvas.put(self.wall, cell)
            around = grid[row - 1 : row + 4, column - 1 : column + 4]
            if (is_whole and _cuts_nothing(around, reached)) or self._is_whole(canvas, reached):
                left -= len(cells)
                continue
            for cell in cells:
                grid[cell] &= ~(KINDS - 1)

    @staticmethod
    def _is_whole(canvas: Canvas, reached: np.ndarray) -> bool:
        """Tells whether everything that must be reached can be, from one region of open cells."""
        is_joined = bool(_core.maps.regions(canvas.grid).max() == 0)
        return is_joined and _core.maps.all_reached(canvas.grid, reached)


def _cuts_nothing(around: np.ndarray, reached: np.ndarray) -> bool:
    """Tells without a walk over the map whether a whole one stays so after an obstacle was put in its middle.

    If the open cells around an obstacle are joined there, who went across it now goes around it.

    Args:
        around: cells [5, 5]; the obstacle is within the inner 3 x 3.
        reached: whether things of each kind must be reached [KINDS].
    """
    window = np.ascontiguousarray(around)
    return not reached[window % KINDS].any() and bool(_core.maps.regions(window).max() == 0)
