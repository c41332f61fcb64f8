"""left_and_right: rooms whose stations stand left and right of the start, more of them on one side."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Kind, Scene, Wall


class LeftAndRight(Scene):
    """Rooms with stations at both ends, more of them on one side; which is the rich side differs from room to room.

    Every room is an area tagged `room` and `left` or `right`, after its rich side.
    """

    form: Literal["left_and_right"] = "left_and_right"
    rows: Annotated[int, Field(ge=1, le=64)] = 2
    """Rows of rooms."""
    columns: Annotated[int, Field(ge=1, le=64)] = 2
    """Rooms in a row."""
    station: Kind = "altar"
    """What stands left and right."""
    total: Annotated[int, Field(ge=1, le=64)] = 8
    """Stations in a room."""
    ratio: Annotated[float, Field(ge=0, le=1)] = 0.25
    """Share of the stations that stand on the poor side."""
    agents: Annotated[int, Field(ge=0, le=64)] = 0
    """Agents that start in the middle of each room."""
    wall: Wall = "wall"
    """What the walls between the rooms are made of."""

    example: ClassVar[dict[str, Any]] = {"agents": 1}

    def paint(self, canvas: Canvas) -> None:
        """A coin decides each room's rich side."""
        poor = round(self.total * self.ratio)
        height, width = (canvas.height + 1) // self.rows - 1, (canvas.width + 1) // self.columns - 1
        if height < 3 or width < 7 or self.total - poor > 2 * height:
            size = f"rooms of {height} x {width} cells"
            raise ValueError(f"{size} are too small for {self.total} stations: 3 x 7 are needed, or more")
        for row in range(self.rows):
            for column in range(self.columns):
                self._room(canvas, row * (height + 1), column * (width + 1), height, width, poor)
        for row in range(1, self.rows):
            canvas.fill(self.wall, row * (height + 1) - 1, 0, 1, canvas.width)
        for column in range(1, self.columns):
            canvas.fill(self.wall, 0, column * (width + 1) - 1, canvas.height, 1)

    def _room(self, canvas: Canvas, top: int, left: int, height: int, width: int, poor: int) -> None:
        is_left = canvas.stream.below(2) == 0
        stream = canvas.stream
        for side, count in enumerate((self.total - poor, poor) if is_left else (poor, self.total - poor)):
            chosen = stream.order(height)[:count] + list(range(height, height + max(0, count - height)))
            for index in chosen:
                # Every second column from the wall on: each station can be reached.
                row, step = index % height, index // height * 2
                canvas.put(self.station, (top + row, left + (step if side == 0 else width - 1 - step)))
        middle = canvas.grid[top : top + height, left + width // 2 : left + width // 2 + 1]
        for agent in range(min(self.agents, height)):
            middle[(height // 2 + agent) % height, 0] = canvas.values["agent"]
        canvas.offer(top, left, height, width, "room", "left" if is_left else "right")
