"""plains: open land with small heaps of rock."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Scene, Wall


class Plains(Scene):
    """Open land with small heaps of rock, far from each other."""

    form: Literal["plains"] = "plains"
    rock: Wall = "wall"
    """What the heaps are made of."""
    period: Annotated[int, Field(ge=1, le=256)] = 7
    """Cells from heap to heap."""
    min_radius: Annotated[int, Field(ge=0, le=64)] = 0
    """Smallest radius of a heap."""
    max_radius: Annotated[int, Field(ge=0, le=64)] = 2
    """Largest radius of a heap."""
    fill: Annotated[float, Field(ge=0, le=1)] = 0.7
    """Share of a heap's cells that are rock."""
    place_prob: Annotated[float, Field(ge=0, le=1)] = 0.8
    """Probability that there is a heap."""
    jitter: Annotated[int, Field(ge=0, le=64)] = 2
    """Cells that a heap may be out of line."""

    @model_validator(mode="after")
    def _check(self) -> "Plains":
        if self.min_radius > self.max_radius:
            raise ValueError(f"min_radius {self.min_radius} is above max_radius {self.max_radius}")
        return self

    def paint(self, canvas: Canvas) -> None:
        """Heaps stand in rows and columns, each a little out of line."""
        radius = (self.min_radius, self.max_radius)
        value, key = canvas.values[self.rock], canvas.stream.key()
        _core.maps.plains(
            canvas.grid, self.period, radius, self.jitter, self.fill, self.place_prob, value, key
        )
