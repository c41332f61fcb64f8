"""auto: the endless generator: a random layout, random content, random symmetries, then everything is joined."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.distribution import Uniform
from mettagrid.maps.biomes.caves import Caves
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.compose.choice import Candidate, Choice
from mettagrid.maps.compose.fill import Fill
from mettagrid.maps.compose.make_connected import MakeConnected
from mettagrid.maps.compose.mirror import Symmetry, draw_mirrored
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


_CHOICE = Choice.model_construct(candidates=[])
_PARTS = BspLayout()
_ROOMS = RoomGrid(door=0)
_THINGS = RandomObjects()
_TUNNELS = MakeConnected()
"""What it is made of; each drawing has copies, because to make a scene takes longer than to draw it."""


def _with(scene: Scene, **fields: Any) -> Scene:
    """A copy with other values, which were checked as fields of Auto."""
    return scene.model_copy(update=fields)


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
    may_dig: list[Wall] = Field(default_factory=list)
    """Other kinds that may be dug through."""

    joins: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"objects": {"altar": 0.02}}

    def parts(self) -> Any:
        """The scenes of the content, and the children."""
        yield from ((f"content.{index}.scene", one.scene) for index, one in enumerate(self.content))
        yield from super().parts()

    def paint(self, canvas: Canvas) -> None:
        """Layout, content of every room, tunnels, things."""
        is_grid = canvas.stream.unit() * (self.layout.grid + self.layout.bsp) < self.layout.grid
        inner = self._grid(canvas) if is_grid else _with(_PARTS, areas=self.areas, wall=self.wall)
        content = _with(_CHOICE, candidates=self.content)
        things = _with(_THINGS, shares=self.room_objects)
        rooms = Canvas(canvas.grid, canvas.stream, canvas.values, canvas.num_agents)
        inner.paint(rooms)
        for number, area in enumerate(rooms.areas):
            draw_mirrored(content, canvas, area.grid, self._symmetry(canvas), 2 * number)
            if self.room_objects:
                canvas.draw(things, area.grid, 2 * number + 1)
        _with(_TUNNELS, walls=[self.wall, *self.may_dig]).paint(canvas)
        if self.objects:
            _with(_THINGS, shares=self.objects).paint(canvas)
        canvas.areas = rooms.areas

    def _grid(self, canvas: Canvas) -> Scene:
        """Rooms in rows and columns, as many as there is room for."""
        rows = min(int(drawn(self.rows, canvas.stream)), max(1, canvas.height // 4))
        columns = min(int(drawn(self.columns, canvas.stream)), max(1, canvas.width // 4))
        return _with(_ROOMS, rows=rows, columns=columns, wall=self.wall)

    def _symmetry(self, canvas: Canvas) -> Symmetry:
        weights = self.symmetry
        left = canvas.stream.unit() * (weights.none + weights.horizontal + weights.vertical + weights.x4)
        for name in ("horizontal", "vertical", "x4"):
            left -= getattr(weights, name)
            if left < 0:
                return name
        return "none"
