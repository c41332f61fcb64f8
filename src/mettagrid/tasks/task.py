"""Task: a map with a budget, and what it tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mettagrid.config.nearest import did_you_mean
from mettagrid.maps import AsciiMap, MapConfig
from mettagrid.tasks.drawings import read_drawings

LEGEND = {"A": "altar", "M": "mine", "G": "generator", "L": "landmark"}
"""What stands in drawings besides `#` = wall, `@` = agent and `.` = empty."""


@dataclass(frozen=True)
class Task:
    """One named task of a suite."""

    max_steps: int
    """Budget: steps of an episode."""
    tests: str
    """What it tests, one sentence."""
    map: MapConfig
    """Where it is played; never trained on."""
    num_agents: int = 1
    hearts: int = 3
    """Hearts that an agent with full knowledge gets within the budget."""
    settings: dict[str, Any] = field(default_factory=dict)
    """What else the game must be told."""


def find_task(name: str, tasks: Mapping[str, Task]) -> Task:
    """Return the task of a name.

    Raises:
        ValueError: there is none; one line with the nearest.
    """
    if name not in tasks:
        raise ValueError(f"task: there is no task {name!r}; {did_you_mean(name, tasks)}")
    return tasks[name]


def drawn_map(suite: str, name: str, legend: Mapping[str, str] | None = None) -> AsciiMap:
    """Return the drawing of a task.

    Args:
        suite: the file of drawings.
        name: the drawing in it.
        legend: what characters mean, on top of `LEGEND`.
    """
    text = read_drawings(suite)[name]
    meaning = LEGEND | dict(legend or {})
    return AsciiMap(text=text, legend={sign: kind for sign, kind in meaning.items() if sign in text})
