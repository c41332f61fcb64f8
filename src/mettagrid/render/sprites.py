"""Pictures of single things, one cell large, drawn with plain shapes. They know no world."""

import math
from functools import lru_cache

from PIL import Image

from mettagrid.render.palette import (
    ALTAR,
    BORDER,
    BORDER_TOP,
    CHARGER,
    FLOOR,
    GOLD,
    GREEN,
    ICE,
    INK,
    PAPER,
    PARCHMENT,
    PINK,
    RED,
    SHIELD,
    STONE,
    WALL,
    WALL_TOP,
    Color,
    agent_color,
    mix,
    named_color,
)
from mettagrid.render.pen import Pen, heart_outline, regular_outline, star_outline
from mettagrid.render.scene import Thing

# Unit steps (across, down) of the headings north, east, south, west.
HEADINGS = ((0, -1), (1, 0), (0, 1), (-1, 0))
_NUM_ENERGY_LEVELS = 8
_NUM_HEALTH_LEVELS = 6
_NUM_MARK_SHAPES = 8
_MAX_PIPS = 4
# An agent moves this far up in its cell to leave room for the energy bar under it.
_BODY_Y = 0.46
_BODY_RADIUS = 0.31


def sprite(thing: Thing, cell_size: int) -> Image.Image:
    """The picture (RGBA, `cell_size` square) of an object or an agent; equal states share one picture."""
    if thing.look == "agent":
        return _agent(*_agent_state(thing), cell_size)
    health = math.ceil(thing.health * _NUM_HEALTH_LEVELS) / _NUM_HEALTH_LEVELS
    return _object(thing.look, thing.kind, thing.is_resting, thing.mark, health, cell_size)


@lru_cache(maxsize=4096)
def wall(joints: int, is_border: bool, cell_size: int) -> Image.Image:
    """A piece of wall. `joints`: bits 0..3 = wall north, east, south, west of it; 4..7 = NE, SE, SW, NW."""
    pen = Pen(cell_size)
    side, top = (BORDER, BORDER_TOP) if is_border else (WALL, WALL_TOP)
    _wall_shape(pen, joints, 0.0, side)
    _wall_shape(pen, joints, 0.1, top)
    return pen.finish()


@lru_cache(maxsize=256)
def cracks(health: float, cell_size: int) -> Image.Image:
    """What is drawn over a thing that has `health` (0..1) left of its hit points."""
    pen = Pen(cell_size)
    _draw_cracks(pen, health)
    return pen.finish()


def _wall_shape(pen: Pen, joints: int, inset: float, color: Color) -> None:
    low, high = 0.06 + inset, 0.94 - inset
    north, east, south, west = (bool(joints >> bit & 1) for bit in range(4))
    pen.box(low, low, high, high, radius=max(0.02, 0.22 - inset), fill=color)
    for is_joined, edges in (
        (north, (low, 0.0, high, 0.5)),
        (east, (0.5, low, 1.0, high)),
        (south, (low, 0.5, high, 1.0)),
        (west, (0.0, low, 0.5, high)),
    ):
        if is_joined:
            pen.box(*edges, fill=color)
    corners = ((high, 0.0, 1.0, low), (high, high, 1.0, 1.0), (0.0, high, low, 1.0), (0.0, 0.0, low, low))
    for bit, edges in enumerate(corners, start=4):
        if joints >> bit & 1:
            pen.box(*edges, fill=color)


def _agent_state(thing: Thing) -> tuple[int, int, int, bool, bool, int, tuple[Color, ...]]:
    energy = -1 if thing.energy < 0 else math.ceil(thing.energy * _NUM_ENERGY_LEVELS)
    pips = [
        named_color(name) for name, amount in thing.carried for _ in range(min(amount, 2)) if name != "heart"
    ]
    return (
        thing.agent,
        thing.heading,
        energy,
        thing.frozen > 0,
        thing.shield,
        thing.mark,
        tuple(pips[:_MAX_PIPS]),
    )


@lru_cache(maxsize=16384)
def _agent(
    agent: int,
    heading: int,
    energy: int,
    is_frozen: bool,
    has_shield: bool,
    mark: int,
    pips: tuple[Color, ...],
    cell_size: int,
) -> Image.Image:
    pen = Pen(cell_size)
    color = agent_color(agent)
    if has_shield:
        _draw_shield(pen)
    _draw_body(pen, mix(color, ICE, 0.45) if is_frozen else color, heading)
    _draw_eyes(pen, heading, is_frozen)
    if energy >= 0:
        _draw_bar(pen, energy / _NUM_ENERGY_LEVELS)
    for index, pip in enumerate(pips):
        draw_gem(pen, pip, 0.12 + 0.17 * index, 0.76, 0.09)
    if is_frozen:
        _draw_ice(pen)
    if mark:
        _draw_mark(pen, mark, 0.79, 0.21, 0.185)
    return pen.finish()


def _draw_body(pen: Pen, color: Color, heading: int) -> None:
    """A round body with a snout that points where the agent looks."""
    dx, dy = HEADINGS[heading]
    dark = mix(color, INK, 0.55)
    for fill, grow in ((dark, 0.035), (color, 0.0)):
        tip, base, half = 0.44 + grow, 0.20, 0.19 + grow
        pen.polygon(
            [
                (0.5 + dx * tip, _BODY_Y + dy * tip),
                (0.5 + dx * base - dy * half, _BODY_Y + dy * base + dx * half),
                (0.5 + dx * base + dy * half, _BODY_Y + dy * base - dx * half),
            ],
            fill=fill,
        )
        pen.ellipse(0.5, _BODY_Y, _BODY_RADIUS + grow, fill=fill)
    pen.ellipse(0.5 - 0.07, _BODY_Y - 0.09, 0.17, 0.14, fill=mix(color, PAPER, 0.22))


def _draw_eyes(pen: Pen, heading: int, is_frozen: bool) -> None:
    dx, dy = HEADINGS[heading]
    for side in (-1, 1):
        x = 0.5 + dx * 0.15 - dy * side * 0.125
        y = _BODY_Y + dy * 0.15 + dx * side * 0.125
        pen.ellipse(x, y, 0.092, fill=PAPER)
        if not is_frozen:
            pen.ellipse(x + dx * 0.035, y + dy * 0.035, 0.05, fill=INK)
        else:
            pen.line([(x - 0.05, y), (x + 0.05, y)], INK, 0.03)


def _draw_bar(pen: Pen, share: float) -> None:
    """The energy bar below an agent: green, yellow when low, red when nearly out."""
    color = GREEN if share > 0.5 else GOLD if share > 0.25 else RED
    pen.box(0.08, 0.855, 0.92, 0.985, radius=0.06, fill=INK)
    if share > 0:
        pen.box(0.115, 0.89, 0.115 + 0.77 * share, 0.95, radius=0.025, fill=color)


def _draw_shield(pen: Pen) -> None:
    pen.ellipse(0.5, _BODY_Y, 0.455, fill=SHIELD, alpha=70)
    pen.ellipse(0.5, _BODY_Y, 0.455, outline=SHIELD, width=0.06)


def _draw_ice(pen: Pen) -> None:
    """A block of ice over the cell, with a flake."""
    pen.box(0.03, 0.02, 0.97, 0.87, radius=0.14, fill=ICE, alpha=135)
    pen.box(0.03, 0.02, 0.97, 0.87, radius=0.14, outline=PAPER, width=0.05, alpha=235)
    for turn in range(3):
        angle = math.pi * turn / 3 + math.pi / 2
        dx, dy = 0.13 * math.cos(angle), 0.13 * math.sin(angle)
        pen.line([(0.2 - dx, 0.2 - dy), (0.2 + dx, 0.2 + dy)], PAPER, 0.045)


def _draw_mark(pen: Pen, mark: int, x: float, y: float, size: float) -> None:
    """A symbol in a bubble: the shape changes with every number, the colour after each round of shapes."""
    shape = (mark - 1) % _NUM_MARK_SHAPES
    color = (INK, RED, GREEN, SHIELD)[(mark - 1) // _NUM_MARK_SHAPES % 4]
    pen.ellipse(x, y, size + 0.025, fill=INK)
    pen.ellipse(x, y, size, fill=PAPER)
    inner = size * 0.62
    if shape == 0:
        pen.ellipse(x, y, inner * 0.9, fill=color)
    elif shape < 4:
        pen.polygon(regular_outline(x, y, inner, shape + 2), fill=color)
    elif shape == 4:
        pen.polygon(star_outline(x, y, inner * 1.1, inner * 0.45, 5), fill=color)
    elif shape == 5:
        pen.line([(x - inner * 0.7, y), (x + inner * 0.7, y)], color, 0.06)
        pen.line([(x, y - inner * 0.7), (x, y + inner * 0.7)], color, 0.06)
    elif shape == 6:
        pen.ellipse(x, y, inner * 0.85, outline=color, width=0.055)
    else:
        pen.polygon(heart_outline(x, y, inner * 1.9), fill=color)


@lru_cache(maxsize=4096)
def _object(look: str, kind: str, is_resting: bool, mark: int, health: float, cell_size: int) -> Image.Image:
    pen = Pen(cell_size)
    if look == "gem":
        _draw_generator(pen, named_color(kind, GREEN), is_resting)
    elif look == "bolt":
        _draw_charger(pen, is_resting)
    elif look == "heart":
        _draw_altar(pen, is_resting)
    elif look == "note":
        _draw_mark(pen, max(1, mark), 0.5, 0.5, 0.22)
    else:
        _draw_box(pen, named_color(kind), is_resting)
    if health < 1:
        _draw_cracks(pen, health)
    return pen.finish()


def draw_gem(pen: Pen, color: Color, x: float, y: float, size: float) -> None:
    """A cut diamond with centre (x, y), `size` from the centre to its side."""
    crown, girdle, tip = y - 0.62 * size, y - 0.12 * size, y + size
    inner, outer = 0.55 * size, size
    outline = [(x - inner, crown), (x + inner, crown), (x + outer, girdle), (x, tip), (x - outer, girdle)]
    grow = 1.0 + 0.02 / size
    pen.polygon(
        [(x + (px - x) * grow, y + (py - y) * grow) for px, py in outline], fill=mix(color, INK, 0.55)
    )
    pen.polygon(outline, fill=color)
    third = outer * 0.42
    pen.polygon([outline[4], (x - third, girdle), (x, tip)], fill=mix(color, INK, 0.18))
    pen.polygon([outline[2], (x + third, girdle), (x, tip)], fill=mix(color, INK, 0.32))
    pen.polygon([outline[0], outline[4], (x - third, girdle)], fill=mix(color, PAPER, 0.30))
    pen.polygon(
        [outline[0], outline[1], (x + third, girdle), (x - third, girdle)], fill=mix(color, PAPER, 0.55)
    )
    pen.polygon([outline[1], outline[2], (x + third, girdle)], fill=mix(color, PAPER, 0.18))


def _draw_generator(pen: Pen, color: Color, is_resting: bool) -> None:
    """A diamond on a stone; only the stone and a pale gem while it has none to give."""
    pen.ellipse(0.5, 0.80, 0.40, 0.13, fill=mix(STONE, INK, 0.45))
    pen.ellipse(0.5, 0.77, 0.38, 0.12, fill=STONE)
    if is_resting:
        draw_gem(pen, mix(color, FLOOR, 0.68), 0.5, 0.56, 0.21)
    else:
        draw_gem(pen, color, 0.5, 0.45, 0.37)


def _draw_charger(pen: Pen, is_resting: bool) -> None:
    body = mix(CHARGER, STONE, 0.5) if is_resting else CHARGER
    bolt = mix(GOLD, STONE, 0.75) if is_resting else GOLD
    pen.box(0.10, 0.08, 0.90, 0.94, radius=0.16, fill=mix(body, INK, 0.6))
    pen.box(0.13, 0.08, 0.87, 0.88, radius=0.14, fill=body)
    outline = [(0.58, 0.14), (0.28, 0.54), (0.47, 0.54), (0.40, 0.83), (0.73, 0.41), (0.53, 0.41)]
    pen.polygon(outline, fill=bolt)


def _draw_altar(pen: Pen, is_resting: bool) -> None:
    heart = mix(PINK, STONE, 0.75) if is_resting else PINK
    pen.box(0.12, 0.76, 0.88, 0.95, radius=0.05, fill=mix(ALTAR, INK, 0.5))
    pen.box(0.12, 0.74, 0.88, 0.89, radius=0.05, fill=ALTAR)
    pen.box(0.26, 0.58, 0.74, 0.78, fill=mix(ALTAR, INK, 0.25))
    pen.polygon(heart_outline(0.5, 0.385, 0.80), fill=mix(heart, INK, 0.5))
    pen.polygon(heart_outline(0.5, 0.38, 0.72), fill=heart)
    if not is_resting:
        pen.ellipse(0.36, 0.27, 0.075, 0.06, fill=mix(heart, PAPER, 0.65))


def _draw_box(pen: Pen, color: Color, is_resting: bool) -> None:
    color = mix(color, FLOOR, 0.5) if is_resting else color
    pen.box(0.12, 0.12, 0.88, 0.90, radius=0.08, fill=mix(color, INK, 0.55))
    pen.box(0.15, 0.15, 0.85, 0.84, radius=0.06, fill=color)
    pen.line([(0.22, 0.40), (0.78, 0.40)], mix(color, INK, 0.35), 0.04)
    pen.box(0.43, 0.34, 0.57, 0.50, radius=0.03, fill=PARCHMENT, outline=INK, width=0.02)


def _draw_cracks(pen: Pen, health: float) -> None:
    """Cracks that grow as an object loses hit points."""
    cracks = (
        [(0.20, 0.20), (0.36, 0.34), (0.32, 0.50), (0.46, 0.62)],
        [(0.82, 0.26), (0.66, 0.40), (0.72, 0.56)],
        [(0.28, 0.88), (0.44, 0.74), (0.62, 0.80), (0.70, 0.66)],
    )
    for crack in cracks[: math.ceil((1 - health) * len(cracks))]:
        pen.line(crack, INK, 0.025, alpha=200)
