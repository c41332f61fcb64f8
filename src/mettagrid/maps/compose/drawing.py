"""drawing: a drawing of characters, stamped onto the area."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from mettagrid.maps.ascii import DEFAULT_LEGEND, AsciiMap
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Kind, Scene, Wall


class Drawing(Scene):
    """Stamps a drawing of characters onto its area; `.` leaves a cell as it is."""

    form: Literal["drawing"] = "drawing"
    text: str = "@"
    """The drawing: each line is a row, each character a cell, all rows equally long."""
    legend: dict[str, Kind] = Field(default_factory=dict)
    """Kind (or ground) of each character, added to `.` and space = as it is, `@` = agent, `#` = wall."""
    walls: list[Wall] = Field(default_factory=lambda: ["wall"])
    """Kinds in the drawing that are only in the way: agents need not reach them."""
    row: Annotated[int, Field(ge=0, le=1024)] | None = None
    """First row; None to lie in the middle."""
    column: Annotated[int, Field(ge=0, le=1024)] | None = None
    """First column; None to lie in the middle."""

    draws_alike: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {
        "text": "##.##\n#...#\n..a..\n#.@.#\n##.##",
        "legend": {"a": "altar"},
    }

    @model_validator(mode="after")
    def _check_drawing(self) -> "Drawing":
        self._map()
        meaning = DEFAULT_LEGEND | self.legend
        for row, line in enumerate(self._map().rows(), start=1):
            for column, character in enumerate(line, start=1):
                if character not in meaning:
                    known = " ".join(sorted(set(meaning) - {" "}))
                    where = f"text: row {row}, column {column}: {character!r}"
                    raise ValueError(f"{where} is not in the legend, which has {known}")
        return self

    def _map(self) -> AsciiMap:
        return AsciiMap(text=self.text, legend=self.legend)

    def paint(self, canvas: Canvas) -> None:
        """The drawing must lie inside of the area."""
        rows = self._map().rows()
        top = (canvas.height - len(rows)) // 2 if self.row is None else self.row
        left = (canvas.width - len(rows[0])) // 2 if self.column is None else self.column
        if min(top, left) < 0 or top + len(rows) > canvas.height or left + len(rows[0]) > canvas.width:
            size = f"{len(rows)} x {len(rows[0])} cells at row {top}, column {left}"
            raise ValueError(f"a drawing of {size} does not lie inside of {canvas.height} x {canvas.width}")
        meaning = DEFAULT_LEGEND | self.legend
        for row, line in enumerate(rows):
            for column, character in enumerate(line):
                if meaning[character] != "empty":
                    canvas.put(meaning[character], (top + row, left + column))
        canvas.offer(top, left, len(rows), len(rows[0]), "drawing")
