"""mirror: half or a quarter of the area is drawn, the rest is its mirror image."""

from typing import Any, ClassVar, Literal

from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import AnyScene, Scene


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
        is_twin_row, is_twin_column = self.symmetry != "horizontal", self.symmetry != "vertical"
        height = (canvas.height + 1) // 2 if is_twin_row else canvas.height
        width = (canvas.width + 1) // 2 if is_twin_column else canvas.width
        grid = canvas.grid
        canvas.draw(self.scene, grid[:height, :width], 0)
        if is_twin_column:
            grid[:height, canvas.width - width :] = grid[:height, :width][:, ::-1]
        if is_twin_row:
            grid[canvas.height - height :] = grid[:height][::-1]
