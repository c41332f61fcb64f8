"""Pictures of single things, one cell large, drawn with plain shapes. They know no world."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from PIL import Image

from mettagrid.render.palette import LIGHT, Color, Palette, mix
from mettagrid.render.pen import Pen, Point
from mettagrid.render.scene import Thing
from mettagrid.render.things import buildings, nature, stations
from mettagrid.render.things.goods import draw_good
from mettagrid.render.things.stations import draw_cracks, draw_mark

# Unit steps (across, down) of the headings north, east, south, west.
HEADINGS = ((0, -1), (1, 0), (0, 1), (-1, 0))
NUM_ENERGY_LEVELS = 8
NUM_FORMS = 4
"""Sorts of bodies that look different."""
_NUM_HEALTH_LEVELS = 6
# What an agent carries shows as small gems at its feet: so many in all, so many of a sort, so large.
MAX_PIPS, MAX_PIPS_OF_A_SORT, PIP_SIZE = 4, 2, 0.105
# The mark of an agent, and one that stands by itself.
MARK_PLACE, MARK_SIZE, NOTE_SIZE = (0.79, 0.21), 0.185, 0.22
# An agent moves this far up in its cell to leave room for the energy bar under it.
_BODY_Y = 0.46
_BODY_RADIUS = 0.31
# How large a young agent is, beside a grown one.
YOUNG_SIZE = 0.68

Drawing = Callable[[Pen, str, bool], None]
# Look -> how it is drawn; all others are tiles.
_DRAWINGS: dict[str, Drawing] = {
    "gem": stations.draw_generator,
    "bolt": stations.draw_charger,
    "heart": stations.draw_altar,
    "box": stations.draw_box,
    "ore": nature.draw_ore,
    "bush": nature.draw_bush,
    "tree": nature.draw_tree,
    "rock": nature.draw_rock,
    "grass": nature.draw_grass,
    "stag": nature.draw_stag,
    "hare": nature.draw_hare,
    "house": buildings.draw_house,
    "site": buildings.draw_site,
    "block": buildings.draw_block,
    "door": buildings.draw_door,
    "chest": buildings.draw_chest,
    "vault": buildings.draw_vault,
    "store": buildings.draw_store,
    "crate": buildings.draw_crate,
    "lever": buildings.draw_lever,
    "extractor": buildings.draw_extractor,
    "forge": buildings.draw_forge,
    "assembler": buildings.draw_assembler,
    "beacon": buildings.draw_beacon,
}


def sprite(thing: Thing, cell_size: int, colors: Palette = LIGHT) -> Image.Image:
    """The picture (RGBA, `cell_size` square) of an object or an agent; equal states share one picture."""
    if thing.look == "agent":
        return _agent(_looks(thing, colors), cell_size, colors)
    health = math.ceil(thing.health * _NUM_HEALTH_LEVELS) / _NUM_HEALTH_LEVELS
    return _object(thing.look, thing.kind, thing.is_resting, thing.mark, health, cell_size, colors)


@lru_cache(maxsize=256)
def cracks(health: float, cell_size: int, colors: Palette = LIGHT) -> Image.Image:
    """What is drawn over a thing that has `health` (0..1) left of its hit points."""
    pen = Pen(cell_size, colors)
    draw_cracks(pen, health)
    return pen.finish()


class _Looks(NamedTuple):
    """All of an agent's state that shows. Of many agents several share a colour, and so their pictures."""

    color: Color
    heading: int
    energy: int
    is_frozen: bool
    has_shield: bool
    mark: int
    pips: tuple[str, ...]
    team: int
    form: int
    is_young: bool


def _looks(thing: Thing, colors: Palette) -> _Looks:
    pips = [
        name
        for name, amount in thing.carried
        for _ in range(min(amount, MAX_PIPS_OF_A_SORT))
        if name != "heart"
    ]
    return _Looks(
        color=colors.agent_color(thing.agent),
        heading=thing.heading,
        energy=-1 if thing.energy < 0 else math.ceil(thing.energy * NUM_ENERGY_LEVELS),
        is_frozen=thing.frozen > 0,
        has_shield=thing.shield,
        mark=thing.mark,
        pips=tuple(pips[:MAX_PIPS]),
        team=thing.team,
        form=thing.form,
        is_young=thing.is_young,
    )


@lru_cache(maxsize=16384)
def _agent(looks: _Looks, cell_size: int, colors: Palette) -> Image.Image:
    if looks.is_young:
        small = max(1, round(cell_size * YOUNG_SIZE))
        picture = Image.new("RGBA", (cell_size, cell_size), (0, 0, 0, 0))
        picture.paste(
            _agent(looks._replace(is_young=False), small, colors),
            ((cell_size - small) // 2, cell_size - small),
        )
        return picture
    pen = Pen(cell_size, colors)
    color = looks.color
    if looks.team:
        draw_team(pen, pen.colors.team_color(looks.team))
    if looks.has_shield:
        draw_shield(pen)
    draw_agent(pen, color, looks.form, looks.heading, looks.is_frozen)
    if looks.energy >= 0:
        draw_bar(pen, looks.energy / NUM_ENERGY_LEVELS)
    for index, pip in enumerate(looks.pips):
        draw_good(pen, pip, *pip_place(index), PIP_SIZE)
    if looks.is_frozen:
        draw_ice(pen)
    if looks.mark:
        draw_mark(pen, looks.mark, *MARK_PLACE, MARK_SIZE)
    return pen.finish()


def pip_place(index: int) -> Point:
    """Where the gem number `index` of an agent has its centre."""
    return 0.12 + 0.19 * index, 0.77


def draw_agent(pen: Pen, color: Color, form: int, heading: int, is_frozen: bool = False) -> None:
    """An agent's body, without anything that changes but its heading and its eyes."""
    _draw_ears(pen, pen.darker(color, 0.35), heading, form)
    _draw_body(pen, mix(color, pen.colors.ice, 0.45) if is_frozen else color, heading)
    _draw_eyes(pen, heading, is_frozen)


def draw_team(pen: Pen, color: Color) -> None:
    """A mat in the team's colour."""
    pen.box(0.03, 0.03, 0.97, 0.97, radius=0.16, fill=color, alpha=110)
    pen.box(0.03, 0.03, 0.97, 0.97, radius=0.16, outline=color, width=0.05)


def _draw_ears(pen: Pen, color: Color, heading: int, form: int) -> None:
    """Nothing for the first sort of bodies, then pointed ears, round ears, and both."""
    dx, dy = HEADINGS[heading]

    def at(ahead: float, aside: float) -> Point:
        return 0.5 + dx * ahead - dy * aside, _BODY_Y + dy * ahead + dx * aside

    for side in (-1, 1):
        if form % 4 >= 2:
            pen.ellipse(*at(-0.16, side * 0.32), 0.14, fill=color, outline=pen.colors.ink)
        if form % 2 == 1:
            pen.polygon(
                [at(-0.30, side * 0.46), at(0.14, side * 0.26), at(-0.28, side * 0.10)],
                fill=color,
                outline=pen.colors.ink,
            )


def _draw_body(pen: Pen, color: Color, heading: int) -> None:
    """A round body with a snout that points where the agent looks."""
    dx, dy = HEADINGS[heading]
    dark = pen.darker(color, 0.55)
    for fill, grow in ((dark, 0.035 * pen.colors.edge), (color, 0.0)):
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
    pen.ellipse(0.5 - 0.07, _BODY_Y - 0.09, 0.17, 0.14, fill=pen.lighter(color, 0.22))


def _draw_eyes(pen: Pen, heading: int, is_frozen: bool) -> None:
    dx, dy = HEADINGS[heading]
    for side in (-1, 1):
        x = 0.5 + dx * 0.15 - dy * side * 0.125
        y = _BODY_Y + dy * 0.15 + dx * side * 0.125
        pen.ellipse(x, y, 0.092, fill=pen.colors.paper)
        if not is_frozen:
            pen.ellipse(x + dx * 0.035, y + dy * 0.035, 0.05, fill=pen.colors.ink)
        else:
            pen.line([(x - 0.05, y), (x + 0.05, y)], pen.colors.ink, 0.03)


def draw_bar(pen: Pen, share: float) -> None:
    """The energy bar below an agent: green, yellow when low, red when nearly out."""
    color = pen.colors.green if share > 0.5 else pen.colors.gold if share > 0.25 else pen.colors.red
    pen.box(0.08, 0.855, 0.92, 0.985, radius=0.06, fill=pen.colors.bar)
    if share > 0:
        pen.box(0.115, 0.89, 0.115 + 0.77 * share, 0.95, radius=0.025, fill=color)


def draw_shield(pen: Pen) -> None:
    """A ring of light around an agent."""
    pen.ellipse(0.5, _BODY_Y, 0.455, fill=pen.colors.shield, alpha=70)
    pen.ellipse(0.5, _BODY_Y, 0.455, outline=pen.colors.shield, width=0.06)


def draw_ice(pen: Pen) -> None:
    """A block of ice over the cell, with a flake."""
    pen.box(0.03, 0.02, 0.97, 0.87, radius=0.14, fill=pen.colors.ice, alpha=135)
    pen.box(0.03, 0.02, 0.97, 0.87, radius=0.14, outline=pen.colors.paper, width=0.05, alpha=235)
    for turn in range(3):
        angle = math.pi * turn / 3 + math.pi / 2
        dx, dy = 0.13 * math.cos(angle), 0.13 * math.sin(angle)
        pen.line([(0.2 - dx, 0.2 - dy), (0.2 + dx, 0.2 + dy)], pen.colors.paper, 0.045)


@lru_cache(maxsize=4096)
def _object(
    look: str, kind: str, is_resting: bool, mark: int, health: float, cell_size: int, colors: Palette
) -> Image.Image:
    pen = Pen(cell_size, colors)
    draw_thing(pen, look, kind, is_resting, mark)
    if health < 1:
        draw_cracks(pen, health)
    return pen.finish()


def draw_thing(pen: Pen, look: str, kind: str, is_resting: bool = False, mark: int = 0) -> None:
    """A thing that is neither an agent nor a wall."""
    if look == "note":
        draw_mark(pen, max(1, mark), 0.5, 0.5, NOTE_SIZE)
    else:
        _DRAWINGS.get(look, buildings.draw_tile)(pen, kind, is_resting)
