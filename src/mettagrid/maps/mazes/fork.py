"""fork: a way that forks, and a cue at its beginning that tells which arm has something."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from mettagrid.maps.canvas import Canvas
from mettagrid.maps.numbers import drawn, whole
from mettagrid.maps.scene import Kind, Scene, Wall
from mettagrid.maps.transform import TRANSFORMS, Transform, laid

_SAME_SHAPE: tuple[Transform, ...] = ("identity", "rot180", "flip_h", "flip_v")


class Fork(Scene):
    """A way that forks into two arms; a cue beside its beginning stands on the side of the arm that has the prize."""

    form: Literal["fork"] = "fork"
    wall: Wall = "wall"
    """What everything else is filled with."""
    cue: Kind = "landmark"
    """What stands beside the beginning."""
    prize: Kind = "altar"
    """What stands at the end of one arm."""
    passed: list[Kind] = Field(default_factory=list)
    """What stands in niches along the way, in this order."""
    stem: whole(4, 200) = 12  # type: ignore[valid-type]
    """Cells from the beginning to the fork."""
    arm: whole(1, 100) = 4  # type: ignore[valid-type]
    """Cells from the fork to each side."""
    rise: whole(1, 100) = 5  # type: ignore[valid-type]
    """Cells that both arms then go on in the direction of the stem."""
    agent: bool = True
    """Whether an agent starts at the beginning."""
    turned: bool = True
    """Whether it points in a random direction; else up."""

    joins: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"passed": ["mine", "generator"]}

    def paint(self, canvas: Canvas) -> None:
        """It lies in the middle of the area; a random side has the prize."""
        stem, arm, rise = (int(drawn(n, canvas.stream)) for n in (self.stem, self.arm, self.rise))
        ways = TRANSFORMS if canvas.height == canvas.width else _SAME_SHAPE
        way = ways[canvas.stream.below(len(ways))] if self.turned else "identity"
        side = 1 if canvas.stream.below(2) else -1
        height, width = stem + rise + 3, 2 * arm + 3
        canvas.fill(self.wall)
        grid = laid(canvas.grid, way)
        top, left = (grid.shape[0] - height) // 2, (grid.shape[1] - width) // 2
        if top < 0 or left < 0:
            size = f"{canvas.height} x {canvas.width}"
            raise ValueError(f"a fork of {height} x {width} cells does not fit into {size} cells")
        part = Canvas(grid[top : top + height, left : left + width], canvas.stream, canvas.values, 0)
        self._carve(part, side, rise, arm)

    def _carve(self, part: Canvas, side: int, rise: int, arm: int) -> None:
        """Draws into a canvas in which the stem leads up."""
        start, middle = part.height - 2, part.width // 2
        room = start - rise - 4
        if room <= len(self.passed):
            raise ValueError(f"a stem of {room + 3} cells is too short for {len(self.passed)} niches")
        part.clear(rise + 1, middle, start - rise, 1)
        part.clear(rise + 1, 1, 1, part.width - 2)
        for column in (1, part.width - 2):
            part.clear(1, column, rise, 1)
        part.put(self.prize, (1, middle + side * arm))
        part.put(self.cue, (start - 1, middle + side))
        if self.agent:
            part.put("agent", (start, middle))
        for index, kind in enumerate(self.passed, start=1):
            row = start - 1 - room * index // (len(self.passed) + 1)
            part.put(kind, (row, middle + (1 if part.stream.below(2) else -1)))
