"""The pages of the games with named tasks tell each task's size, budget and purpose."""

from pathlib import Path

import pytest

from mettagrid.games.memory import MEMORY_TASKS, T_MAZE_TASKS
from mettagrid.games.navigation import NAVIGATION_TASKS, Terrain
from mettagrid.games.navigation_sequence import SEQUENCE_TASKS, SequenceNumbers
from mettagrid.games.object_use import OBJECT_TASKS

GAMES = Path(__file__).parents[2] / "docs" / "games"
SUITES = {
    "navigation": NAVIGATION_TASKS,
    "navigation_sequence": SEQUENCE_TASKS,
    "memory": MEMORY_TASKS | T_MAZE_TASKS,
    "object_use": OBJECT_TASKS,
}


@pytest.mark.parametrize("suite", SUITES)
def test_the_page_tells_the_tasks(suite):
    page = (GAMES / f"{suite}.md").read_text(encoding="utf-8")
    rows = [
        f"| `{name}` | {task.map.shape[1]} x {task.map.shape[0]} | {task.max_steps} | {task.tests} |"
        for name, task in SUITES[suite].items()
    ]
    missing = [row for row in rows if row not in page]
    assert not missing, f"docs/games/{suite}.md needs these rows:\n" + "\n".join(missing)


@pytest.mark.parametrize(
    ("page", "numbers"), [("navigation", Terrain), ("navigation_sequence", SequenceNumbers)]
)
def test_the_page_tells_the_numbers(page, numbers):
    text = (GAMES / f"{page}.md").read_text(encoding="utf-8")
    for name, field in numbers.model_fields.items():
        default = ", ".join(field.default) if isinstance(field.default, tuple) else field.default
        assert f"| `{name}` | {default} | {field.description} |" in text
