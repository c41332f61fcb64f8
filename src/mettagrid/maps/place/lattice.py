"""lattice: things in rows and columns."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Counts, Scene


class Lattice(Scene):
    """Puts things in rows and columns, evenly over the area."""

    form: Literal["lattice"] = "lattice"
    objects: Counts = Field(default_factory=dict)
    """How many of each kind, row by row in this order."""
    rows: Annotated[int, Field(ge=1, le=256)] = 3
    """Rows of things."""
    columns: Annotated[int, Field(ge=1, le=256)] = 3
    """Things in a row."""
    margin: Annotated[int, Field(ge=0, le=256)] = 0
    """Cells along the sides that stay free."""
    jitter: Annotated[int, Field(ge=0, le=64)] = 0
    """Cells that a thing may be out of line."""

    example: ClassVar[dict[str, Any]] = {
        "objects": {"altar": 6, "mine": 6},
        "rows": 3,
        "columns": 4,
        "jitter": 1,
    }

    def is_fixed(self) -> bool:
        """Without jitter nothing is random."""
        return self.jitter == 0 and not self.children

    def paint(self, canvas: Canvas) -> None:
        """Each thing stands in the middle of its field, or near it.

        Raises:
            ValueError: there are more things than fields, or the margin leaves nothing.
        """
        if 2 * self.margin >= min(canvas.height, canvas.width):
            raise ValueError(
                f"a margin of {self.margin} leaves nothing of {canvas.height} x {canvas.width} cells"
            )
        left = _core.maps.on_lattice(
            canvas.grid,
            self.objects,
            canvas.values,
            self.rows,
            self.columns,
            self.margin,
            self.jitter,
            canvas.stream.key(),
        )
        if left:
            wanted, fields = sum(self.objects.values()), f"a lattice of {self.rows} x {self.columns}"
            raise ValueError(f"only {wanted - left} of {wanted} things found an empty cell on {fields}")
