"""All changes of an original's replay in one order: step, which number of the columns, its new value."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mettascope.columns import Column
from mettascope.original.looks import Looks
from mettascope.original.schema import Original, Thing
from mettascope.original.series import Series, join

_LARGEST = 2**31 - 1
_MOST_CHANGES = 20_000_000
# The original counts north, south, west, east, and then the corners; ours north, east, south, west.
_HEADINGS = (0, 2, 3, 1, 3, 1, 3, 1)
_SOUTH = 2


@dataclass(frozen=True)
class Changes:
    """Sorted by step and place, each place at most once in a step."""

    steps: NDArray[np.int64]
    places: NDArray[np.int64]
    """In all columns one after the other."""
    values: NDArray[np.int64]
    last_step: int


def all_changes(original: Original, looks: Looks, columns: Sequence[Column]) -> Changes:
    """The changes of a replay; those after its last step are left out.

    Raises:
        ValueError: one line: there are too many.
    """
    starts = dict(
        zip((c.name for c in columns), np.cumsum([0, *(c.length for c in columns)]).tolist(), strict=False)
    )
    writer = _Writer(original, looks, starts, columns[0].size)
    for number, thing in enumerate(original.things):
        writer.write(number, thing)
    return writer.changes()


class _Writer:
    def __init__(self, original: Original, looks: Looks, starts: dict[str, int], num_objects: int) -> None:
        self._original, self._looks, self._starts, self._num_objects = original, looks, starts, num_objects
        self._steps, self._places, self._values = array("q"), array("q"), array("q")
        self._has_headings = any("orientation" in thing.numbers for thing in original.things)

    def write(self, number: int, thing: Thing) -> None:
        """Adds what happens to one object."""
        self._write_looks(number, thing)
        self._write_variables(number, thing)
        if thing.agent_id is not None:
            self._write_agent(number, thing)

    def changes(self) -> Changes:
        """All that was added, in order."""
        steps, places, values = (
            np.frombuffer(part, np.int64) if part else np.zeros(0, np.int64)
            for part in (self._steps, self._places, self._values)
        )
        inside = steps < self._original.num_steps
        steps, places, values = steps[inside], places[inside], values[inside]
        order = np.lexsort((places, steps))  # stable: of two values in a step the later one is last
        steps, places, values = steps[order], places[order], values[order]
        is_last = np.ones(len(steps), np.bool_)
        is_last[:-1] = (steps[1:] != steps[:-1]) | (places[1:] != places[:-1])
        return Changes(steps[is_last], places[is_last], values[is_last], self._original.num_steps - 1)

    def _write_looks(self, number: int, thing: Thing) -> None:
        is_agent = thing.agent_id is not None
        kinds = [(0, 1)] if is_agent else [(step, self._looks.kinds[name]) for step, name in thing.kind]
        self._add(self._starts["kind"] + number, kinds)
        self._add(self._starts["body"] + number, [(step, self._looks.body(kind)) for step, kind in kinds])
        self._add(self._starts["cell"] + number, self._cells(thing))

    def _cells(self, thing: Thing) -> Series[int]:
        """0 where it is outside of the map or not alive."""
        width, height = self._original.width, self._original.height
        cells = [
            (step, 1 + y * width + x if 0 <= x < width and 0 <= y < height else 0)
            for step, (x, y) in thing.places
        ]
        alive = thing.numbers.get("alive")
        if not alive:
            return cells
        return [(step, cell if is_alive else 0) for step, (cell, is_alive) in join(cells, _whole(alive))]

    def _write_variables(self, number: int, thing: Thing) -> None:
        numbers, variables = thing.numbers, self._looks.variables
        is_agent = thing.agent_id is not None
        if is_agent:
            turns = numbers.get("orientation", [])
            headings = [(step, _HEADINGS[int(value) % len(_HEADINGS)]) for step, value in turns]
            self._add_variable(
                number, variables["heading"], headings if self._has_headings else [(0, _SOUTH)]
            )
            self._add_variable(number, variables["frozen"], _whole(numbers.get("frozen", [])))
            self._add_variable(
                number, variables["team"], [(s, int(v) + 1) for s, v in numbers.get("team", [])]
            )
            self._add_variable(number, variables["mark"], _whole(numbers.get("vibe", [])))
        else:
            self._add_variable(number, variables["waiting"], _whole(numbers.get("waiting", [])))
        before: dict[int, int] = {}
        for step, counts in thing.inventory:
            for item in before.keys() | counts.keys():
                count = counts.get(item, 0)
                if item in self._looks.items and count != before.get(item, 0):
                    self._add_variable(number, self._looks.items[item], [(step, count)])
            before = counts

    def _write_agent(self, number: int, thing: Thing) -> None:
        known = range(len(self._original.actions))
        actions = [(step, action if action in known else 0) for step, action in thing.actions]
        self._add(self._starts["action"] + number, actions)
        self._add(self._starts["reward"] + number, _thousandths(thing.numbers.get("reward", [])))
        self._add(self._starts["stat"] + number, _thousandths(thing.numbers.get("total_reward", [])))

    def _add_variable(self, number: int, variable: int, series: Series[int]) -> None:
        self._add(self._starts["variable"] + variable * self._num_objects + number, series)

    def _add(self, place: int, series: Series[int]) -> None:
        if len(self._steps) + len(series) > _MOST_CHANGES:
            raise ValueError(f"more than {_MOST_CHANGES:,} changes are too many")
        for step, value in series:
            self._steps.append(step)
            self._places.append(place)
            self._values.append(max(-_LARGEST, min(_LARGEST, value)))


def _whole(series: Series[float]) -> Series[int]:
    return [(step, int(value)) for step, value in series]


def _thousandths(series: Series[float]) -> Series[int]:
    return [(step, round(value * 1000)) for step, value in series]
