"""The 25 navigation tasks: one agent, three altars, a heart each. Names and budgets are Metta's, the maps our own."""

from mettagrid.maps import Child, MapConfig, MeanDistance, RadialMaze, RandomObjects, RandomScene, SceneMap
from mettagrid.tasks.task import Task, drawn_map

_BUDGETS_AND_AIMS: dict[str, tuple[int, str]] = {
    "emptyspace_withinsight": (45, "Goes to hearts that are in sight from the start."),
    "emptyspace_outofsight": (150, "Searches an open space for hearts that are out of sight."),
    "emptyspace_sparse": (300, "Searches a wide open space without going round in circles."),
    "walls_withinsight": (75, "Goes to hearts in sight, around scattered walls."),
    "walls_outofsight": (120, "Searches among scattered walls."),
    "walls_sparse": (250, "Searches a wide field of scattered walls."),
    "corridors": (450, "Looks into long dead ends and turns back from the empty ones."),
    "cylinder": (250, "Walks around two enclosures, one in the other, to their hidden openings."),
    "cylinder_easy": (250, "Walks around one enclosure to its hidden opening."),
    "honeypot": (300, "Enters three nested walls, each with one opening."),
    "knotty": (500, "Finds the way through a tangle of narrow paths."),
    "memory_palace": (200, "Searches rooms on both sides of a hall, each once."),
    "obstacles0": (100, "Steps around a few loose walls."),
    "obstacles1": (300, "Passes walls across the whole field, each with one gap."),
    "obstacles2": (350, "Goes up and down between walls with a gap at alternate ends."),
    "obstacles3": (300, "Enters closed blocks from the side that is open."),
    "radial_large": (1000, "Chooses among eight long arms, and comes back from each."),
    "radial_mini": (150, "Chooses among short arms that branch."),
    "radial_small": (120, "Chooses among eight short arms that turn."),
    "radialmaze": (200, "Chooses among eight arms that look alike."),
    "labyrinth": (250, "Walks around rings, from gap to gap, to the middle."),
    "swirls": (350, "Follows spirals to their ends."),
    "thecube": (350, "Goes from room to room through doors at changing places."),
    "walkaround": (250, "Turns away from hearts in sight to walk around a long wall."),
    "wanderout": (500, "Leaves a box in a box, and then the surroundings of the start."),
}

_ALTARS = {"altar": 3}


def _around(size: int, mean: float, walls: float = 0.0) -> SceneMap:
    """A field with an agent in its middle, three altars at a mean distance from it, and scattered walls."""
    altars = MeanDistance(mean=mean, objects=_ALTARS)
    scene = RandomObjects(shares={"wall": walls}, keep_ways=False, children=[Child(scene=altars)])
    return SceneMap(height=size - 2, width=size - 2, scene=scene)


def _radial_maze(size: int, arms: int) -> SceneMap:
    """Arms from the place of the agent; three of them end at an altar."""
    altars = Child(scene=RandomScene(objects={"altar": 1}), where=["end"], limit=3)
    agent = Child(scene=RandomScene(agents=1), where=["center"])
    scene = RadialMaze(arms=arms, arm_width=2, children=[agent, altars])
    return SceneMap(height=size - 2, width=size - 2, scene=scene)


_GENERATED: dict[str, MapConfig] = {
    "emptyspace_withinsight": _around(21, 4),
    "emptyspace_outofsight": _around(41, 14),
    "emptyspace_sparse": _around(60, 30),
    "walls_withinsight": _around(21, 4, 0.15),
    "walls_outofsight": _around(31, 11, 0.2),
    "walls_sparse": _around(60, 25, 0.15),
    "radialmaze": _radial_maze(33, 8),
}
"""Tasks whose maps are others in every episode."""


def _map(name: str) -> MapConfig:
    return _GENERATED.get(name) or drawn_map("navigation", name, {"M": "empty", "G": "empty"})


NAVIGATION_TASKS: dict[str, Task] = {
    name: Task(max_steps, tests, _map(name)) for name, (max_steps, tests) in _BUDGETS_AND_AIMS.items()
}
"""The tasks by name."""
