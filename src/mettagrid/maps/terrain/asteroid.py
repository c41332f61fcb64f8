"""asteroid: a ragged rim, as if the map were a lump of rock."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Scene, Wall

Cells = Annotated[int, Field(ge=1, le=256)]


class Asteroid(Scene):
    """A ragged rim: chunks of rock reach inwards from all four sides."""

    form: Literal["asteroid"] = "asteroid"
    wall: Wall = "wall"
    """What the rim is made of."""
    step: Cells = 3
    """Cells along a side from chunk to chunk."""
    min_depth: Cells = 2
    """The least that a chunk reaches inwards."""
    max_depth: Cells = 8
    """The most that a chunk reaches inwards."""
    min_width: Cells = 2
    """The least that a chunk is wide."""
    max_width: Cells = 6
    """The most that a chunk is wide."""
    chunk_prob: Annotated[float, Field(ge=0, le=1)] = 0.6
    """Probability that there is a chunk."""

    example: ClassVar[dict[str, Any]] = {"max_depth": 6}

    @model_validator(mode="after")
    def _check(self) -> "Asteroid":
        for low, high in (("min_depth", "max_depth"), ("min_width", "max_width")):
            if getattr(self, low) > getattr(self, high):
                raise ValueError(f"{low} {getattr(self, low)} is above {high} {getattr(self, high)}")
        return self

    def paint(self, canvas: Canvas) -> None:
        """Side after side; chunks may overlap."""
        depth, width = (self.min_depth, self.max_depth), (self.min_width, self.max_width)
        value, key = canvas.values[self.wall], canvas.stream.key()
        _core.maps.asteroid(canvas.grid, self.step, depth, width, self.chunk_prob, value, key)
