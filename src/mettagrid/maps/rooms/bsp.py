"""bsp: a dungeon of rooms and corridors by binary space partition."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.numbers import drawn, whole
from mettagrid.maps.scene import Scene, Wall


class Bsp(Scene):
    """Rooms of different sizes in a binary space partition, joined by corridors.

    Every room is an area tagged `room` and `room_<number>`.
    """

    form: Literal["bsp"] = "bsp"
    wall: Wall = "wall"
    """What lies between the rooms."""
    rooms: whole(1, 4096) = 8  # type: ignore[valid-type]
    """How many rooms; fewer where the area is too small."""
    min_room_size: Annotated[int, Field(ge=1, le=256)] = 3
    """Smallest height and width of a room."""
    min_room_ratio: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Smallest height and width of a room, as a share of its part of the area."""
    max_room_ratio: Annotated[float, Field(gt=0, le=1)] = 0.9
    """Largest height and width of a room, as a share of its part of the area."""
    corridor: Annotated[int, Field(ge=0, le=16)] = 1
    """Width of corridors; 0 for none."""

    joins: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"rooms": 9}

    @model_validator(mode="after")
    def _check(self) -> "Bsp":
        if self.min_room_ratio > self.max_room_ratio:
            raise ValueError(
                f"min_room_ratio {self.min_room_ratio} is above max_room_ratio {self.max_room_ratio}"
            )
        if self.corridor > self.min_room_size:
            raise ValueError(
                f"corridor {self.corridor} is wider than the smallest room, {self.min_room_size}"
            )
        return self

    def paint(self, canvas: Canvas) -> None:
        """The largest part is split first, across its longer side; corridors join the two sides of every split."""
        if min(canvas.height, canvas.width) < self.min_room_size:
            size = f"{canvas.height} x {canvas.width} cells"
            raise ValueError(f"{size} are too few for a room of {self.min_room_size} x {self.min_room_size}")
        rooms = _core.maps.rooms(
            canvas.grid,
            int(drawn(self.rooms, canvas.stream)),
            self.min_room_size,
            self.corridor,
            self.min_room_ratio,
            self.max_room_ratio,
            canvas.values[self.wall],
            canvas.stream.key(),
        )
        for number, (row, column, height, width) in enumerate(rooms):
            canvas.offer(row, column, height, width, "room", f"room_{number}")
