"""The 17 sequence tasks: maps of navigation with a mine and a generator. Names and budgets are Metta's."""

from mettagrid.tasks.task import Task, drawn_map

_BUDGETS_AND_AIMS: dict[str, tuple[int, str]] = {
    "corridors": (600, "Remembers in which dead end each station was."),
    "cylinder": (800, "Fetches a battery outside and between two enclosures, and carries it inside."),
    "cylinder_easy": (400, "Fetches a battery before it enters an enclosure."),
    "honeypot": (300, "Collects from the outer wall to the innermost."),
    "knotty": (500, "Comes back to places in a tangle of narrow paths."),
    "memory_palace": (200, "Remembers which room has which station."),
    "obstacles0": (150, "Orders its ways among a few loose walls."),
    "obstacles1": (300, "Does on its way through the gaps what must be done first."),
    "obstacles2": (350, "Goes back and forth between walls with gaps at alternate ends."),
    "obstacles3": (300, "Enters closed blocks in the right order."),
    "radial_large": (1000, "Remembers at the end of which long arm each station is."),
    "radial_mini": (150, "Remembers at the end of which short arm each station is."),
    "radial_small": (120, "Loads at the ends of two arms for three others."),
    "swirls": (350, "Takes along what lies on the way into the spirals."),
    "thecube": (350, "Remembers in which room each station is."),
    "walkaround": (350, "Fetches a battery before it walks around the wall."),
    "wanderout": (500, "Leaves a box in a box and comes back to what it has passed."),
}

SEQUENCE_TASKS: dict[str, Task] = {
    name: Task(max_steps, tests, drawn_map("navigation", name))
    for name, (max_steps, tests) in _BUDGETS_AND_AIMS.items()
}
"""The tasks by name."""
