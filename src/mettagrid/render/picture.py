"""Pictures of a world: floor, walls, things, flashes, a status line and a legend, as an RGB array.

No window, no GPU. A `WorldPainter` is made once per game and paints as many ticks as wanted.
"""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from mettagrid.batch import WorldView
from mettagrid.config.game import GameConfig
from mettagrid.render import palette
from mettagrid.render.events import Event, EventReader
from mettagrid.render.flashes import heart_icon, paint_bond, paint_event
from mettagrid.render.floor import FloorPainter
from mettagrid.render.ground import trace_tile
from mettagrid.render.legend import legend_entries, paint_legend
from mettagrid.render.looks import WALLS
from mettagrid.render.pen import plain_font, put
from mettagrid.render.scene import Scene, SceneReader, Thing
from mettagrid.render.sprites import cracks, sprite

MIN_CELL_SIZE, MAX_CELL_SIZE = 8, 128
MAX_PIXELS = 64_000_000  # a picture of 8000 x 8000 is a mistake
_STRIP_SHARE = 1.1  # height of the status line and of a legend row, in cells
# How dark a picture is when nobody sees anything.
_DARKEST = 0.6


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
        self._font = plain_font(max(9, round(cell_size * 0.5)))
        self._strip = max(16, round(cell_size * _STRIP_SHARE))
        self._has_legend, self._has_status = legend, status
        self._floor = FloorPainter(cell_size)
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
            parts.append(self._paint_legend(board.width))
        return _stack(parts)

    def _paint_board(self, scene: Scene, events: Sequence[Event]) -> Image.Image:
        size = self.cell_size
        board = self._floor.paint(scene).copy()
        for spot in scene.traces:
            put(board, trace_tile(spot.kind, spot.strength, size), (spot.column * size, spot.row * size))
        for thing in scene.things:
            if thing.agent < 0:
                self._paint_object(board, thing)
        _paint_bonds(board, scene, size)
        for thing in scene.agents:
            put(board, sprite(thing, size), (thing.column * size, thing.row * size))
        if scene.night > 0:
            board = Image.blend(board, Image.new("RGB", board.size, palette.NIGHT), _DARKEST * scene.night)
        for event in events:
            paint_event(board, event, size)
        return board

    def _paint_object(self, board: Image.Image, thing: Thing) -> None:
        size = self.cell_size
        place = (thing.column * size, thing.row * size)
        if thing.look not in WALLS:
            put(board, sprite(thing, size), place)
        elif thing.health < 1:
            put(board, cracks(round(thing.health, 1), size), place)

    def _paint_status(self, scene: Scene, width: int, note: str) -> Image.Image:
        strip = Image.new("RGB", (width, self._strip), palette.INK)
        draw = ImageDraw.Draw(strip)
        middle, gap = self._strip / 2, self._strip // 4
        tick = f"tick {scene.tick} / {self.max_steps}"
        draw.text((gap, middle), tick, palette.PAPER, self._font, "lm")
        if scene.hearts is not None:
            room = width - 3 * gap - self._strip - draw.textlength(tick, self._font)
            text = f"{scene.hearts}  ({scene.hearts / max(1, scene.num_agents):.2f} per agent)"
            text = text if draw.textlength(text, self._font) < room else str(scene.hearts)
            x = int(width - gap - draw.textlength(text, self._font))
            draw.text((x, middle), text, palette.PAPER, self._font, "lm")
            put(strip, heart_icon(self._strip), (max(0, x - self._strip), 0))
        done = scene.tick / max(1, self.max_steps)
        draw.rectangle([0, self._strip - 3, round(width * min(1.0, done)), self._strip], fill=palette.GOLD)
        room = width - 2 * gap - draw.textlength(f"tick {scene.tick} / {self.max_steps}", self._font) * 3
        if note and draw.textlength(note, self._font) < room:
            draw.text((width / 2, middle), note, palette.FLOOR_SHADE, self._font, "mm")
        return strip

    def _paint_legend(self, width: int) -> Image.Image:
        if self._legend is None or self._legend.width != width:
            self._legend = paint_legend(legend_entries(self.reader), width, self._strip, self._font)
        return self._legend


def render_world(view: WorldView, game: GameConfig, cell_size: int = 36) -> np.ndarray:
    """One picture of a world, uint8 [height, width, 3]. For many pictures keep a `WorldPainter`."""
    return WorldPainter(game, cell_size).paint(view)


def _paint_bonds(board: Image.Image, scene: Scene, size: int) -> None:
    places = {thing.agent: (thing.row, thing.column) for thing in scene.agents}
    for first, second in scene.bonds:
        paint_bond(board, places[first], places[second], size)


def _stack(parts: list[Image.Image]) -> np.ndarray:
    """The parts below each other, padded to even sides."""
    width, height = parts[0].width, sum(part.height for part in parts)
    page = Image.new("RGB", (width + width % 2, height + height % 2), palette.PAPER)
    y = 0
    for part in parts:
        page.paste(part, (0, y))
        y += part.height
    return np.array(page)
