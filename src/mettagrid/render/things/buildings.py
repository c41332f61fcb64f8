"""Pictures of what is made: houses, doors, chests, machines, and the tile for all others. One cell large."""

import math

from mettagrid.render.looks import label_of, number_of
from mettagrid.render.palette import Color, brightness, mix
from mettagrid.render.pen import Pen, star_outline

_BRICK: Color = (186, 104, 84)
_STEEL: Color = (112, 124, 142)


def draw_tile(pen: Pen, kind: str, is_resting: bool) -> None:
    """A tile with a colour of its own and one or two letters, for any kind."""
    color = pen.faded(pen.colors.own_color(kind), 0.5 * is_resting)
    pen.box(0.07, 0.07, 0.93, 0.95, radius=0.14, fill=pen.darker(color, 0.55))
    pen.box(0.10, 0.08, 0.90, 0.89, radius=0.12, fill=color)
    pen.text(
        0.5, 0.49, label_of(kind), 0.56, pen.colors.ink if brightness(color) > 0.62 else pen.colors.paper
    )


def draw_house(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A house; its window is dark while it rests."""
    pen.box(0.16, 0.42, 0.84, 0.94, fill=mix(pen.colors.floor, pen.colors.wood, 0.3), outline=pen.colors.ink)
    pen.polygon([(0.04, 0.48), (0.5, 0.06), (0.96, 0.48)], fill=pen.darker(_BRICK, 0.5))
    pen.polygon([(0.13, 0.45), (0.5, 0.12), (0.87, 0.45)], fill=_BRICK)
    pen.box(0.56, 0.58, 0.74, 0.94, fill=pen.colors.wood, outline=pen.colors.ink)
    pen.box(
        0.25,
        0.56,
        0.45,
        0.74,
        fill=pen.colors.stone if is_resting else pen.colors.gold,
        outline=pen.colors.ink,
    )


def draw_site(pen: Pen, _kind: str, is_resting: bool) -> None:
    """Four posts and a half-built frame."""
    wood = pen.faded(pen.colors.wood, 0.5 * is_resting)
    pen.box(0.10, 0.62, 0.90, 0.92, fill=pen.faded(wood, 0.6), outline=pen.darker(wood, 0.3))
    for x in (0.16, 0.84):
        pen.line([(x, 0.90), (x, 0.30)], wood, 0.09)
    pen.line([(0.16, 0.40), (0.5, 0.12), (0.84, 0.40)], wood, 0.07)
    pen.line([(0.16, 0.88), (0.84, 0.46)], pen.darker(wood, 0.25), 0.05)


def draw_block(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A wall of bricks."""
    brick = pen.faded(_BRICK, 0.5 * is_resting)
    pen.box(0.04, 0.06, 0.96, 0.94, radius=0.04, fill=pen.darker(brick, 0.5))
    for row, starts in enumerate(((0.08, 0.52), (0.08, 0.30, 0.74), (0.08, 0.52))):
        ends = (*(start - 0.04 for start in starts[1:]), 0.92)
        top = 0.11 + 0.27 * row
        for left, right in zip(starts, ends, strict=True):
            pen.box(left, top, right, top + 0.23, radius=0.02, fill=brick)


def draw_door(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A door in its frame."""
    wood = pen.faded(pen.colors.wood, 0.5 * is_resting)
    pen.box(0.12, 0.04, 0.88, 0.96, radius=0.08, fill=pen.darker(pen.colors.stone, 0.4))
    pen.box(0.22, 0.12, 0.78, 0.96, radius=0.06, fill=wood)
    for x in (0.40, 0.60):
        pen.line([(x, 0.15), (x, 0.94)], pen.darker(wood, 0.35), 0.025)
    pen.ellipse(0.69, 0.56, 0.05, fill=pen.colors.gold, outline=pen.colors.ink, width=0.015)


def draw_chest(pen: Pen, kind: str, is_resting: bool) -> None:
    """A wooden chest with a round lid and a lock."""
    wood = pen.faded(pen.colors.named_color(kind, pen.colors.wood), 0.5 * is_resting)
    pen.box(0.08, 0.18, 0.92, 0.92, radius=0.16, fill=pen.darker(wood, 0.6))
    pen.box(0.12, 0.22, 0.88, 0.50, radius=0.14, fill=pen.lighter(wood, 0.15))
    pen.box(0.12, 0.52, 0.88, 0.86, radius=0.04, fill=wood)
    pen.box(0.42, 0.42, 0.58, 0.66, radius=0.03, fill=pen.colors.gold, outline=pen.colors.ink, width=0.02)


def draw_vault(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A safe with a wheel."""
    steel = pen.faded(_STEEL, 0.5 * is_resting)
    pen.box(0.07, 0.08, 0.93, 0.94, radius=0.08, fill=pen.darker(steel, 0.6))
    pen.box(0.13, 0.13, 0.87, 0.86, radius=0.05, fill=steel)
    pen.ellipse(0.5, 0.5, 0.22, fill=pen.lighter(steel, 0.35), outline=pen.colors.ink, width=0.03)
    for turn in range(3):
        x, y = 0.20 * math.cos(turn * math.pi / 3), 0.20 * math.sin(turn * math.pi / 3)
        pen.line([(0.5 - x, 0.5 - y), (0.5 + x, 0.5 + y)], pen.colors.ink, 0.035)
    pen.ellipse(0.5, 0.5, 0.07, fill=pen.colors.gold)


def draw_store(pen: Pen, kind: str, is_resting: bool) -> None:
    """An open shed with a roof in its team's colour."""
    color = pen.faded(_owned(pen, kind), 0.5 * is_resting)
    pen.box(0.12, 0.36, 0.88, 0.94, fill=mix(pen.colors.floor, pen.colors.wood, 0.45), outline=pen.colors.ink)
    pen.box(0.24, 0.54, 0.76, 0.92, fill=pen.darker(pen.colors.wood, 0.6))
    pen.polygon([(0.03, 0.42), (0.18, 0.10), (0.82, 0.10), (0.97, 0.42)], fill=color, outline=pen.colors.ink)
    pen.polygon([(0.30, 0.92), (0.50, 0.62), (0.70, 0.92)], fill=pen.lighter(color, 0.3))


def draw_crate(pen: Pen, kind: str, is_resting: bool) -> None:
    """A crate with a cross of planks."""
    wood = pen.faded(pen.colors.named_color(kind, pen.colors.wood), 0.5 * is_resting)
    dark = pen.darker(wood, 0.45)
    pen.box(0.08, 0.08, 0.92, 0.94, radius=0.04, fill=dark)
    pen.box(0.15, 0.15, 0.85, 0.87, fill=pen.lighter(wood, 0.25))
    for ends in ([(0.19, 0.19), (0.81, 0.83)], [(0.81, 0.19), (0.19, 0.83)]):
        pen.line(ends, dark, 0.14)
        pen.line(ends, wood, 0.09)


def draw_lever(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A lever; it lies to the other side, and green, while it was pulled."""
    tip, color = ((0.78, 0.24), pen.colors.green) if is_resting else ((0.22, 0.24), pen.colors.red)
    pen.line([(0.5, 0.76), tip], pen.darker(pen.colors.stone, 0.5), 0.10)
    pen.ellipse(*tip, 0.13, fill=color, outline=pen.colors.ink, width=0.03)
    pen.box(0.16, 0.70, 0.84, 0.94, radius=0.08, fill=pen.colors.stone, outline=pen.colors.ink)


def draw_extractor(pen: Pen, kind: str, is_resting: bool) -> None:
    """A tank with what it extracts behind a window."""
    steel = pen.faded(_STEEL, 0.5 * is_resting)
    fill = mix(pen.colors.named_color(kind, pen.colors.own_color(kind)), pen.colors.stone, 0.7 * is_resting)
    pen.box(0.34, 0.03, 0.66, 0.26, radius=0.05, fill=pen.darker(steel, 0.35))
    pen.box(0.10, 0.16, 0.90, 0.94, radius=0.18, fill=pen.darker(steel, 0.55))
    pen.box(0.15, 0.19, 0.85, 0.88, radius=0.15, fill=steel)
    pen.ellipse(0.5, 0.54, 0.26, fill=fill, outline=pen.colors.ink, width=0.04)
    pen.ellipse(0.42, 0.45, 0.08, 0.06, fill=pen.lighter(fill, 0.6))


def draw_forge(pen: Pen, _kind: str, is_resting: bool) -> None:
    """An oven with a fire."""
    pen.polygon([(0.06, 0.94), (0.18, 0.24), (0.82, 0.24), (0.94, 0.94)], fill=pen.darker(_BRICK, 0.55))
    pen.box(0.36, 0.05, 0.64, 0.30, fill=pen.darker(_BRICK, 0.4))
    pen.ellipse(0.5, 0.70, 0.26, 0.24, fill=pen.colors.ink)
    if not is_resting:
        pen.polygon(
            [(0.28, 0.88), (0.40, 0.54), (0.49, 0.68), (0.60, 0.48), (0.72, 0.88)], fill=pen.colors.red
        )
        pen.polygon([(0.38, 0.88), (0.47, 0.68), (0.55, 0.76), (0.62, 0.88)], fill=pen.colors.gold)


def draw_assembler(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A cogwheel on a machine."""
    pen.box(0.06, 0.06, 0.94, 0.94, radius=0.14, fill=pen.darker(pen.colors.charger, 0.3))
    color = pen.colors.stone if is_resting else pen.colors.gold
    pen.polygon(star_outline(0.5, 0.5, 0.40, 0.27, 8), fill=pen.darker(color, 0.35))
    pen.ellipse(0.5, 0.5, 0.27, fill=color)
    pen.ellipse(0.5, 0.5, 0.11, fill=pen.colors.ink)


def draw_beacon(pen: Pen, kind: str, is_resting: bool) -> None:
    """A mast with a lamp in its team's colour."""
    color = mix(_owned(pen, kind), pen.colors.stone, 0.6 * is_resting)
    if not is_resting:
        pen.ellipse(0.5, 0.30, 0.30, fill=color, alpha=80)
    pen.polygon(
        [(0.40, 0.42), (0.60, 0.42), (0.76, 0.94), (0.24, 0.94)],
        fill=pen.darker(pen.colors.stone, 0.45),
        outline=pen.colors.ink,
    )
    pen.line([(0.36, 0.62), (0.64, 0.62)], pen.colors.paper, 0.04)
    pen.ellipse(0.5, 0.30, 0.19, fill=color, outline=pen.colors.ink, width=0.035)
    pen.ellipse(0.44, 0.24, 0.06, fill=pen.lighter(color, 0.6))


def _owned(pen: Pen, kind: str) -> Color:
    """The colour of the team that a name ends with, or the name's own."""
    number, colors = number_of(kind), pen.colors
    return colors.team_color(number) if number else colors.named_color(kind, colors.own_color(kind))
