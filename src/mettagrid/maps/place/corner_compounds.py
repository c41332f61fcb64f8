"""corner_compounds: a base for each team, in the corners."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid.maps.canvas import Canvas
from mettagrid.maps.place.compound import Compound
from mettagrid.maps.place.hub import Hub
from mettagrid.maps.scene import Scene


class CornerCompounds(Scene):
    """A base for each team in the corners of the area; which corners is random with fewer than four.

    Every base is an area tagged `base` and `base_<number>`.
    """

    form: Literal["corner_compounds"] = "corner_compounds"
    bases: Annotated[int, Field(ge=1, le=4)] = 4
    """How many bases there are."""
    margin: Annotated[int, Field(ge=0, le=64)] = 1
    """Cells between a base and the sides of the area."""
    compound: Compound = Field(default_factory=lambda: Compound(height=11, width=11, clearance=0))
    """What each base is."""

    example: ClassVar[dict[str, Any]] = {
        "bases": 3,
        "compound": {"height": 9, "width": 9, "clearance": 0, "hub": Hub(agents=2).model_dump()},
    }

    def parts(self) -> Any:
        """The base, and the children."""
        yield "compound", self.compound
        yield from super().parts()

    def paint(self, canvas: Canvas) -> None:
        """Bases are laid so that they are mirror images of each other."""
        height, width = self.compound.height + 2 * self.margin, self.compound.width + 2 * self.margin
        if 2 * height > canvas.height or 2 * width > canvas.width:
            size = f"{canvas.height} x {canvas.width} cells"
            raise ValueError(
                f"{size} are too few for bases of {height} x {width} in the corners, margin included"
            )
        ends = [
            (0, 0),
            (0, canvas.width - width),
            (canvas.height - height, 0),
            (canvas.height - height, canvas.width - width),
        ]
        order = range(4) if self.bases == 4 else canvas.stream.order(4)
        for number, corner in enumerate(list(order)[: self.bases]):
            row, column = ends[corner]
            part = canvas.grid[row : row + height, column : column + width]
            part = part[:: 1 if row == 0 else -1, :: 1 if column == 0 else -1]
            inner = part[self.margin : height - self.margin, self.margin : width - self.margin]
            canvas.draw(self.compound, inner, number)
            canvas.offer(row, column, height, width, "base", f"base_{number}")
