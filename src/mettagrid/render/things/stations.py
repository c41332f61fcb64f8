"""Pictures of the arena's things: generators, chargers, altars, boxes, marks and cracks. One cell large."""

import math

from mettagrid.render.palette import Color, mix
from mettagrid.render.pen import Pen, heart_outline, regular_outline, star_outline

_NUM_MARK_SHAPES, _NUM_MARK_COLORS = 8, 4
NUM_MARKS = _NUM_MARK_SHAPES * _NUM_MARK_COLORS
"""Marks that look different."""
NUM_CRACKS = 3
"""Cracks of a thing that is nearly broken."""


def draw_mark(pen: Pen, mark: int, x: float, y: float, size: float) -> None:
    """A symbol in a bubble: the shape changes with every number, the colour after each round of shapes."""
    shape = (mark - 1) % _NUM_MARK_SHAPES
    colors = (pen.colors.ink, pen.colors.red, pen.colors.green, pen.colors.shield)
    assert len(colors) == _NUM_MARK_COLORS
    color = colors[(mark - 1) // _NUM_MARK_SHAPES % _NUM_MARK_COLORS]
    pen.ellipse(x, y, size * 1.135, fill=pen.colors.ink)
    pen.ellipse(x, y, size, fill=pen.colors.paper)
    inner = size * 0.62
    if shape == 0:
        pen.ellipse(x, y, inner * 0.9, fill=color)
    elif shape < 4:
        pen.polygon(regular_outline(x, y, inner, shape + 2), fill=color)
    elif shape == 4:
        pen.polygon(star_outline(x, y, inner * 1.1, inner * 0.45, 5), fill=color)
    elif shape == 5:
        pen.line([(x - inner * 0.7, y), (x + inner * 0.7, y)], color, size * 0.32)
        pen.line([(x, y - inner * 0.7), (x, y + inner * 0.7)], color, size * 0.32)
    elif shape == 6:
        pen.ellipse(x, y, inner * 0.85, outline=color, width=size * 0.3)
    else:
        pen.polygon(heart_outline(x, y, inner * 1.9), fill=color)


def draw_gem(pen: Pen, color: Color, x: float, y: float, size: float, edge: float = 0.02) -> None:
    """A cut diamond with centre (x, y), `size` from the centre to its side, and a dark edge around it."""
    crown, girdle, tip = y - 0.62 * size, y - 0.12 * size, y + size
    inner, outer = 0.55 * size, size
    outline = [(x - inner, crown), (x + inner, crown), (x + outer, girdle), (x, tip), (x - outer, girdle)]
    grow = 1.0 + edge / size
    pen.polygon(
        [(x + (px - x) * grow, y + (py - y) * grow) for px, py in outline],
        fill=pen.darker(color, 0.55),
    )
    pen.polygon(outline, fill=color)
    third = outer * 0.42
    pen.polygon([outline[4], (x - third, girdle), (x, tip)], fill=pen.darker(color, 0.18))
    pen.polygon([outline[2], (x + third, girdle), (x, tip)], fill=pen.darker(color, 0.32))
    pen.polygon([outline[0], outline[4], (x - third, girdle)], fill=pen.lighter(color, 0.30))
    pen.polygon(
        [outline[0], outline[1], (x + third, girdle), (x - third, girdle)],
        fill=pen.lighter(color, 0.55),
    )
    pen.polygon([outline[1], outline[2], (x + third, girdle)], fill=pen.lighter(color, 0.18))


def draw_generator(pen: Pen, kind: str, is_resting: bool) -> None:
    """A diamond on a stone; only the stone and a pale gem while it has none to give."""
    color = pen.colors.named_color(kind, pen.colors.green)
    pen.ellipse(0.5, 0.80, 0.40, 0.13, fill=pen.darker(pen.colors.stone, 0.45))
    pen.ellipse(0.5, 0.77, 0.38, 0.12, fill=pen.colors.stone)
    if is_resting:
        draw_gem(pen, pen.faded(color, 0.68), 0.5, 0.56, 0.21)
    else:
        draw_gem(pen, color, 0.5, 0.45, 0.37)


def draw_charger(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A battery with a bolt; grey while it rests."""
    body = mix(pen.colors.charger, pen.colors.stone, 0.5) if is_resting else pen.colors.charger
    bolt = mix(pen.colors.gold, pen.colors.stone, 0.75) if is_resting else pen.colors.gold
    pen.box(0.10, 0.08, 0.90, 0.94, radius=0.16, fill=pen.darker(body, 0.6))
    pen.box(0.13, 0.08, 0.87, 0.88, radius=0.14, fill=body)
    outline = [(0.58, 0.14), (0.28, 0.54), (0.47, 0.54), (0.40, 0.83), (0.73, 0.41), (0.53, 0.41)]
    pen.polygon(outline, fill=bolt)


def draw_altar(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A heart on a pedestal; grey while it rests."""
    heart = mix(pen.colors.pink, pen.colors.stone, 0.75) if is_resting else pen.colors.pink
    pen.box(0.12, 0.76, 0.88, 0.95, radius=0.05, fill=pen.darker(pen.colors.altar, 0.5))
    pen.box(0.12, 0.74, 0.88, 0.89, radius=0.05, fill=pen.colors.altar)
    pen.box(0.26, 0.58, 0.74, 0.78, fill=pen.darker(pen.colors.altar, 0.25))
    pen.polygon(heart_outline(0.5, 0.385, 0.80), fill=pen.darker(heart, 0.5))
    pen.polygon(heart_outline(0.5, 0.38, 0.72), fill=heart)
    if not is_resting:
        pen.ellipse(0.36, 0.27, 0.075, 0.06, fill=pen.lighter(heart, 0.65))


def draw_box(pen: Pen, kind: str, is_resting: bool) -> None:
    """A box with a label."""
    color = pen.colors.named_color(kind)
    color = pen.faded(color, 0.5) if is_resting else color
    pen.box(0.12, 0.12, 0.88, 0.90, radius=0.08, fill=pen.darker(color, 0.55))
    pen.box(0.15, 0.15, 0.85, 0.84, radius=0.06, fill=color)
    pen.line([(0.22, 0.40), (0.78, 0.40)], pen.darker(color, 0.35), 0.04)
    pen.box(
        0.43, 0.34, 0.57, 0.50, radius=0.03, fill=pen.colors.parchment, outline=pen.colors.ink, width=0.02
    )


def draw_cracks(pen: Pen, health: float) -> None:
    """Cracks that grow as an object loses hit points."""
    cracks = (
        [(0.20, 0.20), (0.36, 0.34), (0.32, 0.50), (0.46, 0.62)],
        [(0.82, 0.26), (0.66, 0.40), (0.72, 0.56)],
        [(0.28, 0.88), (0.44, 0.74), (0.62, 0.80), (0.70, 0.66)],
    )
    assert len(cracks) == NUM_CRACKS
    for crack in cracks[: math.ceil((1 - health) * NUM_CRACKS)]:
        pen.line(crack, pen.colors.ink, 0.025, alpha=200)
