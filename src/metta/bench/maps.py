"""How fast maps are drawn: maps per second of each kind and size, beside mettagrid's builder of the same kind.

Ours and the peer's take turns in one run; the result is the median. Time is that of the processor, so that what else
runs on the machine counts little. Both draw a border of one cell and no agents, and neither checks that everything can
be reached, except for `random_map`, where ours does.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from metta.bench.machine import on_cores, usable_cores
from metta.bench.peer import Peer
from metta.bench.peer_maps import PATTERN
from metta.bench.table import Figure, ratio
from metta.common.errors import UserError
from mettagrid.config.nearest import did_you_mean
from mettagrid.maps import MapConfig, RandomMap, SceneMap, draw_grid, scene_forms
from mettagrid.maps.canvas import AGENT, KINDS
from mettagrid.maps.catalogue import example, values_for
from mettagrid.maps.scene import Scene, read_scene

SCRIPT = Path(__file__).with_name("peer_maps.py")
SIZES = (25, 100, 512)
FASTER, FASTER_WFC = 20.0, 10.0
"""At least so many times the peer's rate is wanted."""
_BATCHES = ((50, 64), (100, 16), (400, 4), (1 << 16, 1))
"""Up to which size how many maps are asked for at once; a game asks for 64, of whatever size."""
_LONG = 20
"""A measurement of the peer that took so many times what was asked for is not repeated."""
_TOO_LONG_S = 20.0
"""A map that would take the peer longer, by what a smaller one took, is not asked for."""


@dataclass(frozen=True)
class MapSettings:
    """What is measured, and for how long."""

    kinds: tuple[str, ...] = ()
    """Kinds of maps; none for all."""
    sizes: tuple[int, ...] = SIZES
    """Rows and columns inside the border."""
    seconds: float = 0.2
    """Length of one measurement: at least one map is drawn."""
    repeats: int = 3
    """Measurements of each kind and size."""
    peer_python: str | None = None
    """Interpreter that has mettagrid; None = no comparison."""


def _random(size: int) -> dict[str, Any]:
    return {"form": "random", "objects": {"wall": size * size // 20, "altar": 5}, "keep_ways": False}


def _sampled(form: str, **more: Any) -> Callable[[int], dict[str, Any]]:
    return lambda size: {"form": form, "pattern": PATTERN, **more}


_AS_THE_PEER: dict[str, Callable[[int], dict[str, Any]]] = {
    "random": _random,
    "random_objects": lambda size: {"form": "random_objects", "shares": {"wall": 0.05}, "keep_ways": False},
    "room_grid": lambda size: {"form": "room_grid", "rows": 4, "columns": 4, "door": 0},
    "bsp": lambda size: {"form": "bsp", "rooms": 8},
    "bsp_layout": lambda size: {"form": "bsp_layout", "areas": 8},
    "varied_terrain": lambda size: {
        "form": "varied_terrain",
        "children": [{"scene": {"form": "random", "objects": {"altar": 5}, "keep_ways": False}}],
    },
    "wfc": _sampled("wfc"),
    "convchain": _sampled("convchain", iterations=2),
    "mirror": lambda size: {"form": "mirror", "symmetry": "x4", "scene": _random(size // 2)},
    "make_connected": lambda size: {
        "form": "room_grid",
        "rows": 4,
        "columns": 4,
        "door": 0,
        "children": [{"scene": {"form": "make_connected"}}],
    },
    "mean_distance": lambda size: {
        "form": "mean_distance",
        "mean": size / 4,
        "objects": {"altar": 5},
        "agent": False,
    },
    "spiral": lambda size: {"form": "spiral", "objects": {"altar": 12}},
    "lattice": lambda size: {"form": "lattice", "objects": {"altar": 5}},
    "compound": lambda size: {"form": "compound", "hub": {"corners": ["mine", "charger", "chest", "forge"]}},
    "corner_compounds": lambda size: {"form": "corner_compounds", "compound": {"height": 9, "width": 9}},
    "drawing": lambda size: {"form": "drawing", "text": "##.##\n#...#\n.....\n#...#\n##.##"},
    "hub": lambda size: {"form": "hub", "corners": ["mine", "charger", "chest", "forge"]},
    "left_and_right": lambda size: {"form": "left_and_right"},
    "perimeter": lambda size: {
        "form": "perimeter",
        "objects": {"altar": 5},
        "density": "balanced",
        "agents": 0,
    },
    "buildings": lambda size: {"form": "buildings", "objects": {"altar": 16}},
    "auto": lambda size: {
        "form": "auto",
        "rows": {"op": "uniform", "low": 1, "high": 3},
        "columns": {"op": "uniform", "low": 1, "high": 3},
        "symmetry": {"none": 1},
        "objects": {"altar": 0.01},
        "room_objects": {"mine": 0.01},
        "content": [{"scene": {"form": "maze_kruskal"}}, {"scene": {"form": "caves"}}],
    },
    "bounded_layout": lambda size: {
        "form": "bounded_layout",
        "max_height": size // 2,
        "max_width": size // 2,
    },
}
"""Scenes with the fields that the peer's have; all others are as the catalogue shows them."""


def all_kinds() -> list[str]:
    """The kinds that can be measured: the random map, and every scene."""
    return ["random_map", *scene_forms()]


def map_of(kind: str, size: int, connected: bool = False) -> MapConfig:
    """The map that is measured."""
    if kind == "random_map":
        return RandomMap(
            height=size, width=size, border="wall", obstacles={"wall": size * size // 20, "altar": 5}
        )
    scene: Scene = read_scene(_AS_THE_PEER[kind](size)) if kind in _AS_THE_PEER else example(kind)
    return SceneMap(height=size, width=size, scene=scene, connected=connected, max_objects=2**20)


def needs_of(config: MapConfig) -> tuple[int, dict[str, int]]:
    """How many agents a map has places for by itself, and values for all its names."""
    if not isinstance(config, SceneMap):
        return 0, values_for(["wall", "altar"])
    values = values_for(["wall", *(name for _, name, _ in config.scene.names())])
    grid = draw_grid(config.scene, config.height, config.width, 0, values)
    return int(np.count_nonzero(grid % KINDS == AGENT)), values


def bench_maps(settings: MapSettings) -> tuple[list[Figure], dict[str, Any]]:
    """Measure every kind in every size.

    Returns:
        The figures in the order of the table, and facts about what was measured.

    Raises:
        UserError: there is no such kind, or the peer is missing.
    """
    for kind in settings.kinds:
        if kind not in all_kinds():
            raise UserError(f"metta bench maps: unknown kind '{kind}'; {did_you_mean(kind, all_kinds())}")
    facts: dict[str, Any] = {
        "sizes": settings.sizes,
        "seconds": settings.seconds,
        "repeats": settings.repeats,
    }
    with ExitStack() as stack:
        core = usable_cores()[:1]
        stack.enter_context(on_cores(core))
        peer = None
        if settings.peer_python is not None:
            peer = stack.enter_context(Peer(settings.peer_python, {}, core[0], SCRIPT))
            facts["peer"] = peer.description
        figures = [
            figure for kind in settings.kinds or all_kinds() for figure in _figures_of(kind, settings, peer)
        ]
    return figures, facts


def _figures_of(kind: str, settings: MapSettings, peer: Peer | None) -> Iterator[Figure]:
    """One kind in all sizes. Where a map would take the peer minutes, only ours is measured."""
    seconds_of_peer = 0.0
    for index, size in enumerate(sorted(settings.sizes)):
        if index > 0:
            seconds_of_peer *= (size / sorted(settings.sizes)[index - 1]) ** 2
        try:
            config = map_of(kind, size)
            _rate(config, size, 0.0)
        except ValueError:
            continue  # this kind is not drawn in this size: a base of 21 cells does not fit into 10
        asks_peer = peer is not None and kind in peer.description["kinds"] and seconds_of_peer < _TOO_LONG_S
        ours, theirs = _rates(kind, size, config, settings, peer if asks_peer else None)
        figure = Figure(f"{kind} {size}x{size}", tuple(ours), "maps/s")
        yield figure
        if theirs:
            seconds_of_peer = 1 / min(theirs)
            # What takes the peer very long is measured once.
            theirs += [theirs[-1]] * (len(ours) - len(theirs))
            target = FASTER_WFC if kind == "wfc" else FASTER
            yield ratio("  times mettagrid", figure, Figure("", tuple(theirs), "maps/s"), target=target)


def _rates(
    kind: str, size: int, config: MapConfig, settings: MapSettings, peer: Peer | None
) -> tuple[list[float], list[float]]:
    """Maps per second of ours and of the peer, in turn."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(settings.repeats):
        ours.append(_rate(config, size, settings.seconds))
        if peer is None:
            continue
        answer = peer.ask({"kind": kind, "size": size, "seconds": settings.seconds})
        if "maps" in answer:
            theirs.append(answer["maps"] / answer["seconds"])
        if "maps" not in answer or answer["seconds"] > _LONG * settings.seconds:
            peer = None
    return ours, theirs


def _rate(config: MapConfig, size: int, seconds: float) -> float:
    """Maps per second, drawn for about `seconds`, with a new seed for every call."""
    batch = next(count for most, count in _BATCHES if size <= most)
    num_agents, values = needs_of(config)
    count, seed, begin = 0, 0, time.process_time()
    while True:
        config.build(batch, seed, num_agents, values)
        count, seed = count + batch, seed + 1
        elapsed = time.process_time() - begin
        if elapsed >= seconds:
            return count / elapsed


def title_of(facts: dict[str, Any]) -> str:
    """The title of the table."""
    peer = f", beside mettagrid {facts['peer']['version']}" if "peer" in facts else ""
    return f"drawing maps, 1 thread, {facts['repeats']} x {facts['seconds']:g} s of processor time{peer}"
