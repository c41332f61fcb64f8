"""How the things of an original's replay look: by the names of a game without rules, which is made for that."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mettagrid.compile.profiles import profile_tables
from mettagrid.config.game import GameConfig
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.maps import AsciiMap
from mettagrid.render.atlas import Atlas, look_table, paint_atlas
from mettascope.original.schema import Original

_MOST_KINDS = 40  # two tiles each, and a sheet has 256
_MOST_ITEMS = 100
_MOST_COLORS = 24  # agents beyond share theirs
_OTHER = "other_thing"
_TAKEN = {"empty", "agent", "any", "self", "world", "group", "plain", _OTHER}
_OWN_VARIABLES = {
    "heading": Variable(cap=3, shown="all", offset=1),
    "frozen": Variable(countdown=True, shown="all"),
    "team": Variable(shown="all"),
    "mark": Variable(shown="all"),
    "waiting": Variable(countdown=True, agents=False),
}


@dataclass(frozen=True)
class Looks:
    """Numbers of names, and what the description says about them."""

    kinds: dict[str, int]
    """The original's names of types -> kind. Seldom ones share the last."""
    variables: dict[str, int]
    """Our names -> variable: `heading`, `frozen`, `team`, `mark`, `waiting`."""
    items: dict[int, int]
    """The original's item -> variable."""
    described: dict[str, Any]
    """Fields of the description."""
    atlas: Atlas

    def body(self, kind: int) -> int:
        """The body of a kind: one for agents, then one for each kind of thing."""
        return max(0, kind - 1)


def find_looks(original: Original) -> Looks:
    """The looks of all that stands in a replay."""
    used = Counter(name for thing in original.things if thing.agent_id is None for _, name in thing.kind)
    common = [name for name, _ in used.most_common(_MOST_KINDS)]
    kinds = _clean(common, _TAKEN) | dict.fromkeys(set(used) - set(common), _OTHER)
    items = _clean(original.items[:_MOST_ITEMS], set(_OWN_VARIABLES))
    most = _largest(original)
    num_agents = min(_num_agents(original), _MOST_COLORS)
    game = GameConfig(
        name=_clean([original.title.split(".")[0] or "replay"], set()).popitem()[1],
        num_agents=num_agents,
        max_steps=original.num_steps,
        variables=_OWN_VARIABLES
        | {
            name: Variable(cap=min(32767, max(1, most.get(number, 1))), shown="all")
            for number, name in enumerate(items.values())
        },
        objects={name: ObjectKind(has={"waiting": 0}) for name in dict.fromkeys(kinds.values())},
        map=AsciiMap(text="@" * num_agents),
    )
    kind_names, variable_names = game.kind_names(), list(game.all_variables())
    return Looks(
        {name: kind_names.index(clean) for name, clean in kinds.items()},
        {name: variable_names.index(name) for name in _OWN_VARIABLES},
        {number: variable_names.index(name) for number, name in enumerate(items.values())},
        _describe(game, original),
        paint_atlas(game),
    )


def _describe(game: GameConfig, original: Original) -> dict[str, Any]:
    atlas = paint_atlas(game)
    return {
        "kinds": game.kind_names(),
        "variables": [
            {"name": name, "of_agents": variable.agents, "is_timer": variable.countdown}
            for name, variable in game.all_variables().items()
        ],
        "bodies": list(game.bodies),
        "caps": profile_tables(game)["profile_cap"].tolist(),
        "actions": [
            {"name": name, "verb": name, "number": None, "aim": {"at": "self"}} for name in original.actions
        ],
        "looks": look_table(game),
        "atlas": {
            "tile_size": atlas.tile_size,
            "padding": atlas.padding,
            "columns": atlas.columns,
            "tiles": atlas.tiles,
        },
    }


def _clean(names: Sequence[str], taken: set[str]) -> dict[str, str]:
    """Names as our games have them: lower case letters, digits and _, each only once; `mine.red` is `mine_red`."""
    clean: dict[str, str] = {}
    for name in dict.fromkeys(names):
        plain = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
        plain = plain if plain[:1].isalpha() else f"thing_{plain}".rstrip("_")
        used = taken | set(clean.values())
        ends = ["", *(f"_{number}" for number in range(2, len(names) + 3))]
        clean[name] = next(plain + end for end in ends if plain + end not in used)
    return clean


def _largest(original: Original) -> dict[int, int]:
    """The most that anybody has of each item."""
    most: dict[int, int] = {}
    for thing in original.things:
        for _, counts in thing.inventory:
            for item, count in counts.items():
                most[item] = max(count, most.get(item, 0))
    return most


def _num_agents(original: Original) -> int:
    return sum(thing.agent_id is not None for thing in original.things)
