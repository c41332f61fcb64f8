"""random_objects: a share of the empty cells gets each thing."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.numbers import drawn, share
from mettagrid.maps.scene import Kind, Scene

Shares = dict[Kind, share()]  # type: ignore[misc]
"""Share of the empty cells (or a distribution of it) for each kind."""


class RandomObjects(Scene):
    """Puts things on a share of the empty cells, so that larger areas get more."""

    form: Literal["random_objects"] = "random_objects"
    shares: Shares = Field(default_factory=dict)
    """Share of the cells that were empty before (or a distribution of it), for each kind or ground."""
    keep_ways: bool = True
    """Use only the largest open region, and put nothing where it would cut a way or hide another thing."""

    example: ClassVar[dict[str, Any]] = {"shares": {"tree": 0.1, "altar": 0.01}}

    shown_on: ClassVar[dict[str, Any] | None] = {"form": "caves"}

    def paint(self, canvas: Canvas) -> None:
        """Numbers are rounded; what finds no place that keeps ways open is left out."""
        empty = _core.maps.count_empty(canvas.grid)
        counts = {name: round(drawn(part, canvas.stream) * empty) for name, part in self.shares.items()}
        canvas.scatter(counts, self.keep_ways)
