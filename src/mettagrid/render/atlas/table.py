"""How the browser page draws the numbers of a world without knowing any name: ids, tiles, places and colours."""

from typing import Any

from mettagrid.compile.profiles import profile_tables
from mettagrid.config.game import GROUP, WORLD, GameConfig
from mettagrid.render.atlas.names import (
    NUM_WALL_STATES,
    REST,
    SHADE,
    num_colors,
    num_forms,
    num_marks,
    num_teams,
)
from mettagrid.render.atlas.tiles import GOOD_SIZE
from mettagrid.render.atlas.tiles import MARK_SIZE as MARK_TILE_SIZE
from mettagrid.render.flashes import BEAMS, FLASHES
from mettagrid.render.ground import ground_tint
from mettagrid.render.layers import DARKEST_NIGHT, FADING_STEPS
from mettagrid.render.looks import WALLS, kind_color, look_of
from mettagrid.render.palette import Palette, find_palette, to_hex
from mettagrid.render.picture import DARKEST
from mettagrid.render.roles import Roles, find_roles, form_numbers
from mettagrid.render.sprites import (
    MARK_PLACE,
    MARK_SIZE,
    MAX_PIPS,
    MAX_PIPS_OF_A_SORT,
    NOTE_SIZE,
    NUM_ENERGY_LEVELS,
    PIP_SIZE,
    YOUNG_SIZE,
    pip_place,
)
from mettagrid.render.things.stations import NUM_CRACKS
from mettagrid.render.walls import SHADOW_DROP

LOOK_TABLE_VERSION = 1


def look_table(game: GameConfig, palette: str = "light") -> dict[str, Any]:
    """The table, ready for JSON. Tiles are names of `paint_atlas(game).tiles`; only colours depend on the palette.

    - `kinds`: by kind id. `tile` and `rest` (null for what is not drawn so), `wall` (null, `wall` or `border`),
      `is_note` (draw its mark, at least 1, in the box `layout.note`), `color` for minimaps.
    - `variables`: by role the variable id, -1 where the game has none; `waiting` and `stock` are lists. An object rests
      if one of `waiting` is above 0 or one of its body's `stock` is 0.
    - `bodies`: by body id (agents' bodies, then kinds of objects): `form`; `energy`, the limit, 0 for no bar;
      `hit_points`, the initial value, 0 for none; `stock`, the ids of `variables.stock` that it can have.
    - `gems`: what agents carry: variable id, name, tile, colour, `on_map`: whether agents show it at their feet.
    - `counts`: how many tiles there are of a sort, so that numbers beyond wrap around.
    - `layout`: boxes [x, y, width, height] in a cell, y downwards: where the whole tile goes.
    - `order`: in which the parts of an agent lie over each other, from below.
    """
    colors = find_palette(palette)
    roles = find_roles(game)
    # Only these two tables: compiling a game whose numbers vary takes a second or two.
    profiles = profile_tables(game)
    caps, initial = profiles["profile_cap"].tolist(), profiles["profile_initial"].tolist()
    return {
        "version": LOOK_TABLE_VERSION,
        "kinds": [_kind(kind, colors) for kind in game.kind_names()],
        "walls": {sort: _states(sort) for sort in (*WALLS, "shadow")},
        "variables": _variables(roles),
        "bodies": _bodies(game, roles, caps, initial),
        "gems": [_gem(name, variable, colors) for name, variable in roles.carried],
        "grounds": [_ground(name, colors) for name in game.grounds],
        "traces": [
            {"name": name, "tile": f"trace:{name}", "color": to_hex(colors.own_color(name))}
            for name in game.traces
        ],
        "events": {what: f"event:{what}" for what in FLASHES},
        "beams": {what: f"beam:{what}" for what in BEAMS},
        "counts": {
            "colors": num_colors(game),
            "forms": num_forms(game),
            "teams": num_teams(game),
            "marks": num_marks(game),
            "cracks": NUM_CRACKS,
            "energy_levels": NUM_ENERGY_LEVELS,
            "gems": MAX_PIPS,
            "gems_of_a_sort": MAX_PIPS_OF_A_SORT,
        },
        "layout": _layout(),
        "order": ["team", "shield", "agent", "bar", "gem", "ice", "mark"],
        "fading_steps": FADING_STEPS,
        "night": {"color": to_hex(colors.night), "darkest": DARKEST, "without_sight": DARKEST_NIGHT},
        "colors": _colors(game, colors),
    }


def _kind(kind: str, colors: Palette) -> dict[str, Any]:
    look = look_of(kind)
    is_wall = look in WALLS
    is_thing = not is_wall and kind not in ("empty", "agent", WORLD, GROUP)
    return {
        "name": kind,
        "tile": f"kind:{kind}" if is_thing else None,
        "rest": f"kind:{kind}:{REST}" if is_thing else None,
        "wall": look if is_wall else None,
        "is_note": look == "note",
        "color": to_hex(kind_color(kind, colors)),
    }


def _states(sort: str) -> list[str]:
    return [f"{sort}:{state}" for state in range(NUM_WALL_STATES)]


def _variables(roles: Roles) -> dict[str, int | list[int]]:
    single = (
        "heading",
        "energy",
        "frozen",
        "shield",
        "mark",
        "team",
        "hit_points",
        "youth",
        "sight",
        "night",
    )
    return {role: getattr(roles, role) for role in single} | {
        "waiting": list(roles.waiting),
        "stock": list(roles.stock),
    }


def _bodies(
    game: GameConfig, roles: Roles, caps: list[list[int]], initial: list[list[int]]
) -> list[dict[str, Any]]:
    forms = form_numbers(game)
    return [
        {
            "form": forms[body] if body < len(forms) else 0,
            "energy": caps[body][roles.energy] if roles.energy >= 0 else 0,
            "hit_points": initial[body][roles.hit_points] if roles.hit_points >= 0 else 0,
            "stock": [variable for variable in roles.stock if caps[body][variable] > 0],
        }
        for body in range(len(caps))
    ]


def _gem(name: str, variable: int, colors: Palette) -> dict[str, Any]:
    return {
        "variable": variable,
        "name": name,
        "tile": f"gem:{name}",
        "color": to_hex(colors.named_color(name, colors.own_color(name))),
        "on_map": name != "heart",
    }


def _ground(name: str, colors: Palette) -> dict[str, str]:
    tile = f"ground:{name}"
    return {
        "name": name,
        "tile": tile,
        "shade": f"{tile}:{SHADE}",
        "color": to_hex(ground_tint(name, colors)),
    }


def _layout() -> dict[str, Any]:
    """The tiles of gems and marks have the drawing in their middle; the boxes make it as large as in pictures."""
    gems = [pip_place(index) for index in range(MAX_PIPS)]
    return {
        "gems": [_box(x, y, PIP_SIZE / GOOD_SIZE) for x, y in gems],
        "mark": _box(*MARK_PLACE, MARK_SIZE / MARK_TILE_SIZE),
        "note": _box(0.5, 0.5, NOTE_SIZE / MARK_TILE_SIZE),
        "young": [round((1 - YOUNG_SIZE) / 2, 4), round(1 - YOUNG_SIZE, 4), YOUNG_SIZE, YOUNG_SIZE],
        "shadow": [0.0, SHADOW_DROP, 1.0, 1.0],
    }


def _box(x: float, y: float, side: float) -> list[float]:
    """The box with this centre."""
    return [round(number, 4) for number in (x - side / 2, y - side / 2, side, side)]


def _colors(game: GameConfig, colors: Palette) -> dict[str, Any]:
    return {
        "agents": [to_hex(colors.agent_color(agent)) for agent in range(num_colors(game))],
        "teams": [to_hex(colors.team_color(team)) for team in range(1, num_teams(game) + 1)],
        "floor": to_hex(colors.floor),
        "floor_shade": to_hex(colors.floor_shade),
        "ink": to_hex(colors.ink),
        "paper": to_hex(colors.paper),
        "heart": to_hex(colors.pink),
        "energy": to_hex(colors.gold),
    }
