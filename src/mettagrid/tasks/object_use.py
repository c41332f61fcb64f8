"""The 14 object use tasks: each about one station, or one way to open a wall. Names and budgets are Metta's."""

from collections.abc import Sequence
from typing import Any

from mettagrid.maps import MeanDistance, SceneMap
from mettagrid.tasks.task import Task, drawn_map

_FREE = "Takes what the {} has ready."
_STATIONS: dict[str, tuple[int, list[str], dict[str, int], str]] = {
    "altar_use": (100, ["altar", "generator"], {"generator": 3}, "Takes three batteries and makes a heart."),
    "altar_use_free": (80, ["altar"], {"altar": 1}, _FREE.format("altar")),
    "armory_use": (100, ["armory", "mine"], {}, "Takes three ore from a mine and makes an armor."),
    "armory_use_free": (80, ["armory"], {"armory": 1}, _FREE.format("armory")),
    "generator_use": (100, ["generator", "mine"], {}, "Takes ore from a mine and makes a battery."),
    "generator_use_free": (80, ["generator"], {"generator": 1}, _FREE.format("generator")),
    "lasery_use": (200, ["lasery", "mine", "generator"], {}, "Makes a laser of an ore and two batteries."),
    "lasery_use_free": (80, ["lasery"], {"lasery": 1}, _FREE.format("lasery")),
    "mine_use": (80, ["mine"], {}, "Takes ore from a mine."),
    "temple_use_free": (80, ["temple"], {"temple": 1}, _FREE.format("temple")),
    "full_sequence": (200, ["altar", "mine", "generator"], {}, "From ore over three batteries to a heart."),
}
_DRAWN: dict[str, tuple[int, dict[str, int], str]] = {
    "shoot_out": (400, {"altar": 1, "lasery": 20}, "Takes lasers and shoots a way out of closed walls."),
    "swap_in": (150, {"altar": 1}, "Changes places with a block to get to what is behind it."),
    "swap_out": (150, {"altar": 1}, "Changes places with blocks to get out."),
}
_LEGEND = {"S": "lasery", "b": "brittle", "o": "block"}


def station_map(stations: Sequence[str]) -> SceneMap:
    """A room with an agent in its middle and stations around it, at a mean distance of 6."""
    scene = MeanDistance(mean=6, objects=dict.fromkeys(stations, 1))
    return SceneMap(height=11, width=11, scene=scene)


def _settings(prize: str, ready: dict[str, int]) -> dict[str, Any]:
    return {"prize": prize, "ready": ready}


OBJECT_TASKS: dict[str, Task] = {
    **{
        name: Task(max_steps, tests, station_map(stations), hearts=1, settings=_settings(stations[0], ready))
        for name, (max_steps, stations, ready, tests) in _STATIONS.items()
    },
    **{
        name: Task(
            max_steps,
            tests,
            drawn_map("object_use", name, _LEGEND),
            hearts=1,
            settings=_settings("altar", ready),
        )
        for name, (max_steps, ready, tests) in _DRAWN.items()
    },
}
"""The tasks by name."""
