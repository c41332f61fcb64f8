"""What the three mazes share: a lattice of rooms, joined so that there is one way between any two."""

from typing import Annotated, ClassVar

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.numbers import drawn, whole
from mettagrid.maps.scene import Scene, Wall


class Maze(Scene):
    """Fields and drawing of a maze; which walls are opened is the choice of its algorithm."""

    wall: Wall = "wall"
    """What the walls are made of."""
    corridor: whole(1, 64) = 1  # type: ignore[valid-type]
    """Width of corridors, in cells."""
    wall_width: whole(1, 64) = 1  # type: ignore[valid-type]
    """Thickness of walls, in cells."""
    branching: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the remaining walls between neighbouring corridors that are opened, too: loops instead of dead ends."""

    joins: ClassVar[bool] = True
    algorithm: ClassVar[int]
    """The algorithm's number in the core."""

    def paint(self, canvas: Canvas) -> None:
        """The whole area becomes wall; then the maze is carved from the upper left corner on."""
        corridor, wall = int(drawn(self.corridor, canvas.stream)), int(drawn(self.wall_width, canvas.stream))
        value = canvas.values[self.wall]
        key = canvas.stream.key()
        if not _core.maps.maze(canvas.grid, self.algorithm, corridor, wall, self.branching, value, key):
            raise ValueError(
                f"{canvas.height} x {canvas.width} cells are too few for corridors of {corridor}"
            )
        pitch = corridor + wall
        rows, columns = (canvas.height + wall) // pitch, (canvas.width + wall) // pitch
        ends = {"start": (0, 0), "end": ((rows - 1) * pitch, (columns - 1) * pitch)}
        for tag, (row, column) in ends.items():
            canvas.offer(row, column, corridor, corridor, tag)
