"""city: blocks of houses between roads."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Scene, Wall


class City(Scene):
    """Blocks of houses of different sizes in a lattice of roads."""

    form: Literal["city"] = "city"
    house: Wall = "wall"
    """What the blocks are made of."""
    pitch: Annotated[int, Field(ge=2, le=256)] = 10
    """Cells from block to block."""
    road_width: Annotated[int, Field(ge=1, le=256)] = 3
    """Cells of it that are road."""
    place_prob: Annotated[float, Field(ge=0, le=1)] = 0.9
    """Probability that a block is built."""
    min_block_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Smallest height and width of a block, as a share of the largest."""
    jitter: Annotated[int, Field(ge=0, le=16)] = 1
    """Cells that a block may be out of line."""

    example: ClassVar[dict[str, Any]] = {"pitch": 8, "road_width": 2}

    @model_validator(mode="after")
    def _check(self) -> "City":
        if self.road_width >= self.pitch:
            raise ValueError(f"road_width {self.road_width} leaves no room for blocks: pitch is {self.pitch}")
        return self

    def paint(self, canvas: Canvas) -> None:
        """Blocks that do not fit into the area as a whole are left out."""
        _core.maps.city(
            canvas.grid,
            self.pitch,
            self.road_width,
            self.jitter,
            self.place_prob,
            self.min_block_share,
            canvas.values[self.house],
            canvas.stream.key(),
        )
