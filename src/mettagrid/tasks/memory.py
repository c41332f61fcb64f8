"""The 26 memory tasks, whose names and budgets are Metta's, and T-mazes: what helps later is seen early."""

from mettagrid.maps import Fork, SceneMap
from mettagrid.tasks.task import Task, drawn_map

LOADED = {"loaded": True}
"""Agents begin with a battery for each altar: only the way is asked for."""

_TASKS: dict[str, tuple[int, int, bool, str]] = {
    "in_view": (32, 1, True, "Nothing to remember: the hearts are in sight."),
    "easy": (42, 1, True, "Remembers on which side of the start a landmark stood until the way forks."),
    "medium": (58, 1, True, "The same with a longer way."),
    "hard": (70, 1, True, "The same with a way of fifty steps."),
    "easy_sequence": (90, 1, False, "A landmark that tells the arm, and a battery to be made on the way."),
    "medium_sequence": (100, 1, False, "The same with a longer way."),
    "hard_sequence": (170, 1, False, "The same with a way of fifty steps."),
    "access_cross": (
        150,
        1,
        True,
        "Remembers a heart seen behind a wall until the far end, where one can cross.",
    ),
    "boxout": (350, 3, False, "Leaves a box for ore and battery, and comes back to the altars in it."),
    "choose_wisely": (
        210,
        1,
        False,
        "Three forks in a row: mine, generator, altar, each with an empty branch.",
    ),
    "corners": (100, 1, False, "Stations in the corners of an empty room, used in order."),
    "hall_of_mirrors": (175, 2, False, "Rooms that look alike on both sides of a hall."),
    "journey_home": (300, 3, False, "Goes far for ore, and finds back to the altars at the start."),
    "little_landmark_easy": (110, 1, True, "A landmark at the start tells which way leads to the heart."),
    "little_landmark_hard": (140, 1, True, "The same, and the heart is in a branch of that way."),
    "lobster_legs": (350, 2, False, "Remembers which of many side branches have stations."),
    "lobster_legs_cues": (350, 3, False, "The same with landmarks at the branches that have something."),
    "memory_swirls": (500, 3, False, "Mine and generator in the middle of two spirals, altars outside."),
    "memory_swirls_hard": (600, 3, False, "The same with longer spirals."),
    "passing_things": (
        300,
        2,
        False,
        "Passes altars and generator before it comes to the mine, and goes back.",
    ),
    "spacey_memory": (250, 3, False, "Stations far apart on a wide field."),
    "tease": (500, 3, False, "Altars in sight behind walls, long before they can be reached."),
    "tease_small": (375, 3, False, "The same with one wall, around whose far end the way leads."),
    "venture_out": (375, 3, False, "Leaves the room with the altars for two far places, and finds back."),
    "which_way": (140, 1, False, "Every turn leads to something; which way was what?"),
    "you_shall_not_pass": (
        140,
        2,
        True,
        "Two long corridors, one blocked at its end; a landmark stands at the open one.",
    ),
}

MEMORY_TASKS: dict[str, Task] = {
    name: Task(
        max_steps=max_steps,
        tests=tests,
        map=(drawing := drawn_map("memory", name)),
        num_agents=drawing.text.count("@"),
        hearts=hearts,
        settings=LOADED if loaded else {},
    )
    for name, (max_steps, hearts, loaded, tests) in _TASKS.items()
}
"""The tasks by name."""

T_ARM = 8
"""Cells from the junction of a T-maze to each side: three steps into the wrong arm before one sees that it is empty."""
T_SLACK = 4
"""Steps of a T-maze's budget beyond the shortest way; those three and the way back are six."""


def t_maze(corridor: int) -> SceneMap:
    """A corridor of so many cells with a landmark beside its beginning and a junction at its end; sides are drawn."""
    scene = Fork(stem=corridor, arm=T_ARM, rise=1, turned=False)
    return SceneMap(height=corridor + 4, width=2 * T_ARM + 3, scene=scene)


T_MAZE_TASKS: dict[str, Task] = {
    f"t_maze_{corridor}": Task(
        max_steps=corridor + T_ARM + 2 + T_SLACK,
        tests=f"Remembers the side of a landmark through a corridor of {corridor} cells, and decides once.",
        map=t_maze(corridor),
        hearts=1,
        settings=LOADED,
    )
    for corridor in (8, 16, 32)
}
"""T-mazes by name. The side is drawn anew for each map, so who does not remember is right half of the time."""
