"""convchain: a map whose small pieces are about as frequent as in an example."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.terrain.sample import Sampled


class ConvChain(Sampled):
    """A Markov chain of maps whose small pieces become about as frequent as in the example."""

    form: Literal["convchain"] = "convchain"
    iterations: Annotated[int, Field(ge=1, le=1000)] = 8
    """How often each cell is tried, on average."""
    temperature: Annotated[float, Field(gt=0, le=100)] = 1.0
    """How freely pieces are taken that the example has seldom or never."""

    example: ClassVar[dict[str, Any]] = {"pattern": "corridors", "iterations": 20, "temperature": 0.5}

    @model_validator(mode="after")
    def _check_size(self) -> "ConvChain":
        if self.pattern_size > 4:
            raise ValueError("pattern_size: at most 4: each of the 2^(size x size) pieces has a weight")
        return self

    def paint(self, canvas: Canvas) -> None:
        """Random cells are flipped, or not, by the weights of the pieces around them."""
        value, key = canvas.values[self.wall], canvas.stream.key()
        _core.maps.chain(canvas.grid, self.sample(), self.iterations, self.temperature, value, key)
