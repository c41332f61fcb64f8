"""Pictures of a world: floor, walls, things, flashes, a status line and a legend, as an RGB array.

No window, no GPU. A `WorldPainter` is made once per game and paints as many ticks as wanted.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mettagrid.batch import WorldView
from mettagrid.config.game import GameConfig
from mettagrid.render.board import BoardPainter, Place
from mettagrid.render.events import Event, EventReader
from mettagrid.render.flashes import heart_icon, paint_bond, paint_event
from mettagrid.render.legend import legend_entries, paint_legend
from mettagrid.render.palette import Palette, find_palette
from mettagrid.render.pen import plain_font, put
from mettagrid.render.scene import Scene, SceneReader
from mettagrid.render.sprites import sprite

MIN_CELL_SIZE, MAX_CELL_SIZE = 2, 128
MAX_PIXELS = 64_000_000  # a picture of 8000 x 8000 is a mistake
_STRIP_SHARE = 1.1  # height of the status line and of a legend row, in cells
# How dark a picture is when nobody sees anything.
DARKEST = 0.6


class WorldPainter:
    """Paints worlds of one game."""

    def __init__(
        self,
        game: GameConfig,
        cell_size: int = 36,
        legend: bool = True,
        status: bool = True,
        window: tuple[int, int] | None = None,
        palette: str = "light",
    ) -> None:
        """Prepares to paint.

        Args:
            game: the game that the worlds were built from.
            cell_size: pixels of a cell, 2..128; 32 to 48 read best.
            legend: whether the bottom explains the things on the map.
            status: whether the top tells tick and hearts.
            window: rows and columns of the map to paint; None for all of it.
            palette: one of `PALETTES` in `palette.py`.

        Raises:
            ValueError: the cell size is out of range, the picture would be too large, or there is no such palette.
        """
        self._colors = find_palette(palette)
        if not MIN_CELL_SIZE <= cell_size <= MAX_CELL_SIZE:
            raise ValueError(f"cell_size: {cell_size} is not between {MIN_CELL_SIZE} and {MAX_CELL_SIZE}")
        self.reader = SceneReader(game)
        self.cell_size = cell_size
        self.max_steps = self.reader.spec.max_steps
        self._events = EventReader(self.reader.spec.action_names, self.reader.actions, self._colors)
        self._font, self._strip = _font(cell_size), _strip_height(cell_size)
        self._has_legend, self._has_status = legend, status
        self._board = BoardPainter(cell_size, self._colors)
        self._window = window
        self._middle = (self.reader.height // 2, self.reader.width // 2)  # of the window
        self._legend: Image.Image | None = None
        self._last_scene: Scene | None = None
        self._seen: list[Event] = []
        rows, columns = window or (self.reader.height, self.reader.width)
        width, height = columns * cell_size, rows * cell_size
        if width * height > MAX_PIXELS:
            raise ValueError(f"a picture of {width} x {height} pixels is too large: use a smaller cell_size")

    def watch(self, view: WorldView) -> Scene:
        """Looks at a tick without painting it: what happens there flashes in the next picture."""
        scene = self.reader.read(view)
        if self._last_scene is not None:
            self._seen += self._events.read(self._last_scene, scene)
        self._last_scene = scene
        return scene

    def paint(self, view: WorldView, note: str = "", follow: int = -1) -> np.ndarray:
        """A picture of `view`; blows, gifts and hearts flash if every tick since the last one was watched.

        Args:
            view: the world to paint.
            note: a word for the status line, for example the policy's name.
            follow: the agent in the middle of the window; -1: the window stays where it is.

        Returns:
            uint8 [height, width, 3]; both sides even, as video formats want them.
        """
        scene = self.watch(view)
        events, self._seen = self._seen, []
        return self.paint_scene(scene, events, note, follow)

    def paint_scene(
        self, scene: Scene, events: Sequence[Event] = (), note: str = "", follow: int = -1
    ) -> np.ndarray:
        """A picture of a scene; see `paint`."""
        board = self._paint_board(scene, events, self._corner(scene, follow))
        parts = [self._paint_status(scene, board.width, note)] if self._has_status else []
        parts.append(board)
        if self._has_legend:
            parts.append(self._paint_legend(board.width))
        return _stack(parts)

    def _corner(self, scene: Scene, follow: int) -> Place:
        """The cell at the top left. An agent that is not on the map leaves the window where it was."""
        if self._window is None:
            return 0, 0
        places = ((thing.row, thing.column) for thing in scene.agents if thing.agent == follow)
        self._middle = next(places, self._middle)
        return self._middle[0] - self._window[0] // 2, self._middle[1] - self._window[1] // 2

    def _paint_board(self, scene: Scene, events: Sequence[Event], corner: Place) -> Image.Image:
        size, (top, left) = self.cell_size, corner
        board = self._board.paint(scene, corner, self._window or (scene.height, scene.width)).copy()
        _paint_bonds(board, scene, size, corner, self._colors)
        for thing in scene.agents:
            put(
                board,
                sprite(thing, size, self._colors),
                ((thing.column - left) * size, (thing.row - top) * size),
            )
        if scene.night > 0:
            board = Image.blend(
                board, Image.new("RGB", board.size, self._colors.night), DARKEST * scene.night
            )
        for event in events:
            paint_event(board, _moved(event, corner), size, self._colors)
        return board

    def _paint_status(self, scene: Scene, width: int, note: str) -> Image.Image:
        strip = Image.new("RGB", (width, self._strip), self._colors.ink)
        draw = ImageDraw.Draw(strip)
        middle, gap = self._strip / 2, self._strip // 4
        tick = f"tick {scene.tick} / {self.max_steps}"
        draw.text((gap, middle), tick, self._colors.paper, self._font, "lm")
        if scene.hearts is not None:
            room = width - 3 * gap - self._strip - draw.textlength(tick, self._font)
            text = f"{scene.hearts}  ({scene.hearts / max(1, scene.num_agents):.2f} per agent)"
            text = text if draw.textlength(text, self._font) < room else str(scene.hearts)
            x = int(width - gap - draw.textlength(text, self._font))
            draw.text((x, middle), text, self._colors.paper, self._font, "lm")
            put(strip, heart_icon(self._strip, self._colors), (max(0, x - self._strip), 0))
        done = scene.tick / max(1, self.max_steps)
        draw.rectangle(
            [0, self._strip - 3, round(width * min(1.0, done)), self._strip], fill=self._colors.gold
        )
        room = width - 2 * gap - draw.textlength(f"tick {scene.tick} / {self.max_steps}", self._font) * 3
        if note and draw.textlength(note, self._font) < room:
            draw.text((width / 2, middle), note, self._colors.paper, self._font, "mm")
        return strip

    def _paint_legend(self, width: int) -> Image.Image:
        if self._legend is None or self._legend.width != width:
            self._legend = paint_legend(
                legend_entries(self.reader), width, self._strip, self._font, self._colors
            )
        return self._legend


def picture_shape(
    reader: SceneReader, shape: tuple[int, int], cell_size: int, legend: bool
) -> tuple[int, int]:
    """Height and width of a picture with a status line. Args: shape: rows and columns of cells on it."""
    width, strip = shape[1] * cell_size, _strip_height(cell_size)
    below = paint_legend(legend_entries(reader), width, strip, _font(cell_size)).height if legend else 0
    height = strip + shape[0] * cell_size + below
    return height + height % 2, width + width % 2


def _font(cell_size: int) -> ImageFont.ImageFont:
    return plain_font(min(22, max(9, round(cell_size * 0.5))))


def _strip_height(cell_size: int) -> int:
    return min(46, max(16, round(cell_size * _STRIP_SHARE)))


def render_world(view: WorldView, game: GameConfig, cell_size: int = 36) -> np.ndarray:
    """One picture of a world, uint8 [height, width, 3]. For many pictures keep a `WorldPainter`."""
    return WorldPainter(game, cell_size).paint(view)


def _moved(event: Event, corner: Place) -> Event:
    """An event in places of the board."""
    (top, left), source, target = corner, event.source, event.target
    return replace(
        event, source=(source[0] - top, source[1] - left), target=(target[0] - top, target[1] - left)
    )


def _paint_bonds(board: Image.Image, scene: Scene, size: int, corner: Place, colors: Palette) -> None:
    places = {thing.agent: (thing.row - corner[0], thing.column - corner[1]) for thing in scene.agents}
    for first, second in scene.bonds:
        paint_bond(board, places[first], places[second], size, colors)


def _stack(parts: list[Image.Image]) -> np.ndarray:
    """The parts below each other; the last row and column are repeated where a side would be odd."""
    width, height = parts[0].width, sum(part.height for part in parts)
    page = Image.new("RGB", (width, height))
    y = 0
    for part in parts:
        page.paste(part, (0, y))
        y += part.height
    return np.pad(np.asarray(page), ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
