"""auto: the endless generator: a random layout, random content, random symmetries, then everything is joined."""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.distribution import Uniform
from mettagrid.maps.biomes.caves import Caves
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.compose.choice import Candidate, Choice
from mettagrid.maps.compose.fill import Fill
from mettagrid.maps.compose.make_connected import MakeConnected
from mettagrid.maps.compose.mirror import Mirror
from mettagrid.maps.mazes import MazeDfs, MazeKruskal
from mettagrid.maps.numbers import drawn, whole
from mettagrid.maps.place.random_objects import RandomObjects, Shares
from mettagrid.maps.rooms.bsp_layout import BspLayout
from mettagrid.maps.rooms.room_grid import RoomGrid
from mettagrid.maps.scene import Scene, Wall

Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class LayoutWeights(Config):
    """How likely each layout is."""

    grid: Weight = 1.0
    """Rooms in rows and columns."""
    bsp: Weight = 1.0
    """Parts of different sizes."""


class SymmetryWeights(Config):
    """How likely each symmetry of a room is."""

    none: Weight = 4.0
    """As its content draws it."""
    horizontal: Weight = 1.0
    """Left and right are mirror images."""
    vertical: Weight = 1.0
    """Top and bottom are mirror images."""
    x4: Weight = 1.0
    """Both."""


def _content() -> list[Candidate]:
    wide = MazeDfs(corridor=2)
    return [Candidate(scene=scene) for scene in (MazeKruskal(), wide, Caves(), Fill(what=None))]


class Auto(Scene):
    """A layout, content and symmetries that are all drawn at random; then everything is joined."""

    form: Literal["auto"] = "auto"
    layout: LayoutWeights = Field(default_factory=LayoutWeights)
    """How likely each way to divide the area is."""
    rows: whole(1, 64) = Uniform(low=1, high=4)  # type: ignore[valid-type]
    """Rows of rooms of a grid."""
    columns: whole(1, 64) = Uniform(low=1, high=4)  # type: ignore[valid-type]
    """Rooms in a row of a grid."""
    areas: whole(1, 4096) = Uniform(low=3, high=7)  # type: ignore[valid-type]
    """Parts of a partition."""
    symmetry: SymmetryWeights = Field(default_factory=SymmetryWeights)
    """How likely each symmetry of a room is."""
    content: Annotated[list[Candidate], Field(min_length=1)] = Field(default_factory=_content)
    """What rooms are filled with: each draws one of these."""
    room_objects: Shares = Field(default_factory=dict)
    """Share of each room's open cells that get each thing."""
    objects: Shares = Field(default_factory=dict)
    """Share of all open cells that get each thing, after everything was joined."""
    wall: Wall = "wall"
    """What the walls between rooms are made of; they are dug through where that joins something."""

    joins: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"objects": {"altar": 0.02}}

    def parts(self) -> Any:
        """The scenes of the content, and the children."""
        yield from ((f"content.{index}.scene", one.scene) for index, one in enumerate(self.content))
        yield from super().parts()

    def paint(self, canvas: Canvas) -> None:
        """Layout, content of every room, tunnels, things."""
        is_grid = canvas.stream.unit() * (self.layout.grid + self.layout.bsp) < self.layout.grid
        content = Choice(candidates=self.content)
        inner = self._grid(canvas) if is_grid else BspLayout(areas=self.areas, wall=self.wall)
        before = len(canvas.areas)
        inner.paint(canvas)
        walls = {self.wall} | {name for _, name, is_wall in self.names() if is_wall}
        for number, area in enumerate(canvas.areas[before:]):
            scene = self._mirrored(content, canvas)
            canvas.draw(scene, area.grid, 2 * number)
            if self.room_objects:
                canvas.draw(RandomObjects(shares=self.room_objects), area.grid, 2 * number + 1)
        canvas.draw(MakeConnected(walls=sorted(walls)), canvas.grid, 1 << 20)
        if self.objects:
            canvas.draw(RandomObjects(shares=self.objects), canvas.grid, 1 << 21)

    def _grid(self, canvas: Canvas) -> RoomGrid:
        """Rooms in rows and columns, as many as there is room for."""
        rows = min(int(drawn(self.rows, canvas.stream)), max(1, canvas.height // 4))
        columns = min(int(drawn(self.columns, canvas.stream)), max(1, canvas.width // 4))
        return RoomGrid(rows=rows, columns=columns, wall=self.wall, door=0)

    def _mirrored(self, content: Scene, canvas: Canvas) -> Scene:
        weights = self.symmetry
        limits = np.cumsum([weights.none, weights.horizontal, weights.vertical, weights.x4])
        pick = int(np.searchsorted(limits, canvas.stream.unit() * limits[-1], side="right"))
        if pick == 0:
            return content
        return Mirror(scene=content, symmetry=("horizontal", "vertical", "x4")[pick - 1])
