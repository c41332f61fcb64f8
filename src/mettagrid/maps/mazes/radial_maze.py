"""radial_maze: straight corridors from the centre, like the spokes of a wheel."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Scene, Wall


class RadialMaze(Scene):
    """Arms of corridors out of the centre.

    Areas: `center`, and the end of each arm, tagged `end` and `end_<arm>`; arm 0 leads east, and they follow clockwise.
    """

    form: Literal["radial_maze"] = "radial_maze"
    wall: Wall = "wall"
    """What the walls are made of."""
    arms: Annotated[int, Field(ge=2, le=12)] = 4
    """How many arms there are."""
    arm_width: Annotated[int, Field(ge=1, le=64)] = 4
    """Width of an arm, in cells."""
    arm_length: Annotated[int, Field(ge=1, le=1024)] | None = None
    """Length of an arm, in cells; None for as far as the area reaches."""
    background: bool = True
    """Fill the area with walls first; else only what others have drawn is cut open."""
    outline: bool = True
    """Without a background: a wall along both sides of every arm."""

    joins: ClassVar[bool] = True
    draws_alike: ClassVar[bool] = True

    def paint(self, canvas: Canvas) -> None:
        """Carves every arm cell by cell, as wide as asked."""
        longest = min(canvas.height, canvas.width) // 2 - 1 - self.arm_width // 2
        length = max(1, longest) if self.arm_length is None else self.arm_length
        value = canvas.values[self.wall]
        places = _core.maps.radial(
            canvas.grid, self.arms, self.arm_width, length, self.background, self.outline, value
        )
        half = self.arm_width // 2
        for index in range(self.arms + 1):
            tags = ["center"] if index == 0 else ["end", f"end_{index - 1}"]
            row, column = places[2 * index], places[2 * index + 1]
            canvas.offer(row - half, column - half, self.arm_width, self.arm_width, *tags)
