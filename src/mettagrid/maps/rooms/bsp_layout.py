"""bsp_layout: only the areas of a binary space partition, for children to draw into."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.numbers import drawn, whole
from mettagrid.maps.scene import Scene, Wall


class BspLayout(Scene):
    """Divides its area into parts of different sizes.

    Every part is an area tagged `zone` and `zone_<number>`.
    """

    form: Literal["bsp_layout"] = "bsp_layout"
    areas: whole(1, 4096) = 6  # type: ignore[valid-type]
    """How many parts; fewer where the area is too small."""
    min_size: Annotated[int, Field(ge=1, le=256)] = 3
    """Smallest height and width of a part."""
    wall: Wall | None = None
    """What stands between parts, along their lower and right sides; None for nothing."""

    example: ClassVar[dict[str, Any]] = {"wall": "wall", "areas": 8}

    def paint(self, canvas: Canvas) -> None:
        """Splits the largest part, across its longer side, somewhere in the middle third, until there are enough."""
        margin = 1 if self.wall else 0
        count = int(drawn(self.areas, canvas.stream))
        parts = _core.maps.partition(
            canvas.height, canvas.width, count, self.min_size + margin, canvas.stream.key()
        )
        if self.wall is None and not canvas.has_children:
            return
        for number, (row, column, height, width) in enumerate(parts):
            down = margin if row + height < canvas.height else 0
            right = margin if column + width < canvas.width else 0
            if self.wall:
                canvas.fill(self.wall, row + height - down, column, down, width)
                canvas.fill(self.wall, row, column + width - right, height, right)
            canvas.offer(row, column, height - down, width - right, "zone", f"zone_{number}")
