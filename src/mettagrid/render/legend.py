"""The legend below a picture: icons with words for all that can be met in a game."""

from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

from mettagrid.render.ground import ground_tile, trace_tile
from mettagrid.render.looks import WALLS, look_of
from mettagrid.render.palette import LIGHT, Palette
from mettagrid.render.pen import put
from mettagrid.render.scene import SceneReader, Thing
from mettagrid.render.sprites import sprite

Entry = tuple[Callable[[int, Palette], Image.Image], str]
"""A picture by its size and colours, and words."""

_COLORS = ("red", "blue", "green")
_ARENA_WORDS = {"charger": "charger: diamonds to energy", "altar": "altar: energy to hearts"}


def legend_entries(reader: SceneReader) -> list[Entry]:
    """Agents, things, ground, traces and the states of agents, in this order."""
    entries = [*_agents(reader)]
    for kind in reader.kinds:
        if kind not in ("empty", "agent") and look_of(kind) not in WALLS:
            entries.append(_thing(Thing(look_of(kind), kind, 0, 0, mark=1), _words(kind, reader)))
    for kind in reader.grounds:
        entries.append((lambda size, colors, kind=kind: ground_tile(kind, False, size, colors), _plain(kind)))
    for kind in reader.traces:
        entries.append((lambda size, colors, kind=kind: trace_tile(kind, 1.0, size, colors), _plain(kind)))
    return entries + _states(reader)


def _agents(reader: SceneReader) -> list[Entry]:
    """One entry for each sort of bodies."""
    energy = 0.8 if "energy" in reader.spec.variable_names else -1.0
    plain = "agent, energy bar" if energy > 0 else "agent"
    words = [plain, *(_plain(form) for form in reader.forms[1:])] if len(reader.forms) < 2 else reader.forms
    return [
        _thing(Thing("agent", "agent", 0, 0, 0, 1, energy, form=form), _plain(word))
        for form, word in enumerate(words)
    ]


def _states(reader: SceneReader) -> list[Entry]:
    names = set(reader.spec.variable_names)
    agent = ("agent", "agent", 0, 0, 0, 1)
    entries = []
    if "frozen" in names:
        entries.append(_thing(Thing(*agent, 0.0, frozen=1), "frozen"))
    if "shield" in names:
        entries.append(_thing(Thing(*agent, 0.8, shield=True), "shield up"))
    if names & {"mark", "marker", "symbol"}:
        entries.append(_thing(Thing(*agent, 0.8, mark=5), "marks itself"))
    if "youth" in names:
        entries.append(_thing(Thing(*agent, 0.8, is_young=True), "young"))
    return entries


def _words(kind: str, reader: SceneReader) -> str:
    # What chargers and altars do is the arena's: other games give them other recipes.
    if {"charger", "altar"} <= set(reader.kinds) and kind in _ARENA_WORDS:
        return _ARENA_WORDS[kind]
    if look_of(kind) == "gem" and "generator" in kind:
        color = next((name for name in _COLORS if name in kind), "")
        return f"{color} generator".strip()
    return _plain(kind)


def _thing(thing: Thing, words: str) -> Entry:
    return lambda size, colors: sprite(thing, size, colors), words


def _plain(name: str) -> str:
    return name.replace("_", " ")


def paint_legend(
    entries: list[Entry], width: int, height: int, font: ImageFont.ImageFont, colors: Palette = LIGHT
) -> Image.Image:
    """Icons with words, in as many rows of `height` as they need."""
    icon, gap = height - 6, height // 3
    measure = ImageDraw.Draw(Image.new("RGB", (1, 1)))
    places, x, row = [], gap, 0
    for draw_icon, words in entries:
        needed = icon + gap // 2 + int(measure.textlength(words, font)) + gap
        if x > gap and x + needed > width:
            x, row = gap, row + 1
        places.append((draw_icon, words, x, row))
        x += needed
    picture = Image.new("RGB", (width, (row + 1) * height), colors.page)
    draw = ImageDraw.Draw(picture)
    for draw_icon, words, left, line in places:
        put(picture, draw_icon(icon, colors), (min(left, max(0, width - icon)), line * height + 3))
        draw.text((left + icon + gap // 2, line * height + height / 2), words, colors.words, font, "lm")
    return picture
