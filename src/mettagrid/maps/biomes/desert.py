"""desert: parallel ridges of dunes."""

from typing import Annotated, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.numbers import drawn, share
from mettagrid.maps.scene import Scene, Wall


class Desert(Scene):
    """Ridges of dunes, one beside the other."""

    form: Literal["desert"] = "desert"
    dune: Wall = "wall"
    """What the ridges are made of."""
    period: Annotated[float, Field(ge=1, le=512)] = 8.0
    """Cells from ridge to ridge."""
    ridge_width: Annotated[float, Field(gt=0, le=512)] = 1.0
    """Thickness of a ridge, in cells."""
    angle: share(-3.15, 3.15) = 0.7853981633974483  # type: ignore[valid-type]
    """Direction across the ridges, in radians from east to south."""
    noise: Annotated[float, Field(ge=0, le=1)] = 0.1
    """How far single cells are out of line, as a share of the period."""

    def paint(self, canvas: Canvas) -> None:
        """Where the first ridge lies is random, too."""
        angle, key = drawn(self.angle, canvas.stream), canvas.stream.key()
        value = canvas.values[self.dune]
        _core.maps.desert(canvas.grid, self.period, self.ridge_width, angle, self.noise, value, key)
