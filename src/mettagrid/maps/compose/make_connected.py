"""make_connected: joins what is apart, through as few walls as possible."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Scene, Wall


class MakeConnected(Scene):
    """Digs tunnels until every open cell can be reached from every other; on wish it evens out distances."""

    form: Literal["make_connected"] = "make_connected"
    walls: list[Wall] = Field(default_factory=lambda: ["wall"])
    """Kinds that may be dug away."""
    balance_corners: bool = False
    """Dig shortcuts, too, until the ways from the centre to the four corners are about equally long."""
    balance_tolerance: Annotated[float, Field(ge=1, le=100)] = 1.5
    """The longest of these ways may be this many times the shortest."""
    max_shortcuts: Annotated[int, Field(ge=0, le=1000)] = 10
    """The most shortcuts that are dug."""

    joins: ClassVar[bool] = True
    draws_alike: ClassVar[bool] = True
    shown_on: ClassVar[dict[str, Any] | None] = {"form": "caves", "fill": 0.46}

    def paint(self, canvas: Canvas) -> None:
        """Between the regions the tunnels of fewest walls are dug, as a spanning tree.

        Raises:
            ValueError: something that may not be dug away lies between two regions.
        """
        can_dig = canvas.marks(self.walls)
        left = _core.maps.join_regions(canvas.grid, can_dig)
        if left > 1:
            raise ValueError(f"{left} regions cannot be joined by digging {', '.join(self.walls)}")
        if self.balance_corners:
            _core.maps.balance_corners(canvas.grid, self.balance_tolerance, self.max_shortcuts, can_dig)
