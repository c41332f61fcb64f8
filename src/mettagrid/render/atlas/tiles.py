"""The picture of one tile of the atlas, by its name."""

from collections.abc import Callable

from PIL import Image

from mettagrid.render.atlas.names import REST, SHADE
from mettagrid.render.flashes import BEAMS, FLASHES
from mettagrid.render.ground import ground_tile, trace_tile
from mettagrid.render.looks import look_of
from mettagrid.render.palette import LIGHT, Palette
from mettagrid.render.pen import Pen
from mettagrid.render.sprites import (
    NUM_ENERGY_LEVELS,
    draw_agent,
    draw_bar,
    draw_ice,
    draw_shield,
    draw_team,
    draw_thing,
)
from mettagrid.render.things.goods import draw_good
from mettagrid.render.things.stations import NUM_CRACKS, draw_cracks, draw_mark
from mettagrid.render.walls import wall_piece

GOOD_SIZE, MARK_SIZE = 0.48, 0.42
# Joints of a wall (`walls.py`) that give all four quarters of a tile the same state.
_WALL_JOINTS = (0b0000, 0b0101, 0b1010, 0b1111, 0b1111_1111)


_Painter = Callable[[list[str], int, Palette], Image.Image]


def paint_tile(name: str, size: int, colors: Palette = LIGHT) -> Image.Image:
    """The tile of this name, RGBA, `size` pixels square."""
    sort, *words = name.split(":")
    return _PAINTERS[sort](words, size, colors)


def _drawn(draw: Callable[[Pen, list[str]], None]) -> _Painter:
    def paint(words: list[str], size: int, colors: Palette) -> Image.Image:
        pen = Pen(size, colors)
        draw(pen, words)
        return pen.finish()

    return paint


def _paint_ground(words: list[str], size: int, colors: Palette) -> Image.Image:
    return ground_tile(words[0], SHADE in words, size, colors)


def _paint_trace(words: list[str], size: int, colors: Palette) -> Image.Image:
    return trace_tile(words[0], 1.0, size, colors)


def _paint_shadow(words: list[str], size: int, colors: Palette) -> Image.Image:
    wall = wall_piece(_WALL_JOINTS[int(words[0])], False, size, colors)
    shadow = Image.new("RGBA", wall.size, colors.wall_shadow)
    shadow.putalpha(wall.getchannel("A"))
    return shadow


def _paint_wall(words: list[str], size: int, colors: Palette) -> Image.Image:
    return wall_piece(_WALL_JOINTS[int(words[0])], False, size, colors)


def _paint_border(words: list[str], size: int, colors: Palette) -> Image.Image:
    return wall_piece(_WALL_JOINTS[int(words[0])], True, size, colors)


def _draw_floor(pen: Pen, words: list[str]) -> None:
    pen.box(0, 0, 1, 1, fill=pen.colors.floor_shade if SHADE in words else pen.colors.floor)


def _draw_unknown(pen: Pen, _words: list[str]) -> None:
    pen.box(0.07, 0.07, 0.93, 0.93, radius=0.14, fill=pen.colors.muted, outline=pen.colors.ink)
    pen.text(0.5, 0.5, "?", 0.6, pen.colors.paper)


def _draw_kind(pen: Pen, words: list[str]) -> None:
    draw_thing(pen, look_of(words[0]), words[0], is_resting=REST in words)


def _draw_agent(pen: Pen, words: list[str]) -> None:
    color, form, heading = (int(word) for word in words)
    draw_agent(pen, pen.colors.agent_color(color), form, heading)


_PAINTERS: dict[str, _Painter] = {
    "unknown": _drawn(_draw_unknown),
    "floor": _drawn(_draw_floor),
    "ground": _paint_ground,
    "trace": _paint_trace,
    "wall": _paint_wall,
    "border": _paint_border,
    "shadow": _paint_shadow,
    "kind": _drawn(_draw_kind),
    "crack": _drawn(lambda pen, words: draw_cracks(pen, 1 - int(words[0]) / NUM_CRACKS)),
    "team": _drawn(lambda pen, words: draw_team(pen, pen.colors.team_color(int(words[0])))),
    "shield": _drawn(lambda pen, _words: draw_shield(pen)),
    "agent": _drawn(_draw_agent),
    "bar": _drawn(lambda pen, words: draw_bar(pen, int(words[0]) / NUM_ENERGY_LEVELS)),
    "gem": _drawn(lambda pen, words: draw_good(pen, words[0], 0.5, 0.5, GOOD_SIZE)),
    "ice": _drawn(lambda pen, _words: draw_ice(pen)),
    "mark": _drawn(lambda pen, words: draw_mark(pen, int(words[0]), 0.5, 0.5, MARK_SIZE)),
    "event": _drawn(lambda pen, words: FLASHES[words[0]](pen)),
    "beam": _drawn(lambda pen, words: BEAMS[words[0]](pen)),
}
