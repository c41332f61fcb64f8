"""The other side of `metta bench maps --vs mettagrid`: mettagrid's map builders and scenes, built on command.

Run as a file by the interpreter that has mettagrid installed, it imports nothing of ours. It prints a line of JSON
that describes itself, then for each line `{"kind": K, "size": N, "seconds": S}` on stdin one with `maps` and `seconds`,
or with `error`; the end of stdin ends it. Each map gets a new builder with a new seed, as each episode does; configs
are made once.
"""

import importlib
import importlib.metadata
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

PATTERN = """\
............
.##...##....
.##...##..#.
............
....#.......
..#....##...
.......##...
............
.##..#......
.##.....##..
........##..
............"""


def _scene(name: str, kind: str, **fields: Any) -> Any:
    """A config of one of mettagrid's scenes."""
    return getattr(importlib.import_module(f"mettagrid.mapgen.scenes.{name}"), kind).Config(**fields)


def _child(scene: Any, where: Any = "full") -> Any:
    """A scene as a child of another."""
    return importlib.import_module("mettagrid.mapgen.scene").ChildrenAction(scene=scene, where=where)


def _objects(size: int) -> dict[str, int]:
    """As many things as our side has: a twentieth of the cells are walls, and a few altars."""
    return {"wall": size * size // 20, "altar": 5}


def _blocks(size: int) -> Any:
    """Closed rooms, so that there is something to connect."""
    return _scene("room_grid", "RoomGrid", rows=4, columns=4, border_width=1)


def _uniform(module: str, low: float, high: float) -> Any:
    return getattr(importlib.import_module("mettagrid.mapgen.random.float"), module)(low=low, high=high)


def _auto(size: int) -> Any:
    module = importlib.import_module("mettagrid.mapgen.scenes.auto")
    whole = importlib.import_module("mettagrid.mapgen.random.int").IntUniformDistribution
    some = importlib.import_module("mettagrid.mapgen.scenes.random_scene").RandomSceneCandidate
    return module.Auto.Config(
        num_agents=0,
        layout={"grid": 1, "bsp": 1},
        grid={"rows": whole(low=1, high=3), "columns": whole(low=1, high=3)},
        bsp={"area_count": whole(low=3, high=7)},
        room_symmetry={"none": 1, "horizontal": 1, "vertical": 1, "x4": 1},
        content=[
            some(scene=_scene("maze", "Maze"), weight=1),
            some(scene=_scene("biome_caves", "BiomeCaves"), weight=1),
        ],
        objects={"altar": _uniform("FloatUniformDistribution", 0.01, 0.01)},
        room_objects={"mine": _uniform("FloatUniformDistribution", 0.01, 0.01)},
    )


SCENES: dict[str, Callable[[int], Any]] = {
    "random": lambda size: _scene("random", "Random", objects=_objects(size)),
    "random_objects": lambda size: _scene(
        "random_objects",
        "RandomObjects",
        object_ranges={"wall": _uniform("FloatUniformDistribution", 0.05, 0.05)},
    ),
    "room_grid": _blocks,
    "bsp": lambda size: _scene(
        "bsp", "BSP", rooms=8, min_room_size=3, min_room_size_ratio=0.5, max_room_size_ratio=0.9
    ),
    "bsp_layout": lambda size: _scene("bsp", "BSPLayout", area_count=8),
    "maze_kruskal": lambda size: _scene("maze", "Maze", algorithm="kruskal"),
    "maze_dfs": lambda size: _scene("maze", "Maze", algorithm="dfs"),
    "radial_maze": lambda size: _scene("radial_maze", "RadialMaze"),
    "caves": lambda size: _scene("biome_caves", "BiomeCaves"),
    "forest": lambda size: _scene("biome_forest", "BiomeForest"),
    "desert": lambda size: _scene("biome_desert", "BiomeDesert"),
    "city": lambda size: _scene("biome_city", "BiomeCity"),
    "plains": lambda size: _scene("biome_plains", "BiomePlains"),
    "varied_terrain": lambda size: _scene(
        "varied_terrain", "VariedTerrain", objects={"altar": 5}, style="balanced"
    ),
    "wfc": lambda size: _scene("wfc", "WFC", pattern=PATTERN, pattern_size=3),
    "convchain": lambda size: _scene(
        "convchain", "ConvChain", pattern=PATTERN, pattern_size=3, iterations=2, temperature=1.0
    ),
    "asteroid": lambda size: _scene("asteroid_mask", "AsteroidMask"),
    "mirror": lambda size: _scene(
        "mirror", "Mirror", scene=_scene("random", "Random", objects=_objects(size // 2)), symmetry="x4"
    ),
    "make_connected": lambda size: _scene(
        "nop", "Nop", children=[_child(_blocks(size)), _child(_scene("make_connected", "MakeConnected"))]
    ),
    "mean_distance": lambda size: _scene(
        "mean_distance", "MeanDistance", mean_distance=size / 4, objects={"altar": 5}
    ),
    "spiral": lambda size: _scene("spiral", "Spiral", objects={"altar": 12}),
    "lattice": lambda size: _scene("grid_altars", "GridHubs", objects={"altar": 5}),
    "compound": lambda size: _scene("compound", "Compound", spawn_count=0),
    "buildings": lambda size: _scene(
        "building_distributions", "UniformExtractorScene", building_names=["altar"]
    ),
    "auto": _auto,
    "bounded_layout": lambda size: _scene(
        "bounded_layout", "BoundedLayout", max_width=size // 2, max_height=size // 2, tag="inner"
    ),
    "left_and_right": lambda size: _scene(
        "multi_left_and_right", "MultiLeftAndRight", rows=2, columns=2, hub_ratio=0.25, total_hubs=8
    ),
}


def build_config(kind: str, size: int) -> Any:
    """The config of a map of `size` x `size` cells; with a border of 1, as ours."""
    if kind == "random_map":
        builder = importlib.import_module("mettagrid.map_builder.random_map").RandomMapBuilder
        return builder.Config(width=size, height=size, objects=_objects(size), agents=0, border_width=1)
    if kind == "maze_prim":
        builder = importlib.import_module("mettagrid.map_builder.maze").MazePrimMapBuilder
        odd = size | 1
        return builder.Config(width=odd, height=odd, start_pos=(1, 1), end_pos=(odd - 2, odd - 2))
    generator = importlib.import_module("mettagrid.mapgen.mapgen").MapGen
    return generator.Config(width=size, height=size, border_width=1, instance=SCENES[kind](size))


def measure(kind: str, size: int, seconds: float) -> tuple[int, float]:
    """Build maps for about `seconds` of processor time, at least one; returns how many and how long they took."""
    config = build_config(kind, size)
    config.create().build()
    count, begin = 0, time.process_time()
    while True:
        config.create().build()
        count += 1
        elapsed = time.process_time() - begin
        if elapsed >= seconds:
            return count, elapsed


def main() -> None:
    """Answer the lines on stdin."""
    if int(sys.argv[1]) >= 0 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(sys.argv[1])})
    hello = {
        "name": "mettagrid",
        "version": importlib.metadata.version("mettagrid"),
        "kinds": ["random_map", "maze_prim", *SCENES],
    }
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            count, elapsed = measure(request["kind"], request["size"], request["seconds"])
            answer = {"maps": count, "seconds": elapsed}
        except Exception as error:  # what it cannot build is told, and the others go on
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
