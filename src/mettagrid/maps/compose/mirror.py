"""mirror: half or a quarter of the area is drawn, the rest is its mirror image."""

from typing import Any, ClassVar, Literal

import numpy as np

from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import AnyScene, Scene

Symmetry = Literal["none", "horizontal", "vertical", "x4"]
"""What are mirror images of each other: nothing, left and right, top and bottom, or both."""


class Mirror(Scene):
    """Draws half or a quarter of its area and mirrors it: what is there is there twice or four times."""

    form: Literal["mirror"] = "mirror"
    scene: AnyScene
    """What is drawn."""
    symmetry: Literal["horizontal", "vertical", "x4"] = "horizontal"
    """Left and right are mirror images, top and bottom are, or both."""

    example: ClassVar[dict[str, Any]] = {
        "scene": {"form": "caves", "fill": 0.42},
        "symmetry": "x4",
    }

    def parts(self) -> Any:
        """What is mirrored, and the children."""
        yield "scene", self.scene
        yield from super().parts()

    def paint(self, canvas: Canvas) -> None:
        """Odd sizes have a middle row or column that is its own image."""
        draw_mirrored(self.scene, canvas, canvas.grid, self.symmetry, 0)


def draw_mirrored(scene: Scene, canvas: Canvas, grid: np.ndarray, symmetry: Symmetry, number: int) -> None:
    """Draws a scene into a part of a canvas's grid, with the random numbers of `number`, and mirrors it."""
    is_twin_row, is_twin_column = symmetry in ("vertical", "x4"), symmetry in ("horizontal", "x4")
    height, width = grid.shape
    top = (height + 1) // 2 if is_twin_row else height
    left = (width + 1) // 2 if is_twin_column else width
    canvas.draw(scene, grid[:top, :left], number)
    if is_twin_column:
        grid[:top, width - left :] = grid[:top, :left][:, ::-1]
    if is_twin_row:
        grid[height - top :] = grid[:top][::-1]
