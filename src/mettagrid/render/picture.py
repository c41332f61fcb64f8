"""Pictures of a world: floor, walls, things, flashes, a status line and a legend, as an RGB array.

No window, no GPU. A `WorldPainter` is made once per game and paints as many ticks as wanted.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mettagrid.batch import WorldView
from mettagrid.config.game import GameConfig
from mettagrid.render import palette
from mettagrid.render.events import Event, EventReader
from mettagrid.render.pen import Pen, heart_outline, star_outline
from mettagrid.render.scene import Scene, SceneReader, Thing
from mettagrid.render.sprites import cracks, sprite, wall

MIN_CELL_SIZE, MAX_CELL_SIZE = 8, 128
MAX_PIXELS = 64_000_000  # a picture of 8000 x 8000 is a mistake
_STRIP_SHARE = 1.1  # height of the status line and of a legend row, in cells
# North, east, south, west, then NE, SE, SW, NW: the bits that `sprites.wall` reads.
_AROUND = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))
_CORNER_SIDES = ((0, 1), (1, 2), (2, 3), (3, 0))  # a corner is filled only between two joined sides
_WALLS = ("wall", "border")
_LEGEND_WORDS = {
    "gem": "generator",
    "bolt": "charger: diamonds to energy",
    "heart": "altar: energy to hearts",
}


class WorldPainter:
    """Paints worlds of one game."""

    def __init__(
        self, game: GameConfig, cell_size: int = 36, legend: bool = True, status: bool = True
    ) -> None:
        """Prepares to paint.

        Args:
            game: the game that the worlds were built from.
            cell_size: pixels of a cell, 8..128; 32 to 48 read best.
            legend: whether the bottom explains the things on the map.
            status: whether the top tells tick and hearts.

        Raises:
            ValueError: the cell size is out of range or the picture would be too large.
        """
        if not MIN_CELL_SIZE <= cell_size <= MAX_CELL_SIZE:
            raise ValueError(f"cell_size: {cell_size} is not between {MIN_CELL_SIZE} and {MAX_CELL_SIZE}")
        self.reader = SceneReader(game)
        self.cell_size = cell_size
        self.max_steps = self.reader.spec.max_steps
        self._events = EventReader(self.reader.spec.action_names, self.reader.actions)
        self._font = _font(max(9, round(cell_size * 0.5)))
        self._strip = max(16, round(cell_size * _STRIP_SHARE))
        self._has_legend, self._has_status = legend, status
        self._ground: tuple[bytes, Image.Image] | None = None
        self._legend: Image.Image | None = None
        self._last_scene: Scene | None = None
        self._seen: list[Event] = []
        width, height = self.reader.width * cell_size, self.reader.height * cell_size
        if width * height > MAX_PIXELS:
            raise ValueError(f"a picture of {width} x {height} pixels is too large: use a smaller cell_size")

    def watch(self, view: WorldView) -> Scene:
        """Looks at a tick without painting it: what happens there flashes in the next picture."""
        scene = self.reader.read(view)
        if self._last_scene is not None:
            self._seen += self._events.read(self._last_scene, scene)
        self._last_scene = scene
        return scene

    def paint(self, view: WorldView, note: str = "") -> np.ndarray:
        """A picture of `view`; blows, gifts and hearts flash if every tick since the last one was watched.

        Args:
            view: the world to paint.
            note: a word for the status line, for example the policy's name.

        Returns:
            uint8 [height, width, 3]; both sides even, as video formats want them.
        """
        scene = self.watch(view)
        events, self._seen = self._seen, []
        return self.paint_scene(scene, events, note)

    def paint_scene(self, scene: Scene, events: Sequence[Event] = (), note: str = "") -> np.ndarray:
        """A picture of a scene; see `paint`."""
        board = self._paint_board(scene, events)
        parts = [self._paint_status(scene, board.width, note)] if self._has_status else []
        parts.append(board)
        if self._has_legend:
            parts.append(self._paint_legend(scene, board.width))
        return _stack(parts)

    def _paint_board(self, scene: Scene, events: Sequence[Event]) -> Image.Image:
        board = self._paint_ground(scene).copy()
        size = self.cell_size
        for thing in sorted(scene.things, key=lambda thing: thing.agent >= 0):
            place = (thing.column * size, thing.row * size)
            if thing.look not in _WALLS:
                _put(board, sprite(thing, size), place)
            elif thing.health < 1:
                _put(board, cracks(round(thing.health, 1), size), place)
        for event in events:
            _paint_event(board, event, size)
        return board

    def _paint_ground(self, scene: Scene) -> Image.Image:
        """Floor and walls; kept as long as the walls stay."""
        walls = np.zeros((scene.height, scene.width), dtype=np.uint8)  # 0 none, 1 breaks, 2 does not
        for thing in scene.things:
            if thing.look in _WALLS:
                walls[thing.row, thing.column] = 1 + _WALLS.index(thing.look)
        key = walls.tobytes()
        if self._ground is None or self._ground[0] != key:
            ground = _paint_walls(_paint_floor(scene, self.cell_size), walls, self.cell_size)
            self._ground = (key, ground)
        return self._ground[1]

    def _paint_status(self, scene: Scene, width: int, note: str) -> Image.Image:
        strip = Image.new("RGB", (width, self._strip), palette.INK)
        draw = ImageDraw.Draw(strip)
        middle, gap = self._strip / 2, self._strip // 4
        draw.text((gap, middle), f"tick {scene.tick} / {self.max_steps}", palette.PAPER, self._font, "lm")
        if scene.hearts is not None:
            text = f"{scene.hearts}  ({scene.hearts / max(1, scene.num_agents):.2f} per agent)"
            x = int(width - gap - draw.textlength(text, self._font))
            draw.text((x, middle), text, palette.PAPER, self._font, "lm")
            _put(strip, _heart_icon(self._strip), (max(0, x - self._strip), 0))
        done = scene.tick / max(1, self.max_steps)
        draw.rectangle([0, self._strip - 3, round(width * min(1.0, done)), self._strip], fill=palette.GOLD)
        room = width - 2 * gap - draw.textlength(f"tick {scene.tick} / {self.max_steps}", self._font) * 3
        if note and draw.textlength(note, self._font) < room:
            draw.text((width / 2, middle), note, palette.FLOOR_SHADE, self._font, "mm")
        return strip

    def _paint_legend(self, scene: Scene, width: int) -> Image.Image:
        if self._legend is None or self._legend.width != width:
            self._legend = _legend(_legend_entries(scene, self.reader), width, self._strip, self._font)
        return self._legend


def render_world(view: WorldView, game: GameConfig, cell_size: int = 36) -> np.ndarray:
    """One picture of a world, uint8 [height, width, 3]. For many pictures keep a `WorldPainter`."""
    return WorldPainter(game, cell_size).paint(view)


def _paint_floor(scene: Scene, size: int) -> Image.Image:
    """A pale checkerboard, so that distances can be counted."""
    floor = Image.new("RGB", (scene.width * size, scene.height * size), palette.FLOOR)
    draw = ImageDraw.Draw(floor)
    for row in range(scene.height):
        for column in range(row % 2, scene.width, 2):
            draw.rectangle(
                [column * size, row * size, (column + 1) * size - 1, (row + 1) * size - 1],
                fill=palette.FLOOR_SHADE,
            )
    return floor


def _paint_walls(floor: Image.Image, walls: np.ndarray, size: int) -> Image.Image:
    padded = np.pad(walls, 1)
    drop = max(1, size // 10)
    shadow = Image.new("RGB", (size, size), palette.WALL_SHADOW)
    pieces = [
        (row, column, wall(_joints(padded, row + 1, column + 1), bool(walls[row, column] == 2), size))
        for row, column in np.argwhere(walls)
    ]
    for row, column, piece in pieces:
        if row + 1 < walls.shape[0]:
            floor.paste(shadow, (int(column) * size, int(row) * size + drop), piece.getchannel("A"))
    for row, column, piece in pieces:
        _put(floor, piece, (int(column) * size, int(row) * size))
    return floor


def _joints(padded: np.ndarray, row: int, column: int) -> int:
    around = [bool(padded[row + down, column + right] == padded[row, column]) for down, right in _AROUND]
    for corner, (first, second) in enumerate(_CORNER_SIDES, start=4):
        around[corner] = around[corner] and around[first] and around[second]
    return sum(1 << bit for bit, is_wall in enumerate(around) if is_wall)


def _paint_event(board: Image.Image, event: Event, size: int) -> None:
    """Draws one flash over the board, on a patch around source and target."""
    (source_row, source_column), (target_row, target_column) = event.source, event.target
    span = max(abs(source_row - target_row), abs(source_column - target_column)) + 3
    left, top = min(source_column, target_column) - 1, min(source_row, target_row) - 1
    pen = Pen(span * size)
    source = ((source_column - left + 0.5) / span, (source_row - top + 0.46) / span)
    target = ((target_column - left + 0.5) / span, (target_row - top + 0.46) / span)
    _EVENT_SHAPES[event.what](pen, source, target, event.color, 1 / span)
    _put(board, pen.finish(), (left * size, top * size))


Place = tuple[float, float]


def _draw_hit(pen: Pen, source: Place, target: Place, color: palette.Color, unit: float) -> None:
    points = [
        _between(source, target, t, (0.10 if t in (0.33, 0.8) else -0.10) * unit)
        for t in (0.15, 0.33, 0.6, 0.8)
    ]
    pen.line([*points, target], palette.PAPER, 0.13 * unit)
    pen.line([*points, target], color, 0.07 * unit)
    pen.polygon(star_outline(*target, 0.52 * unit, 0.24 * unit, 8), fill=color, alpha=200)
    pen.polygon(star_outline(*target, 0.34 * unit, 0.15 * unit, 8, 0.2), fill=palette.GOLD, alpha=235)


def _draw_block(pen: Pen, source: Place, target: Place, color: palette.Color, unit: float) -> None:
    pen.line([_between(source, target, 0.2), _between(source, target, 0.75)], color, 0.06 * unit, alpha=200)
    pen.ellipse(*target, 0.52 * unit, outline=palette.PAPER, width=0.10 * unit)
    pen.ellipse(*target, 0.50 * unit, outline=palette.SHIELD, width=0.06 * unit)


def _draw_gift(pen: Pen, source: Place, target: Place, color: palette.Color, unit: float) -> None:
    bend = -1.2 * unit if target[0] >= source[0] else 1.2 * unit  # upwards whichever way it flies
    arc = [_between(source, target, t / 10, bend * (t / 10) * (1 - t / 10)) for t in range(11)]
    pen.line(arc, palette.INK, 0.15 * unit, alpha=200)
    pen.line(arc, color, 0.09 * unit)
    pen.ellipse(*arc[6], 0.16 * unit, fill=color, outline=palette.INK, width=0.04 * unit)


def _draw_heart(pen: Pen, source: Place, target: Place, color: palette.Color, unit: float) -> None:
    x, y = target[0] + 0.30 * unit, target[1] - 0.45 * unit
    pen.polygon(heart_outline(x, y, 0.62 * unit), fill=palette.PAPER)
    pen.polygon(heart_outline(x, y, 0.48 * unit), fill=color)


_EVENT_SHAPES = {"hit": _draw_hit, "block": _draw_block, "gift": _draw_gift, "heart": _draw_heart}


def _between(source: Place, target: Place, share: float, aside: float = 0.0) -> Place:
    """The point `share` of the way, moved `aside` at a right angle."""
    dx, dy = target[0] - source[0], target[1] - source[1]
    length = math.hypot(dx, dy) or 1.0
    return source[0] + dx * share - dy / length * aside, source[1] + dy * share + dx / length * aside


def _legend_entries(scene: Scene, reader: SceneReader) -> list[tuple[Thing, str]]:
    """A thing and its words for all that can be met in the game."""
    entries = [(Thing("agent", "agent", 0, 0, 0, 1, 0.8), "agent, energy bar")]
    for kind in scene.kinds:
        look = reader.look(kind)
        if kind in ("empty", "agent") or look in _WALLS:
            continue
        words = _LEGEND_WORDS.get(look, kind.replace("_", " "))
        color = next((name for name in ("red", "blue", "green") if name in kind), "")
        entries.append((Thing(look, kind, 0, 0, mark=1), f"{color} {words}".strip()))
    names = set(reader.spec.variable_names)
    if "frozen" in names:
        entries.append((Thing("agent", "agent", 0, 0, 0, 1, 0.0, frozen=1), "frozen"))
    if "shield" in names:
        entries.append((Thing("agent", "agent", 0, 0, 0, 1, 0.8, shield=True), "shield up"))
    if names & {"mark", "marker", "symbol"}:
        entries.append((Thing("agent", "agent", 0, 0, 0, 1, 0.8, mark=5), "marks itself"))
    return entries


def _legend(
    entries: list[tuple[Thing, str]], width: int, height: int, font: ImageFont.ImageFont
) -> Image.Image:
    """Icons with words, in as many rows as they need."""
    icon, gap = height - 6, height // 3
    measure = ImageDraw.Draw(Image.new("RGB", (1, 1)))
    places, x, row = [], gap, 0
    for thing, words in entries:
        needed = icon + gap // 2 + int(measure.textlength(words, font)) + gap
        if x > gap and x + needed > width:
            x, row = gap, row + 1
        places.append((thing, words, x, row))
        x += needed
    picture = Image.new("RGB", (width, (row + 1) * height), palette.PAPER)
    draw = ImageDraw.Draw(picture)
    for thing, words, left, line in places:
        _put(picture, sprite(thing, icon), (min(left, max(0, width - icon)), line * height + 3))
        draw.text((left + icon + gap // 2, line * height + height / 2), words, palette.INK, font, "lm")
    return picture


def _put(picture: Image.Image, image: Image.Image, place: tuple[int, int]) -> None:
    """Lays a picture with transparency over an RGB picture; what sticks out is cut off."""
    picture.paste(image, place, image)


@lru_cache(maxsize=8)
def _heart_icon(size: int) -> Image.Image:
    pen = Pen(size)
    pen.polygon(heart_outline(0.5, 0.5, 0.6), fill=palette.PINK)
    return pen.finish()


def _stack(parts: list[Image.Image]) -> np.ndarray:
    """The parts below each other, padded to even sides."""
    width, height = parts[0].width, sum(part.height for part in parts)
    page = Image.new("RGB", (width + width % 2, height + height % 2), palette.PAPER)
    y = 0
    for part in parts:
        page.paste(part, (0, y))
        y += part.height
    return np.array(page)


def _font(size: int) -> ImageFont.ImageFont:
    """Pillow's own font: nothing to install, the same everywhere."""
    return ImageFont.load_default(size)  # type: ignore[return-value]
