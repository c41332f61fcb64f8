"""Drawings of what happens: blows, blocks, gifts, hearts, births, deaths; and the bond of mates. They know no game.

`paint_event` draws over a picture from source to target. `FLASHES` are the same at the target alone, one cell large,
and `BEAMS` what lies between, from left to right over one cell.
"""

import math
from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageDraw

from mettagrid.render.events import Cell, Event
from mettagrid.render.palette import LIGHT, Color, Palette
from mettagrid.render.pen import Pen, heart_outline, put, star_outline


def paint_event(board: Image.Image, event: Event, size: int, colors: Palette = LIGHT) -> None:
    """Draws one flash over the board, on a patch around source and target."""
    (source_row, source_column), (target_row, target_column) = event.source, event.target
    span = max(abs(source_row - target_row), abs(source_column - target_column)) + 3
    left, top = min(source_column, target_column) - 1, min(source_row, target_row) - 1
    pen = Pen(span * size, colors)
    source = ((source_column - left + 0.5) / span, (source_row - top + 0.46) / span)
    target = ((target_column - left + 0.5) / span, (target_row - top + 0.46) / span)
    _EVENT_SHAPES[event.what](pen, source, target, event.color, 1 / span)
    put(board, pen.finish(), (left * size, top * size))


Place = tuple[float, float]


def _draw_hit(pen: Pen, source: Place, target: Place, color: Color, unit: float) -> None:
    points = [
        _between(source, target, t, (0.10 if t in (0.33, 0.8) else -0.10) * unit)
        for t in (0.15, 0.33, 0.6, 0.8)
    ]
    pen.line([*points, target], pen.colors.paper, 0.13 * unit)
    pen.line([*points, target], color, 0.07 * unit)
    _draw_burst(pen, target, color, unit)


def _draw_block(pen: Pen, source: Place, target: Place, color: Color, unit: float) -> None:
    pen.line([_between(source, target, 0.2), _between(source, target, 0.75)], color, 0.06 * unit, alpha=200)
    _draw_ring(pen, target, pen.colors.shield, unit)


def _draw_gift(pen: Pen, source: Place, target: Place, color: Color, unit: float) -> None:
    bend = -1.2 * unit if target[0] >= source[0] else 1.2 * unit  # upwards whichever way it flies
    arc = [_between(source, target, t / 10, bend * (t / 10) * (1 - t / 10)) for t in range(11)]
    pen.line(arc, pen.colors.ink, 0.15 * unit, alpha=200)
    pen.line(arc, color, 0.09 * unit)
    _draw_ball(pen, arc[6], color, unit)


def _draw_heart(pen: Pen, source: Place, target: Place, color: Color, unit: float) -> None:
    x, y = target[0] + 0.30 * unit, target[1] - 0.45 * unit
    _draw_rising_heart(pen, (x, y), color, unit)


def _draw_burst(pen: Pen, place: Place, color: Color, unit: float) -> None:
    pen.polygon(star_outline(*place, 0.52 * unit, 0.24 * unit, 8), fill=color, alpha=200)
    pen.polygon(star_outline(*place, 0.34 * unit, 0.15 * unit, 8, 0.2), fill=pen.colors.gold, alpha=235)


def _draw_ring(pen: Pen, place: Place, color: Color, unit: float) -> None:
    pen.ellipse(*place, 0.52 * unit, outline=pen.colors.paper, width=0.10 * unit)
    pen.ellipse(*place, 0.50 * unit, outline=color, width=0.06 * unit)


def _draw_ball(pen: Pen, place: Place, color: Color, unit: float) -> None:
    pen.ellipse(*place, 0.16 * unit, fill=color, outline=pen.colors.ink, width=0.04 * unit)


def _draw_rising_heart(pen: Pen, place: Place, color: Color, unit: float) -> None:
    pen.polygon(heart_outline(*place, 0.62 * unit), fill=pen.colors.paper)
    pen.polygon(heart_outline(*place, 0.48 * unit), fill=color)


_EVENT_SHAPES = {"hit": _draw_hit, "block": _draw_block, "gift": _draw_gift, "heart": _draw_heart}


def _between(source: Place, target: Place, share: float, aside: float = 0.0) -> Place:
    """The point `share` of the way, moved `aside` at a right angle."""
    dx, dy = target[0] - source[0], target[1] - source[1]
    length = math.hypot(dx, dy) or 1.0
    return source[0] + dx * share - dy / length * aside, source[1] + dy * share + dx / length * aside


def paint_bond(board: Image.Image, first: Cell, second: Cell, size: int, colors: Palette = LIGHT) -> None:
    """A thin line between the cells of two mates, with a small heart in its middle."""
    ends = [(column * size + size / 2, row * size + size / 2) for row, column in (first, second)]
    ImageDraw.Draw(board).line(ends, colors.pink, max(1, size // 14))
    heart = heart_icon(max(8, size // 2), colors)
    middle = [round((a + b - heart.width) / 2) for a, b in zip(*ends, strict=True)]
    put(board, heart, (middle[0], middle[1]))


@lru_cache(maxsize=8)
def heart_icon(size: int, colors: Palette = LIGHT) -> Image.Image:
    """A heart, `size` pixels square."""
    pen = Pen(size, colors)
    draw_heart_icon(pen)
    return pen.finish()


def draw_heart_icon(pen: Pen) -> None:
    """A heart in the middle of a cell."""
    pen.polygon(heart_outline(0.5, 0.5, 0.6), fill=pen.colors.pink)


_MIDDLE: Place = (0.5, 0.5)
_LEFT, _RIGHT = (0.09, 0.5), (0.91, 0.5)


def _draw_shield_up(pen: Pen) -> None:
    """A shield in the middle of a ring."""
    _draw_ring(pen, _MIDDLE, pen.colors.shield, 0.9)
    outline = [(0.26, 0.26), (0.5, 0.18), (0.74, 0.26), (0.70, 0.60), (0.5, 0.82), (0.30, 0.60)]
    pen.polygon(outline, fill=pen.colors.shield, outline=pen.colors.paper, width=0.05)


def _draw_birth(pen: Pen) -> None:
    """An egg that bursts, in rays."""
    pen.polygon(star_outline(*_MIDDLE, 0.48, 0.30, 12), fill=pen.colors.gold, alpha=220)
    pen.ellipse(0.5, 0.52, 0.19, 0.25, fill=pen.colors.paper, outline=pen.colors.ink, width=0.03)
    crack = [(0.33, 0.50), (0.41, 0.58), (0.48, 0.48), (0.56, 0.58), (0.62, 0.49), (0.67, 0.53)]
    pen.line(crack, pen.colors.ink, 0.03)


def _draw_death(pen: Pen) -> None:
    """A skull."""
    pen.ellipse(*_MIDDLE, 0.47, fill=pen.colors.ink, alpha=170)
    pen.box(0.36, 0.52, 0.64, 0.80, radius=0.06, fill=pen.colors.paper)
    pen.ellipse(0.5, 0.43, 0.28, 0.26, fill=pen.colors.paper)
    for x in (0.39, 0.61):
        pen.ellipse(x, 0.45, 0.075, fill=pen.colors.ink)
    pen.polygon([(0.5, 0.54), (0.54, 0.61), (0.46, 0.61)], fill=pen.colors.ink)
    for x in (0.43, 0.5, 0.57):
        pen.line([(x, 0.69), (x, 0.78)], pen.colors.ink, 0.025)


def _draw_gift_given(pen: Pen) -> None:
    """A parcel with a bow."""
    pen.box(0.20, 0.40, 0.80, 0.86, radius=0.05, fill=pen.colors.green, outline=pen.colors.ink)
    pen.box(0.15, 0.32, 0.85, 0.48, radius=0.04, fill=pen.colors.green, outline=pen.colors.ink)
    pen.box(0.44, 0.32, 0.56, 0.86, fill=pen.colors.gold)
    for side in (-1, 1):
        pen.ellipse(0.5 + side * 0.12, 0.23, 0.13, 0.09, outline=pen.colors.gold, width=0.055)


def _draw_theft(pen: Pen) -> None:
    """A sack with a mask's eyes."""
    pen.polygon(
        [(0.38, 0.10), (0.62, 0.10), (0.56, 0.28), (0.44, 0.28)], fill=pen.colors.wood, outline=pen.colors.ink
    )
    pen.ellipse(0.5, 0.58, 0.34, 0.32, fill=pen.colors.wood, outline=pen.colors.ink)
    pen.box(0.24, 0.46, 0.76, 0.64, radius=0.09, fill=pen.colors.ink)
    for x in (0.39, 0.61):
        pen.ellipse(x, 0.55, 0.07, 0.05, fill=pen.colors.paper)


def _draw_change(pen: Pen) -> None:
    """Three sparks."""
    for x, y, size in ((0.40, 0.56, 0.34), (0.76, 0.26, 0.20), (0.74, 0.80, 0.15)):
        pen.polygon(
            star_outline(x, y, size, size * 0.28, 4), fill=pen.colors.gold, outline=pen.colors.ink, width=0.02
        )


def _draw_hearts(pen: Pen) -> None:
    """Two hearts, one before the other."""
    for x, y in ((0.36, 0.42), (0.62, 0.58)):
        pen.polygon(heart_outline(x, y, 0.60), fill=pen.colors.paper)
        pen.polygon(heart_outline(x, y, 0.48), fill=pen.colors.pink)


FLASHES: dict[str, Callable[[Pen], None]] = {
    "attack": lambda pen: _draw_burst(pen, _MIDDLE, pen.colors.red, 0.94),
    "block": lambda pen: _draw_ring(pen, _MIDDLE, pen.colors.shield, 0.92),
    "gift": _draw_gift_given,
    "theft": _draw_theft,
    "heart": lambda pen: _draw_rising_heart(pen, _MIDDLE, pen.colors.pink, 1.4),
    "shield": _draw_shield_up,
    "birth": _draw_birth,
    "death": _draw_death,
    "bond": _draw_hearts,
    "change": _draw_change,
}
"""What is drawn at the cell where it happened."""


def _draw_bolt(pen: Pen) -> None:
    points = [
        _between(_LEFT, _RIGHT, share, aside) for share, aside in ((0, 0), (0.3, 0.14), (0.6, -0.14), (1, 0))
    ]
    pen.line(points, pen.colors.paper, 0.16)
    pen.line(points, pen.colors.red, 0.09)


def _draw_shot(pen: Pen) -> None:
    pen.line([_LEFT, _RIGHT], pen.colors.shield, 0.08, alpha=200)


def _draw_arrow(pen: Pen, color: Color) -> None:
    pen.line([_LEFT, (0.80, 0.5)], pen.colors.ink, 0.17)
    pen.polygon([(0.70, 0.28), (0.98, 0.5), (0.70, 0.72)], fill=color, outline=pen.colors.ink, width=0.04)
    pen.line([_LEFT, (0.78, 0.5)], color, 0.09)


BEAMS: dict[str, Callable[[Pen], None]] = {
    "attack": _draw_bolt,
    "block": _draw_shot,
    "gift": lambda pen: _draw_arrow(pen, pen.colors.green),
    "theft": lambda pen: _draw_arrow(pen, pen.colors.wood),
}
"""What lies between two cells, with the source at the left."""
