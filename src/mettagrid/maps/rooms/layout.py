"""layout: areas where the author wants them."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Scene


class LayoutArea(Config):
    """A rectangle of a layout."""

    height: Annotated[int, Field(ge=1, le=1024)]
    """Number of rows."""
    width: Annotated[int, Field(ge=1, le=1024)]
    """Number of columns."""
    tag: str
    """By this children find it."""
    row: Annotated[int, Field(ge=0, le=1024)] | None = None
    """First row; None to lie in the middle."""
    column: Annotated[int, Field(ge=0, le=1024)] | None = None
    """First column; None to lie in the middle."""


class Layout(Scene):
    """Offers areas at chosen places, and draws nothing itself."""

    form: Literal["layout"] = "layout"
    areas: list[LayoutArea] = Field(default_factory=list)
    """The areas, each with the tag by which children find it."""

    draws_alike: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {
        "areas": [
            {"height": 9, "width": 9, "tag": "middle"},
            {"height": 5, "width": 12, "tag": "corner", "row": 1, "column": 1},
        ],
        "children": [
            {"scene": {"form": "fill", "what": "wall"}, "where": ["middle"]},
            {"scene": {"form": "fill", "what": "tree"}, "where": ["corner"]},
        ],
    }

    def paint(self, canvas: Canvas) -> None:
        """Checks that every area lies inside."""
        for index, area in enumerate(self.areas):
            row = (canvas.height - area.height) // 2 if area.row is None else area.row
            column = (canvas.width - area.width) // 2 if area.column is None else area.column
            if (
                min(row, column) < 0
                or row + area.height > canvas.height
                or column + area.width > canvas.width
            ):
                size = f"{area.height} x {area.width} cells do not lie inside of {canvas.height} x {canvas.width}"
                raise ValueError(f"areas.{index}: {size}")
            canvas.offer(row, column, area.height, area.width, area.tag)
