"""Which cells of the tables follow a number of the game, and what they become for each of its values.

Found out by compiling: the game is compiled with a few values, and the tables are compared. Cells that follow a
number in a straight line are computed for the values in between. Knows hardly anything of what the tables mean.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mettagrid.compile.compiled import Compile, CompiledGame, Frame
from mettagrid.config.game import GameConfig
from mettagrid.config.vary import Assignment

Cell = tuple[str, int]
"""A table and a flat index into it."""
Cells = dict[Cell, int]
Number = int | float

PATCHED = {
    "profile_cap": 0,
    "profile_initial": 1,
    "profile_trait": 2,
    "filters": 3,
    "effects": 4,
    "agent_initial": 5,
    "sizes": 6,
}
"""Tables whose numbers the core can change in every episode, and their ids there; of the sizes only `max_steps`."""
MAX_STEPS = 4
"""Where the sizes hold `max_steps`."""

_KIND_OF_WORD = (0, 1, 3)
"""Columns of filters and effects that say what a word is: what it does, to whom, what its operand is."""
_SCALES = (1, -1, 0, 1000, -1000, 65536, 240)
"""What numbers are multiplied with in the core's tables: whole numbers, thousandths, parts of 65536 and of 240."""
_FEW = 6
"""So many values are all compiled, rather than computed from some of them."""
_CHANGED = {
    "sizes": "the size of the world",
    "kind_tokens": "what is shown of things",
    "kind_tokens_begin": "what is shown of things",
    "self_tokens": "what is shown of oneself",
    "world_tokens": "what is shown of the world",
    "group_tokens": "what is shown of one's group",
    "profile_radius": "how far a body sees; use a variable named sight",
    "agent_profile": "which agent has which body",
    "kind_profile": "which agent has which body",
    "body_draws": "which agent has which body",
    "actions": "what a verb aims at",
    "sharing": "how rewards are shared",
    "genes": "what children inherit",
    "grounds": "what grounds are like",
    "var_countdown": "which variables are timers",
}


class Prober:
    """Compiles a game with other values and says which cells differ from those of the game itself."""

    def __init__(self, game: GameConfig, compile_game: Compile, frame: Frame) -> None:
        """`game` varies nothing; the frame is shared by all compilations."""
        self.game = game
        self.base = compile_game(game, frame)
        self._compile = compile_game
        self._frame = frame

    def compiled(self, assignment: Assignment) -> CompiledGame:
        """The game with these values, compiled; ValueError if there can be no such game."""
        return self._compile(changed(self.game, assignment), self._frame)

    def cells(self, assignment: Assignment) -> Cells:
        """The cells that are different with these values, and what they are then.

        Raises:
            ValueError: one line; there can be no such game, or more is different than the core can change.
        """
        try:
            compiled = self.compiled(assignment)
        except ValueError as error:
            values = ", ".join(f"{path} = {value}" for path, value in assignment.items())
            raise ValueError(f"{values}: {error}") from None
        try:
            return self._different(compiled)
        except ValueError as error:
            raise ValueError(f"{', '.join(assignment)} cannot vary: {error}") from None

    def _different(self, compiled: CompiledGame) -> Cells:
        cells: Cells = {}
        for name, table in compiled.tables.items():
            if name != "reaches":  # they are collected in the frame
                cells |= _different(name, self.base.tables[name], table)
        if _names(compiled) != _names(self.base):
            raise ValueError("it changes the names by which policies know the game")
        return cells


def changed(game: GameConfig, assignment: Assignment) -> GameConfig:
    """Another game, which has these values; ValueError if there can be no such game."""
    return game.model_copy().override_all(assignment)


def accepts(game: GameConfig, assignment: Assignment) -> bool:
    """Whether there can be a game with these values."""
    try:
        changed(game, assignment)
    except ValueError:
        return False
    return True


def _different(name: str, before: np.ndarray, after: np.ndarray) -> Cells:
    if before.shape != after.shape:
        raise ValueError(f"it changes {_CHANGED.get(name, 'which rules and words there are')}")
    cells = {(name, int(index)): int(after.flat[index]) for index in np.flatnonzero(before != after)}
    for _, index in cells:
        if name in ("filters", "effects") and index % before.shape[1] in _KIND_OF_WORD:
            raise ValueError("it changes what a word of a rule is, not its number")
        if name not in PATCHED or (name == "sizes" and index != MAX_STEPS):
            raise ValueError(f"it changes {_CHANGED.get(name, 'which rules and words there are')}")
    return cells


def _names(compiled: CompiledGame) -> dict[str, Any]:
    return compiled.spec.model_dump(exclude={"max_steps"})


def cells_of_values(
    values: Sequence[Any], probe: Callable[[Any], Cells], base: dict[str, np.ndarray]
) -> dict[Cell, list[int]]:
    """What each cell becomes for each of the values, in their order.

    Args:
        values: numbers or names.
        probe: gives the cells that are different with a value.
        base: the tables with which it compares.

    Raises:
        ValueError: whatever `probe` refuses.
    """
    numeric = all(isinstance(value, int | float) for value in values)
    distinct = sorted(set(values)) if numeric else list(dict.fromkeys(values))
    probed: dict[int, Cells] = {}

    def probe_at(position: int) -> Cells:
        if position not in probed:
            probed[position] = probe(distinct[position])
        return probed[position]

    known = [_Segment(distinct, 0, len(distinct) - 1)]
    results: list[Cells] = [{} for _ in distinct]
    while known:
        segment = known.pop()
        positions = segment.positions() if numeric else range(segment.first, segment.last + 1)
        cells = segment.fill({i: probe_at(i) for i in positions}, base)
        if cells is None:
            known += segment.halves()
        else:
            results[segment.first : segment.last + 1] = cells
    changed = sorted({cell for cells in results for cell in cells})
    row = {value: position for position, value in enumerate(distinct)}
    return {
        cell: [results[row[value]].get(cell, int(base[cell[0]].flat[cell[1]])) for value in values]
        for cell in changed
    }


class _Segment:
    """A run of ascending values, in which all cells may follow the number in a straight line."""

    def __init__(self, values: Sequence[Any], first: int, last: int) -> None:
        self.values, self.first, self.last = values, first, last

    def positions(self) -> list[int]:
        """Which values to compile: all of few; else both ends with their neighbours, and the middle."""
        if self.last - self.first < _FEW:
            return list(range(self.first, self.last + 1))
        return [self.first, self.first + 1, self._middle(), self.last - 1, self.last]

    def halves(self) -> list["_Segment"]:
        """Two segments that meet in the middle."""
        middle = self._middle()
        return [_Segment(self.values, self.first, middle), _Segment(self.values, middle, self.last)]

    def fill(self, probed: dict[int, Cells], base: dict[str, np.ndarray]) -> list[Cells] | None:
        """The cells of every value of the segment; None if they follow no straight line."""
        if len(probed) == self.last - self.first + 1:
            return [probed[i] for i in range(self.first, self.last + 1)]
        filled: list[Cells] = [{} for _ in range(self.first, self.last + 1)]
        for cell in {cell for cells in probed.values() for cell in cells}:
            usual = int(base[cell[0]].flat[cell[1]])
            line = straight_line([(self.values[i], cells.get(cell, usual)) for i, cells in probed.items()])
            if line is None:
                return None
            for i, cells in enumerate(filled):
                cells[cell] = line(self.values[self.first + i])
        return filled

    def _middle(self) -> int:
        return (self.first + self.last) // 2


def straight_line(points: Sequence[tuple[Number, int]]) -> Callable[[Number], int] | None:
    """The function `round(scale * x) + offset` through all points, with a whole scale; None if there is none."""
    (x, y), (last_x, last_y) = points[0], points[-1]
    slope = round((last_y - y) / (last_x - x))
    for scale in dict.fromkeys((*_SCALES, slope)):
        offset = y - round(scale * x)
        if all(value == round(scale * number) + offset for number, value in points):
            return lambda number, scale=scale, offset=offset: round(scale * number) + offset
    return None
