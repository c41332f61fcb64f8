"""Drawings of what happens between agents: blows, blocks, gifts, hearts; and the bond of mates. They know no game."""

import math
from functools import lru_cache

from PIL import Image, ImageDraw

from mettagrid.render import palette
from mettagrid.render.events import Cell, Event
from mettagrid.render.pen import Pen, heart_outline, put, star_outline


def paint_event(board: Image.Image, event: Event, size: int) -> None:
    """Draws one flash over the board, on a patch around source and target."""
    (source_row, source_column), (target_row, target_column) = event.source, event.target
    span = max(abs(source_row - target_row), abs(source_column - target_column)) + 3
    left, top = min(source_column, target_column) - 1, min(source_row, target_row) - 1
    pen = Pen(span * size)
    source = ((source_column - left + 0.5) / span, (source_row - top + 0.46) / span)
    target = ((target_column - left + 0.5) / span, (target_row - top + 0.46) / span)
    _EVENT_SHAPES[event.what](pen, source, target, event.color, 1 / span)
    put(board, pen.finish(), (left * size, top * size))


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


def paint_bond(board: Image.Image, first: Cell, second: Cell, size: int) -> None:
    """A thin line between the cells of two mates, with a small heart in its middle."""
    ends = [(column * size + size / 2, row * size + size / 2) for row, column in (first, second)]
    ImageDraw.Draw(board).line(ends, palette.PINK, max(1, size // 14))
    heart = heart_icon(max(8, size // 2))
    middle = [round((a + b - heart.width) / 2) for a, b in zip(*ends, strict=True)]
    put(board, heart, (middle[0], middle[1]))


@lru_cache(maxsize=8)
def heart_icon(size: int) -> Image.Image:
    """A heart, `size` pixels square."""
    pen = Pen(size)
    pen.polygon(heart_outline(0.5, 0.5, 0.6), fill=palette.PINK)
    return pen.finish()
