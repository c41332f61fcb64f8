"""From what a file of the original says to an archive: all changes of all numbers, step by step, as frames."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mettascope.archive.form import CHUNK_TICKS, MAX_NUMBERS, SURVEY_TICKS, Archive
from mettascope.columns import Column
from mettascope.frames import pack_chunk
from mettascope.original.changes import Changes, all_changes
from mettascope.original.looks import Looks, find_looks
from mettascope.original.schema import Original
from mettascope.survey import MARK_FIELDS, Block, Mark
from mettascope.varints import fold, pack

_MOST_WORK = 1 << 30  # numbers of all key frames together
_HEART = "heart"
TOTAL_REWARD = "reward.total_thousandths"


def convert(original: Original, name: str) -> Archive:
    """The archive of a replay of the original.

    Args:
        original: what its file says.
        name: of the file.

    Raises:
        ValueError: one line: it is too large.
    """
    looks = find_looks(original)
    columns = _columns(original, looks)
    numbers = sum(column.length for column in columns)
    if numbers > MAX_NUMBERS or numbers * (original.num_steps // CHUNK_TICKS + 1) > _MOST_WORK:
        raise ValueError(f"{len(original.things)} objects over {original.num_steps} steps are too many")
    course = _Course(columns, all_changes(original, looks, columns), looks)
    chunks, surveys = {}, {}
    frames: list[bytes] = []
    for tick in range(original.num_steps):
        frames.append(course.frame(tick, is_key=tick % CHUNK_TICKS == 0))
        course.survey(tick)
        if (tick + 1) % CHUNK_TICKS == 0 or tick + 1 == original.num_steps:
            chunks[tick // CHUNK_TICKS * CHUNK_TICKS] = pack_chunk(frames)
            frames = []
        if (tick + 1) % SURVEY_TICKS == 0 or tick + 1 == original.num_steps:
            first = tick // SURVEY_TICKS * SURVEY_TICKS
            surveys[first] = course.block(first).pack()
    return Archive(_describe(original, looks, columns, name), looks.atlas.png, chunks, surveys)


def _columns(original: Original, looks: Looks) -> list[Column]:
    objects, agents = len(original.things), sum(thing.agent_id is not None for thing in original.things)
    return [
        Column("kind", 1, objects),
        Column("cell", 1, objects),
        Column("body", 1, objects),
        Column("variable", len(looks.described["variables"]), objects),
        Column("reward", 1, agents),
        Column("action", 1, agents),
        Column("partner", 1, agents),
        Column("stat", 1, agents),
        Column("ground", 1, 0),
        Column("trace", 1, 0),
    ]


def _describe(original: Original, looks: Looks, columns: list[Column], name: str) -> dict[str, Any]:
    sight = 11  # what agents of the original see, if nobody says otherwise
    return {
        "format": "mettascope-world",
        "version": 1,
        "name": f"original replay, version {original.version}",
        "title": (name.replace("\\", "/").rsplit("/", 1)[-1] or original.title)[:200],
        "num_agents": columns[4].size,
        "max_steps": original.num_steps,
        "height": original.height,
        "width": original.width,
        "view": {"height": sight, "width": sight, "heading_up": False},
        "columns": [{"name": c.name, "rows": c.rows, "size": c.size} for c in columns],
        "stats": [TOTAL_REWARD],
        "grounds": [],
        "traces": [],
        "rules": [],
        "rule_parts": [],
        "sheet": [],
        "seed": 0,
        "policy": "",
        "first_tick": 0,
        "last_tick": original.num_steps - 1,
        "config": {},
    } | looks.described


class _Course:
    """All numbers at a tick, which goes on step by step."""

    def __init__(self, columns: list[Column], changes: Changes, looks: Looks) -> None:
        self._changes = changes
        lengths = [column.length for column in columns]
        self._starts = np.concatenate(([0], np.cumsum(lengths)))
        self._state = np.zeros(self._starts[-1], np.int64)
        self._steps = np.searchsorted(changes.steps, np.arange(changes.last_step + 2))
        objects, self._agents = columns[0].size, columns[4].size
        variables = [v["name"] for v in looks.described["variables"]]
        variable_start = int(self._starts[3])
        places = {name: variable_start + index * objects for index, name in enumerate(variables)}
        self._frozen, self._hearts = places["frozen"], places.get(_HEART)
        self._heart = variables.index(_HEART) if _HEART in variables else -1
        self._rows: list[tuple[NDArray[np.int64], ...]] = []
        self._marks: list[NDArray[np.int64]] = []

    def frame(self, tick: int, is_key: bool) -> bytes:
        """Goes to a tick, which follows the one before, and returns its frame."""
        before = self._watched()
        first, end = self._steps[tick : tick + 2]
        places, values = self._changes.places[first:end], self._changes.values[first:end]
        differences = values - self._state[places]
        self._state[places] = values
        self._marks += self._mark(tick, before, self._watched())
        if is_key:
            places = np.flatnonzero(self._state)
            differences = self._state[places]
        changed = differences != 0
        parts = [np.array([tick, 0 if is_key else tick], np.int64)]
        parts += self._column_parts(places[changed], differences[changed])
        return pack(np.concatenate([*parts, np.array([len(self._starts) - 1, 0], np.int64)]))

    def survey(self, tick: int) -> None:
        """Notes where agents are now, what they did and earned."""
        starts, agents = self._starts, self._agents
        parts = (self._state[starts[i] : starts[i] + agents].copy() for i in (1, 5, 4))
        self._rows.append(tuple(parts))

    def block(self, first: int) -> Block:
        """What was noted since the last block."""
        cells, actions, rewards = (np.stack(rows) for rows in zip(*self._rows, strict=True))
        marks = np.concatenate([np.zeros((0, len(MARK_FIELDS)), np.int64), *self._marks])
        self._rows, self._marks = [], []
        return Block(first, cells, actions, rewards, marks)

    def _column_parts(
        self, places: NDArray[np.int64], differences: NDArray[np.int64]
    ) -> Iterator[NDArray[np.int64]]:
        ends = np.searchsorted(places, self._starts)
        for number in np.flatnonzero(np.diff(ends)):
            first, end = ends[number : number + 2]
            yield np.array([number, end - first], np.int64)
            yield np.diff(places[first:end] - self._starts[number], prepend=0)
            yield fold(differences[first:end])

    def _watched(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        frozen = self._state[self._frozen : self._frozen + self._agents].copy()
        hearts = (
            frozen[:0] if self._hearts is None else self._state[self._hearts : self._hearts + self._agents]
        )
        return frozen, hearts.copy()

    def _mark(
        self, tick: int, before: tuple[NDArray[np.int64], ...], after: tuple[NDArray[np.int64], ...]
    ) -> list[NDArray[np.int64]]:
        """Who was frozen (by whom is not told), and who got hearts."""
        if tick == 0:
            return []
        frozen = np.flatnonzero((before[0] <= 0) & (after[0] > 0))
        gained = after[1] - before[1]
        hearts = np.flatnonzero(gained > 0)
        return [
            _rows(tick, Mark.ATTACK, frozen, -1, np.zeros_like(frozen)),
            _rows(tick, Mark.HEART, hearts, self._heart, gained[hearts]),
        ]


def _rows(
    tick: int, mark: Mark, targets: NDArray[np.int64], variable: int, amounts: NDArray[np.int64]
) -> NDArray[np.int64]:
    rows = np.empty((len(targets), len(MARK_FIELDS)), np.int64)
    rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3] = tick, mark, -1, targets
    rows[:, 4], rows[:, 5] = variable, amounts
    return rows
