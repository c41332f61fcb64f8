"""wfc: wave function collapse: every piece of the map is a piece of an example."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.terrain.sample import Sampled

_NEXT = {"entropy": 0, "mrv": 1, "scanline": 2}


class Wfc(Sampled):
    """Wave function collapse: every small piece of the map is a piece of the example."""

    form: Literal["wfc"] = "wfc"
    next_node: Literal["entropy", "mrv", "scanline"] = "entropy"
    """Which cell is decided next: that of least entropy, of fewest remaining pieces, or the next in reading order."""
    attempts: Annotated[int, Field(ge=0, le=10_000_000)] = 100_000
    """Contradictions that are repaired (the cells around them are decided anew) before the map is given up."""

    example: ClassVar[dict[str, Any]] = {"pattern": "rooms"}

    def paint(self, canvas: Canvas) -> None:
        """Open cells of the example leave what is there."""
        values = [0, canvas.values[self.wall]]
        next_node, key = _NEXT[self.next_node], canvas.stream.key()
        if not _core.maps.wave(canvas.grid, self.sample(), next_node, self.attempts, values, key):
            raise ValueError(
                f"no map of {canvas.height} x {canvas.width} cells fits the pattern; use one with more variety"
            )
