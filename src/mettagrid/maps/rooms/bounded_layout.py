"""bounded_layout: one area in the middle that is never larger than asked."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Scene


class BoundedLayout(Scene):
    """Offers one area in the middle, as large as it may be and as there is room for."""

    form: Literal["bounded_layout"] = "bounded_layout"
    max_height: Annotated[int, Field(ge=1, le=1024)] = 20
    """The most rows."""
    max_width: Annotated[int, Field(ge=1, le=1024)] = 20
    """The most columns."""
    tag: str = "inner"
    """By this children find it."""

    draws_alike: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {
        "max_height": 11,
        "max_width": 15,
        "children": [{"scene": {"form": "fill", "what": "wall"}, "where": ["inner"]}],
    }

    def paint(self, canvas: Canvas) -> None:
        """Draws nothing itself."""
        height, width = min(self.max_height, canvas.height), min(self.max_width, canvas.width)
        canvas.offer((canvas.height - height) // 2, (canvas.width - width) // 2, height, width, self.tag)
