"""room_grid: rooms in rows and columns, all as large as each other where the cells divide evenly."""

from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Scene, Wall

Cuts = tuple[tuple[int, int], ...]
"""Begin and length of each room along one side."""


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
        """Walls with doors; what stands in rooms stays."""
        rows, columns = (
            (self.rows, self.columns) if self.layout is None else (len(self.layout), len(self.layout[0]))
        )
        tops, lefts = (
            _cuts(canvas.height, rows, self.wall_width),
            _cuts(canvas.width, columns, self.wall_width),
        )
        if self.wall is not None:
            canvas.put_where(self.wall, _walls(tops, lefts, self.wall_width, self.door))
        if canvas.has_children:
            self._offer(canvas, tops, lefts)

    def _offer(self, canvas: Canvas, tops: Cuts, lefts: Cuts) -> None:
        for row, (top, height) in enumerate(tops):
            for column, (left, width) in enumerate(lefts):
                tags = ["room", f"room_{row}_{column}"]
                if self.layout is not None:
                    tags.append(self.layout[row][column])
                canvas.offer(top, left, height, width, *tags)


@lru_cache(maxsize=256)
def _cuts(length: int, count: int, wall: int) -> Cuts:
    """Begin and length of each room along one side; the first ones take what does not divide evenly."""
    room = length - (count - 1) * wall
    if room < count:
        raise ValueError(f"{length} cells are too few for {count} rooms with walls of {wall}")
    each, rest = divmod(room, count)
    lengths = [each + (index < rest) for index in range(count)]
    begins = [sum(lengths[:index]) + index * wall for index in range(count)]
    return tuple(zip(begins, lengths, strict=True))


@lru_cache(maxsize=64)
def _walls(tops: Cuts, lefts: Cuts, wall: int, door: int) -> np.ndarray:
    """Where walls are: bool [height, width]."""
    walls = np.ones([sum(cuts[-1]) for cuts in (tops, lefts)], bool)
    for row, (top, height) in enumerate(tops):
        for column, (left, width) in enumerate(lefts):
            high, wide = min(door, height), min(door, width)
            walls[top : top + height, left : left + width] = False
            if column > 0:
                middle = top + (height - high) // 2
                walls[middle : middle + high, left - wall : left] = False
            if row > 0:
                middle = left + (width - wide) // 2
                walls[top - wall : top, middle : middle + wide] = False
    walls.setflags(write=False)
    return walls
