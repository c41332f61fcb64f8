"""What the page must know of a game to show it, as JSON: names, shapes, looks, verbs, rules.

With it and with frames the page needs nothing else, so that an archive of both is readable for ever.
"""

from collections.abc import Sequence
from typing import Any

from mettagrid.compile import compile_game
from mettagrid.config.game import Action, GameConfig
from mettagrid.config.verb import Ahead, Oneself
from mettagrid.events import explain_rules
from mettagrid.render.atlas import look_table, paint_atlas
from mettascope.columns import Column
from mettascope.rule_sheet import rule_parts, rule_sheet

FORMAT_VERSION = 1


def describe_world(game: GameConfig, columns: Sequence[Column]) -> dict[str, Any]:
    """The description of a game's worlds. `docs/formats/baked.md` tells its fields."""
    compiled = compile_game(game)
    spec = compiled.spec
    height, width = game.map.shape
    return {
        "format": "mettascope-world",
        "version": FORMAT_VERSION,
        "name": spec.name,
        "num_agents": spec.num_agents,
        "max_steps": spec.max_steps,
        "height": height,
        "width": width,
        "view": {
            "height": spec.view_height,
            "width": spec.view_width,
            "heading_up": game.view.heading_up,
        },
        "columns": [{"name": c.name, "rows": c.rows, "size": c.size} for c in columns],
        "kinds": spec.kind_names,
        "variables": _variables(game, spec.variable_names),
        "stats": spec.stat_names,
        "bodies": list(game.bodies),
        "caps": compiled.tables["profile_cap"].tolist(),
        "grounds": list(game.grounds),
        "traces": list(game.traces),
        "actions": [_action(action) for action in game.actions()],
        "rules": [rule.sentence for rule in explain_rules(game, compiled.rule_sources)],
        "rule_parts": rule_parts(game, spec, compiled.rule_sources),
        "sheet": rule_sheet(game),
        "looks": look_table(game),
        "atlas": _atlas(game),
    }


def _atlas(game: GameConfig) -> dict[str, Any]:
    """Where the sprites are on their sheet; whoever serves the description adds the sheet's `url`."""
    atlas = paint_atlas(game)
    return {
        "tile_size": atlas.tile_size,
        "padding": atlas.padding,
        "columns": atlas.columns,
        "tiles": atlas.tiles,
    }


def _variables(game: GameConfig, names: Sequence[str]) -> list[dict[str, Any]]:
    known = game.all_variables()
    return [
        {
            "name": name,
            "of_agents": name in known and known[name].agents,
            "is_timer": name in known and known[name].countdown,
        }
        for name in names
    ]


def _action(action: Action) -> dict[str, Any]:
    """An action, with what it aims at: itself, a cell relative to its heading, or a direction of the map."""
    aim = action.aim
    if isinstance(aim, Oneself):
        aimed: dict[str, Any] = {"at": "self"}
    elif isinstance(aim, Ahead):
        aimed = {"at": "ahead", "forward": aim.forward, "right": aim.right}
    else:
        aimed = {"at": "toward", "direction": aim.direction}
    return {"name": action.name, "verb": action.verb_name, "number": action.number, "aim": aimed}
