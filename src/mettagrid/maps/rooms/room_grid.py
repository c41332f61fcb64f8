"""room_grid: rooms in rows and columns, all as large as each other where the cells divide evenly."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Scene, Wall


class RoomGrid(Scene):
    """Rooms in rows and columns with walls between them.

    Every room is an area tagged `room`, `room_<row>_<column>` and with the tags of `layout`.
    """

    form: Literal["room_grid"] = "room_grid"
    rows: Annotated[int, Field(ge=1, le=64)] = 2
    """Rows of rooms."""
    columns: Annotated[int, Field(ge=1, le=64)] = 2
    """Rooms in a row."""
    layout: list[list[str]] | None = None
    """A tag for each room, row by row; it says the numbers of rows and columns, too."""
    wall: Wall | None = "wall"
    """What the walls between rooms are made of; None leaves them open."""
    wall_width: Annotated[int, Field(ge=0, le=64)] = 1
    """Thickness of the walls between rooms."""
    door: Annotated[int, Field(ge=0, le=64)] = 1
    """Width of the opening between neighbouring rooms, in the middle of their wall; 0 for closed rooms."""

    joins: ClassVar[bool] = True
    draws_alike: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"rows": 3, "columns": 4}

    @model_validator(mode="after")
    def _check_layout(self) -> "RoomGrid":
        if self.layout is not None:
            if not self.layout or not self.layout[0]:
                raise ValueError("layout: needs at least one room")
            for number, row in enumerate(self.layout, start=1):
                if len(row) != len(self.layout[0]):
                    first = len(self.layout[0])
                    raise ValueError(f"layout: row {number} has {len(row)} rooms, the first row has {first}")
        return self

    def paint(self, canvas: Canvas) -> None:
        """Walls first, then rooms and doors are cut out."""
        rows, columns = (
            (self.rows, self.columns) if self.layout is None else (len(self.layout), len(self.layout[0]))
        )
        tops, lefts = self._cuts(canvas.height, rows), self._cuts(canvas.width, columns)
        if self.wall is not None:
            self._build(canvas, tops, lefts)
        for row, (top, height) in enumerate(tops):
            for column, (left, width) in enumerate(lefts):
                tags = ["room", f"room_{row}_{column}"]
                if self.layout is not None:
                    tags.append(self.layout[row][column])
                canvas.offer(top, left, height, width, *tags)

    def _cuts(self, length: int, count: int) -> list[tuple[int, int]]:
        """Begin and length of each room along one side; the first ones take what does not divide evenly."""
        room = length - (count - 1) * self.wall_width
        if room < count:
            raise ValueError(f"{length} cells are too few for {count} rooms with walls of {self.wall_width}")
        each, rest = divmod(room, count)
        lengths = [each + (index < rest) for index in range(count)]
        begins = [sum(lengths[:index]) + index * self.wall_width for index in range(count)]
        return list(zip(begins, lengths, strict=True))

    def _build(self, canvas: Canvas, tops: list[tuple[int, int]], lefts: list[tuple[int, int]]) -> None:
        assert self.wall is not None
        for top, _ in tops[1:]:
            canvas.fill(self.wall, top - self.wall_width, 0, self.wall_width, canvas.width)
        for left, _ in lefts[1:]:
            canvas.fill(self.wall, 0, left - self.wall_width, canvas.height, self.wall_width)
        if self.door == 0:
            return
        for row, (top, height) in enumerate(tops):
            for column, (left, width) in enumerate(lefts):
                high, wide = min(self.door, height), min(self.door, width)
                if column > 0:
                    middle = top + (height - high) // 2
                    canvas.clear(middle, left - self.wall_width, high, self.wall_width)
                if row > 0:
                    middle = left + (width - wide) // 2
                    canvas.clear(top - self.wall_width, middle, self.wall_width, wide)
