"""forest: clumps of trees."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.numbers import drawn, share
from mettagrid.maps.scene import Scene, Wall


class Forest(Scene):
    """Clumps of trees that grow around scattered seeds."""

    form: Literal["forest"] = "forest"
    tree: Wall = "tree"
    """What grows."""
    seeds: share() = 0.03  # type: ignore[valid-type]
    """Share of the cells where a tree stands at first."""
    growth: share() = 0.5  # type: ignore[valid-type]
    """Probability that a cell with enough neighbours becomes a tree, in each step."""
    neighbors: Annotated[int, Field(ge=1, le=8)] = 3
    """Trees around a cell (of eight) that are enough; with fewer it grows four times slower, and in proportion."""
    clumpiness: Annotated[int, Field(ge=0, le=64)] = 2
    """Steps of growth."""

    example: ClassVar[dict[str, Any]] = {"clumpiness": 4}

    def paint(self, canvas: Canvas) -> None:
        """All cells of a step grow at once."""
        seeds, growth = drawn(self.seeds, canvas.stream), drawn(self.growth, canvas.stream)
        value, key = canvas.values[self.tree], canvas.stream.key()
        _core.maps.forest(canvas.grid, seeds, growth, self.neighbors, self.clumpiness, value, key)
