"""Pictures of what is made: houses, doors, chests, machines, and the tile for all others. One cell large."""

import math

from mettagrid.render.looks import label_of, number_of
from mettagrid.render.palette import (
    CHARGER,
    FLOOR,
    GOLD,
    GREEN,
    INK,
    PAPER,
    RED,
    STONE,
    WOOD,
    Color,
    mix,
    named_color,
    own_color,
    team_color,
)
from mettagrid.render.pen import Pen, star_outline

_BRICK: Color = (186, 104, 84)
_STEEL: Color = (112, 124, 142)


def draw_tile(pen: Pen, kind: str, is_resting: bool) -> None:
    """A tile with a colour of its own and one or two letters, for any kind."""
    color = mix(own_color(kind), FLOOR, 0.5 * is_resting)
    pen.box(0.07, 0.07, 0.93, 0.95, radius=0.14, fill=mix(color, INK, 0.55))
    pen.box(0.10, 0.08, 0.90, 0.89, radius=0.12, fill=color)
    pen.text(0.5, 0.49, label_of(kind), 0.56, PAPER)


def draw_house(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A house; its window is dark while it rests."""
    pen.box(0.16, 0.42, 0.84, 0.94, fill=mix(FLOOR, WOOD, 0.3), outline=INK)
    pen.polygon([(0.04, 0.48), (0.5, 0.06), (0.96, 0.48)], fill=mix(_BRICK, INK, 0.5))
    pen.polygon([(0.13, 0.45), (0.5, 0.12), (0.87, 0.45)], fill=_BRICK)
    pen.box(0.56, 0.58, 0.74, 0.94, fill=WOOD, outline=INK)
    pen.box(0.25, 0.56, 0.45, 0.74, fill=STONE if is_resting else GOLD, outline=INK)


def draw_site(pen: Pen, _kind: str, is_resting: bool) -> None:
    """Four posts and a half-built frame."""
    wood = mix(WOOD, FLOOR, 0.5 * is_resting)
    pen.box(0.10, 0.62, 0.90, 0.92, fill=mix(wood, FLOOR, 0.6), outline=mix(wood, INK, 0.3))
    for x in (0.16, 0.84):
        pen.line([(x, 0.90), (x, 0.30)], wood, 0.09)
    pen.line([(0.16, 0.40), (0.5, 0.12), (0.84, 0.40)], wood, 0.07)
    pen.line([(0.16, 0.88), (0.84, 0.46)], mix(wood, INK, 0.25), 0.05)


def draw_block(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A wall of bricks."""
    brick = mix(_BRICK, FLOOR, 0.5 * is_resting)
    pen.box(0.04, 0.06, 0.96, 0.94, radius=0.04, fill=mix(brick, INK, 0.5))
    for row, starts in enumerate(((0.08, 0.52), (0.08, 0.30, 0.74), (0.08, 0.52))):
        ends = (*(start - 0.04 for start in starts[1:]), 0.92)
        top = 0.11 + 0.27 * row
        for left, right in zip(starts, ends, strict=True):
            pen.box(left, top, right, top + 0.23, radius=0.02, fill=brick)


def draw_door(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A door in its frame."""
    wood = mix(WOOD, FLOOR, 0.5 * is_resting)
    pen.box(0.12, 0.04, 0.88, 0.96, radius=0.08, fill=mix(STONE, INK, 0.4))
    pen.box(0.22, 0.12, 0.78, 0.96, radius=0.06, fill=wood)
    for x in (0.40, 0.60):
        pen.line([(x, 0.15), (x, 0.94)], mix(wood, INK, 0.35), 0.025)
    pen.ellipse(0.69, 0.56, 0.05, fill=GOLD, outline=INK, width=0.015)


def draw_chest(pen: Pen, kind: str, is_resting: bool) -> None:
    """A wooden chest with a round lid and a lock."""
    wood = mix(named_color(kind, WOOD), FLOOR, 0.5 * is_resting)
    pen.box(0.08, 0.18, 0.92, 0.92, radius=0.16, fill=mix(wood, INK, 0.6))
    pen.box(0.12, 0.22, 0.88, 0.50, radius=0.14, fill=mix(wood, PAPER, 0.15))
    pen.box(0.12, 0.52, 0.88, 0.86, radius=0.04, fill=wood)
    pen.box(0.42, 0.42, 0.58, 0.66, radius=0.03, fill=GOLD, outline=INK, width=0.02)


def draw_vault(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A safe with a wheel."""
    steel = mix(_STEEL, FLOOR, 0.5 * is_resting)
    pen.box(0.07, 0.08, 0.93, 0.94, radius=0.08, fill=mix(steel, INK, 0.6))
    pen.box(0.13, 0.13, 0.87, 0.86, radius=0.05, fill=steel)
    pen.ellipse(0.5, 0.5, 0.22, fill=mix(steel, PAPER, 0.35), outline=INK, width=0.03)
    for turn in range(3):
        x, y = 0.20 * math.cos(turn * math.pi / 3), 0.20 * math.sin(turn * math.pi / 3)
        pen.line([(0.5 - x, 0.5 - y), (0.5 + x, 0.5 + y)], INK, 0.035)
    pen.ellipse(0.5, 0.5, 0.07, fill=GOLD)


def draw_store(pen: Pen, kind: str, is_resting: bool) -> None:
    """An open shed with a roof in its team's colour."""
    color = mix(_owned(kind), FLOOR, 0.5 * is_resting)
    pen.box(0.12, 0.36, 0.88, 0.94, fill=mix(FLOOR, WOOD, 0.45), outline=INK)
    pen.box(0.24, 0.54, 0.76, 0.92, fill=mix(WOOD, INK, 0.6))
    pen.polygon([(0.03, 0.42), (0.18, 0.10), (0.82, 0.10), (0.97, 0.42)], fill=color, outline=INK)
    pen.polygon([(0.30, 0.92), (0.50, 0.62), (0.70, 0.92)], fill=mix(color, PAPER, 0.3))


def draw_crate(pen: Pen, kind: str, is_resting: bool) -> None:
    """A crate with a cross of planks."""
    wood = mix(named_color(kind, WOOD), FLOOR, 0.5 * is_resting)
    dark = mix(wood, INK, 0.45)
    pen.box(0.08, 0.08, 0.92, 0.94, radius=0.04, fill=dark)
    pen.box(0.15, 0.15, 0.85, 0.87, fill=mix(wood, PAPER, 0.25))
    for ends in ([(0.19, 0.19), (0.81, 0.83)], [(0.81, 0.19), (0.19, 0.83)]):
        pen.line(ends, dark, 0.14)
        pen.line(ends, wood, 0.09)


def draw_lever(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A lever; it lies to the other side, and green, while it was pulled."""
    tip, color = ((0.78, 0.24), GREEN) if is_resting else ((0.22, 0.24), RED)
    pen.line([(0.5, 0.76), tip], mix(STONE, INK, 0.5), 0.10)
    pen.ellipse(*tip, 0.13, fill=color, outline=INK, width=0.03)
    pen.box(0.16, 0.70, 0.84, 0.94, radius=0.08, fill=STONE, outline=INK)


def draw_extractor(pen: Pen, kind: str, is_resting: bool) -> None:
    """A tank with what it extracts behind a window."""
    steel = mix(_STEEL, FLOOR, 0.5 * is_resting)
    fill = mix(named_color(kind, own_color(kind)), STONE, 0.7 * is_resting)
    pen.box(0.34, 0.03, 0.66, 0.26, radius=0.05, fill=mix(steel, INK, 0.35))
    pen.box(0.10, 0.16, 0.90, 0.94, radius=0.18, fill=mix(steel, INK, 0.55))
    pen.box(0.15, 0.19, 0.85, 0.88, radius=0.15, fill=steel)
    pen.ellipse(0.5, 0.54, 0.26, fill=fill, outline=INK, width=0.04)
    pen.ellipse(0.42, 0.45, 0.08, 0.06, fill=mix(fill, PAPER, 0.6))


def draw_forge(pen: Pen, _kind: str, is_resting: bool) -> None:
    """An oven with a fire."""
    pen.polygon([(0.06, 0.94), (0.18, 0.24), (0.82, 0.24), (0.94, 0.94)], fill=mix(_BRICK, INK, 0.55))
    pen.box(0.36, 0.05, 0.64, 0.30, fill=mix(_BRICK, INK, 0.4))
    pen.ellipse(0.5, 0.70, 0.26, 0.24, fill=INK)
    if not is_resting:
        pen.polygon([(0.28, 0.88), (0.40, 0.54), (0.49, 0.68), (0.60, 0.48), (0.72, 0.88)], fill=RED)
        pen.polygon([(0.38, 0.88), (0.47, 0.68), (0.55, 0.76), (0.62, 0.88)], fill=GOLD)


def draw_assembler(pen: Pen, _kind: str, is_resting: bool) -> None:
    """A cogwheel on a machine."""
    pen.box(0.06, 0.06, 0.94, 0.94, radius=0.14, fill=mix(CHARGER, INK, 0.3))
    color = STONE if is_resting else GOLD
    pen.polygon(star_outline(0.5, 0.5, 0.40, 0.27, 8), fill=mix(color, INK, 0.35))
    pen.ellipse(0.5, 0.5, 0.27, fill=color)
    pen.ellipse(0.5, 0.5, 0.11, fill=INK)


def draw_beacon(pen: Pen, kind: str, is_resting: bool) -> None:
    """A mast with a lamp in its team's colour."""
    color = mix(_owned(kind), STONE, 0.6 * is_resting)
    if not is_resting:
        pen.ellipse(0.5, 0.30, 0.30, fill=color, alpha=80)
    pen.polygon(
        [(0.40, 0.42), (0.60, 0.42), (0.76, 0.94), (0.24, 0.94)], fill=mix(STONE, INK, 0.45), outline=INK
    )
    pen.line([(0.36, 0.62), (0.64, 0.62)], PAPER, 0.04)
    pen.ellipse(0.5, 0.30, 0.19, fill=color, outline=INK, width=0.035)
    pen.ellipse(0.44, 0.24, 0.06, fill=mix(color, PAPER, 0.6))


def _owned(kind: str) -> Color:
    """The colour of the team that a name ends with, or the name's own."""
    number = number_of(kind)
    return team_color(number) if number else named_color(kind, own_color(kind))
