"""What the page needs to draw maps of a game that nobody plays: its kinds and grounds, their looks, first values."""

import hashlib
import threading
from typing import Any

from mettagrid.compile.profiles import profile_tables
from mettagrid.config.game import GameConfig
from mettagrid.config.things import Ground, ObjectKind
from mettagrid.maps import AsciiMap
from mettagrid.maps.catalogue import GROUNDS
from mettagrid.render.atlas import look_table, paint_atlas

_MOST_ATLASES = 16


class Palettes:
    """The palettes of games, and the atlases that they name. Safe to call from several threads."""

    def __init__(self) -> None:
        self._atlases: dict[str, bytes] = {}  # the latest last
        self._turn = threading.Lock()

    def describe(self, game: GameConfig) -> dict[str, Any]:
        """Names, looks and first values of a game, as JSON."""
        atlas = paint_atlas(game)
        key = hashlib.sha256(atlas.png).hexdigest()[:16]
        with self._turn:
            self._atlases.pop(key, None)
            self._atlases[key] = atlas.png
            while len(self._atlases) > _MOST_ATLASES:
                del self._atlases[next(iter(self._atlases))]
        profiles = profile_tables(game)
        return {
            "name": game.name,
            "num_agents": game.num_starting,
            "kinds": game.kind_names(),
            "values": game.map_values(),
            "grounds": list(game.grounds),
            "traces": list(game.traces),
            "variables": list(game.all_variables()),
            "caps": profiles["profile_cap"].tolist(),
            "initial": profiles["profile_initial"].tolist(),
            "kind_bodies": profiles["kind_profile"].tolist(),
            "agent_bodies": profiles["agent_profile"].tolist(),
            "starts": game.starts,
            "looks": look_table(game),
            "atlas": {
                "url": f"api/atlases/{key}.png",
                "tile_size": atlas.tile_size,
                "padding": atlas.padding,
                "columns": atlas.columns,
                "tiles": atlas.tiles,
            },
        }

    def atlas(self, key: str) -> bytes:
        """The PNG of an atlas that a description named; ValueError if it was long ago."""
        with self._turn:
            if key not in self._atlases:
                raise ValueError("this atlas is not kept any more: ask for the preview again")
            return self._atlases[key]


def game_of_names(names: list[str]) -> GameConfig:
    """A game in which nothing happens, with all these things and grounds: to look at scenes."""
    things = dict.fromkeys(name for name in names if name not in ("empty", "agent"))
    return GameConfig(
        name="scene",
        objects={name: ObjectKind() for name in things if name not in GROUNDS},
        grounds={name: Ground() for name in things if name in GROUNDS},
        map=AsciiMap(text="@"),
    )
