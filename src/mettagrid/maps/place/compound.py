"""compound: a walled base with gates, and a hub inside."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid.maps.canvas import Canvas
from mettagrid.maps.place.hub import Hub
from mettagrid.maps.scene import Scene, Wall


class Compound(Scene):
    """A walled base in the middle of the area: a hub inside, a gate in each of its four sides.

    The space inside the wall is an area tagged `inside`, the whole base one tagged `compound`.
    """

    form: Literal["compound"] = "compound"
    height: Annotated[int, Field(ge=7, le=256)] = 21
    """Rows of the base, wall included; fewer in a small area."""
    width: Annotated[int, Field(ge=7, le=256)] = 21
    """Columns of the base, wall included; fewer in a small area."""
    wall: Wall | None = "wall"
    """What surrounds it; None for an open base."""
    gate: Annotated[int, Field(ge=0, le=64)] = 3
    """Width of the gates in the middle of each side; 0 for a closed base."""
    clearance: Annotated[int, Field(ge=0, le=64)] = 3
    """Cells around the wall from which things are taken away."""
    hub: Hub = Field(default_factory=Hub)
    """What stands inside."""

    draws_alike: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {
        "height": 17,
        "width": 17,
        "hub": {"corners": ["mine", "charger", "chest", "forge"], "agents": 4},
    }

    def parts(self) -> Any:
        """The hub, and the children."""
        yield "hub", self.hub
        yield from super().parts()

    def paint(self, canvas: Canvas) -> None:
        """Clears the ground, builds the wall, opens the gates, draws the hub."""
        height, width = min(self.height, canvas.height), min(self.width, canvas.width)
        top, left = (canvas.height - height) // 2, (canvas.width - width) // 2
        far = self.clearance
        canvas.clear(top - far, left - far, height + 2 * far, width + 2 * far)
        if self.wall is not None:
            canvas.fill(self.wall, top, left, height, width)
            canvas.clear(top + 1, left + 1, height - 2, width - 2)
            middle_row, middle_column = top + (height - self.gate) // 2, left + (width - self.gate) // 2
            canvas.clear(top, middle_column, height, self.gate)
            canvas.clear(middle_row, left, self.gate, width)
        inside = canvas.grid[top + 1 : top + height - 1, left + 1 : left + width - 1]
        canvas.draw(self.hub, inside, 0)
        canvas.offer(top, left, height, width, "compound")
        canvas.offer(top + 1, left + 1, height - 2, width - 2, "inside")
