"""Pictures of what grows and lives: bushes, trees, rocks, grass, stags, hares. One cell large, plain shapes."""

import math

from mettagrid.render.palette import Color, mix
from mettagrid.render.pen import Pen

_BERRY: Color = (196, 40, 92)
_FUR: Color = (150, 98, 58)
_HARE: Color = (186, 172, 156)


def draw_bush(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A round bush with berries; bare while it has none."""
    leaf = pen.faded(pen.colors.leaf, 0.35) if is_resting else pen.colors.leaf
    for grow, color in ((0.03, pen.darker(leaf, 0.5)), (0.0, leaf)):
        for x, y, radius in ((0.30, 0.62, 0.22), (0.70, 0.62, 0.22), (0.5, 0.44, 0.27), (0.5, 0.68, 0.22)):
            pen.ellipse(x, y, radius + grow, fill=color)
    pen.ellipse(0.42, 0.36, 0.13, 0.09, fill=pen.lighter(leaf, 0.25))
    if not is_resting:
        for x, y in ((0.32, 0.60), (0.52, 0.52), (0.70, 0.62), (0.48, 0.76), (0.62, 0.36)):
            pen.ellipse(x, y, 0.062, fill=_BERRY, outline=pen.darker(_BERRY, 0.5), width=0.015)


def draw_tree(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A fir; a stump while it has no wood."""
    pen.box(0.42, 0.66, 0.58, 0.95, radius=0.03, fill=pen.darker(pen.colors.wood, 0.3))
    if is_resting:
        pen.box(0.30, 0.64, 0.70, 0.92, radius=0.05, fill=pen.colors.wood)
        pen.ellipse(
            0.5,
            0.64,
            0.20,
            0.09,
            fill=pen.lighter(pen.colors.wood, 0.45),
            outline=pen.darker(pen.colors.wood, 0.3),
        )
        return
    dark = pen.darker(pen.colors.leaf, 0.30)
    for top, bottom, half in ((0.34, 0.80, 0.40), (0.18, 0.58, 0.33), (0.03, 0.36, 0.24)):
        pen.polygon([(0.5, top), (0.5 + half, bottom), (0.5 - half, bottom)], fill=pen.darker(dark, 0.45))
        pen.polygon(
            [(0.5, top + 0.05), (0.46 + half, bottom - 0.03), (0.54 - half, bottom - 0.03)], fill=dark
        )


def draw_rock(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A boulder; rubble while it has no stone."""
    if is_resting:
        for x, y, radius in ((0.28, 0.72, 0.12), (0.55, 0.78, 0.10), (0.74, 0.66, 0.13)):
            pen.ellipse(
                x,
                y,
                radius,
                radius * 0.8,
                fill=pen.faded(pen.colors.stone, 0.2),
                outline=pen.darker(pen.colors.stone, 0.4),
            )
        return
    outline = [(0.10, 0.86), (0.14, 0.48), (0.36, 0.18), (0.66, 0.16), (0.88, 0.46), (0.92, 0.86)]
    pen.polygon(
        outline,
        fill=pen.darker(pen.colors.stone, 0.35),
        outline=pen.darker(pen.colors.stone, 0.65),
    )
    pen.polygon(
        [(0.20, 0.50), (0.38, 0.24), (0.62, 0.22), (0.54, 0.50), (0.30, 0.60)],
        fill=pen.lighter(pen.colors.stone, 0.3),
    )
    pen.polygon([(0.54, 0.50), (0.62, 0.22), (0.82, 0.48), (0.72, 0.70)], fill=pen.colors.stone)


def draw_ore(pen: Pen, kind: str, is_resting: bool) -> None:
    """A dark heap with lumps of its colour; grey lumps while it has none."""
    pen.polygon(
        [(0.06, 0.90), (0.30, 0.34), (0.62, 0.24), (0.94, 0.90)],
        fill=pen.darker(pen.colors.stone, 0.65),
    )
    pen.polygon(
        [(0.16, 0.86), (0.34, 0.42), (0.58, 0.33), (0.80, 0.86)],
        fill=pen.darker(pen.colors.stone, 0.42),
    )
    color = pen.colors.stone if is_resting else pen.colors.named_color(kind, pen.colors.gold)
    for x, y in ((0.42, 0.50), (0.62, 0.60), (0.34, 0.72), (0.55, 0.78), (0.74, 0.78)):
        pen.ellipse(x, y, 0.075, fill=color, outline=pen.colors.ink, width=0.02)


def draw_grass(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A tuft; short and pale where it was grazed."""
    color = mix(pen.colors.leaf, pen.colors.gold, 0.25)
    height, color = (0.16, pen.faded(color, 0.45)) if is_resting else (0.62, color)
    for x, lean in ((0.16, -0.08), (0.30, 0.06), (0.44, -0.04), (0.58, 0.05), (0.72, -0.05), (0.86, 0.08)):
        shade = pen.darker(color, 0.35 if lean < 0 else 0.1)
        pen.polygon([(x - 0.06, 0.92), (x + lean, 0.92 - height), (x + 0.06, 0.92)], fill=shade)


def draw_stag(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A head with antlers."""
    fur, horn = (pen.faded(color, 0.5 * is_resting) for color in (_FUR, pen.lighter(pen.colors.wood, 0.35)))
    for side in (-1, 1):
        stem = [(0.5 + side * x, y) for x, y in ((0.09, 0.44), (0.24, 0.28), (0.30, 0.07))]
        pen.line(stem, horn, 0.06)
        for x, y in ((0.13, 0.12), (0.42, 0.16)):
            pen.line([stem[1], (0.5 + side * x, y)], horn, 0.05)
        pen.ellipse(0.5 + side * 0.24, 0.50, 0.12, 0.06, fill=pen.darker(fur, 0.3))
    pen.polygon(
        [(0.30, 0.42), (0.70, 0.42), (0.62, 0.86), (0.38, 0.86)],
        fill=fur,
        outline=pen.darker(fur, 0.5),
    )
    pen.ellipse(0.5, 0.86, 0.12, 0.09, fill=pen.darker(fur, 0.6))
    for side in (-1, 1):
        pen.ellipse(0.5 + side * 0.11, 0.56, 0.045, fill=pen.colors.ink)


def draw_hare(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A head with long ears."""
    fur = pen.faded(_HARE, 0.5 * is_resting)
    dark = pen.darker(fur, 0.5)
    for side in (-1, 1):
        pen.ellipse(0.5 + side * 0.14, 0.28, 0.095, 0.25, fill=dark)
        pen.ellipse(0.5 + side * 0.14, 0.28, 0.065, 0.22, fill=mix(fur, (230, 140, 150), 0.4))
    pen.ellipse(0.5, 0.66, 0.29, 0.26, fill=dark)
    pen.ellipse(0.5, 0.66, 0.26, 0.23, fill=fur)
    for side in (-1, 1):
        pen.ellipse(0.5 + side * 0.11, 0.60, 0.045, fill=pen.colors.ink)
    pen.ellipse(0.5, 0.72, 0.045, 0.035, fill=(220, 110, 130))
    whisker = math.tau / 60
    for side in (-1, 1):
        pen.line([(0.5 + side * 0.08, 0.75), (0.5 + side * 0.34, 0.75 + whisker)], dark, 0.02)
