"""fill: one thing on every cell, or nothing."""

from typing import Any, ClassVar, Literal

from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Scene, Wall


class Fill(Scene):
    """One thing (or ground) on every cell; with nothing it only holds children or clears the area."""

    form: Literal["fill"] = "fill"
    what: Wall | None = None
    """What every cell gets; None to leave the cells as they are."""
    clear: bool = False
    """Take away the things that stand there, first."""

    draws_alike: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"what": "wall"}

    def paint(self, canvas: Canvas) -> None:
        """No random numbers."""
        if self.clear:
            canvas.clear()
        if self.what is not None:
            canvas.fill(self.what)
