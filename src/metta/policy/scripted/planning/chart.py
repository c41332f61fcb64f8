"""What somebody remembers of a map that it has walked: a chart around the place where it began."""

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from metta.policy.scripted.planning.rulebook import MOVES, Rulebook
from metta.policy.scripted.planning.state import Board, State, Thing

REACH = 96
"""Cells that a chart holds in each direction from its middle."""
SIDE = 2 * REACH + 1
STEPS = (-SIDE, 1, SIDE, -1)
UNKNOWN, EMPTY = 0, 1
"""What is known of a cell; a kind of object is its number + `OBJECT`."""
OBJECT = 1


class Chart:
    """A view of one agent's memory as a map. Cells are row * SIDE + column; it began in the middle.

    Args:
        cells: float32 [SIDE * SIDE], what is known of each cell; written in place.
        marks: float32 [marks, SIDE * SIDE], variables that things showed when they were seen last.
    """

    def __init__(self, cells: NDArray[np.float32], marks: NDArray[np.float32]) -> None:
        self.cells, self.marks = cells, marks

    def write(self, at: int, seen: NDArray[np.float32], marks: NDArray[np.float32]) -> bool:
        """Note what is seen around a cell; tells whether something changed that was known before, or a thing is new.

        Args:
            at: the cell in the middle of the view.
            seen: [height, width], `EMPTY` or a kind.
            marks: [marks, height, width].
        """
        rows, columns, view_rows, view_columns = _overlap(at, seen.shape)
        cells = self.cells.reshape(SIDE, SIDE)[rows, columns]
        planes = self.marks.reshape(-1, SIDE, SIDE)[:, rows, columns]
        new, new_marks = seen[view_rows, view_columns], marks[:, view_rows, view_columns]
        is_surprise = (new != cells) & ((cells != UNKNOWN) | (new > EMPTY))
        is_surprise |= (new_marks != planes).any(0)
        cells[...], planes[...] = new, new_marks
        return bool(is_surprise.any())

    def misfits(self, at: int, seen: NDArray[np.float32]) -> int:
        """How many cells would contradict what is known, if the view were around this cell."""
        rows, columns, view_rows, view_columns = _overlap(at, seen.shape)
        cells = self.cells.reshape(SIDE, SIDE)[rows, columns]
        return int(((cells != UNKNOWN) & (cells != seen[view_rows, view_columns])).sum())

    def is_frontier(self, cell: int) -> bool:
        """Whether a cell is empty and beside something unknown."""
        return self.cells[cell] == EMPTY and any(self.cells[cell + step] == UNKNOWN for step in STEPS)

    def way_to_frontier(self, start: int) -> list[str] | None:
        """Return the moves to the nearest cell from which something unknown can be entered; None if there is none."""
        came: dict[int, tuple[int, int]] = {start: (start, 0)}
        waiting = deque([start])
        while waiting:
            cell = waiting.popleft()
            if cell != start and self.is_frontier(cell):
                return _moves(came, start, cell)
            for side, step in enumerate(STEPS):
                there = cell + step
                if there not in came and self.cells[there] == EMPTY:
                    came[there] = (cell, side)
                    waiting.append(there)
        return None

    def state(
        self, rules: Rulebook, kind_names: list[str], at: int, heading: int, own: tuple[int, ...]
    ) -> tuple[Board, State]:
        """Return what a plan starts from, with all that is unknown closed; cells are numbered otherwise there."""
        grid = self.cells.reshape(SIDE, SIDE)
        rows, columns = (np.flatnonzero((grid != UNKNOWN).any(axis)) for axis in (1, 0))
        top, left = int(rows[0]) - 1, int(columns[0]) - 1
        part = np.pad(grid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 1)
        board = Board((part == EMPTY).ravel().tolist(), part.shape[1])
        things = tuple(sorted(self._things(rules, kind_names, part, top, left)))
        for cell, _, _ in things:
            board.is_open[cell] = True
        own_cell = (at // SIDE - top) * board.width + at % SIDE - left
        return board, State(own_cell, heading, own, things)

    def _things(
        self, rules: Rulebook, kind_names: list[str], part: NDArray[np.float32], top: int, left: int
    ) -> Iterator[Thing]:
        marks = self.marks.reshape(-1, SIDE, SIDE)
        for row, column in np.argwhere(part > EMPTY).tolist():
            kind = kind_names[int(part[row, column]) - OBJECT]
            if kind in rules.kinds:
                values = [
                    int(marks[rules.marks.index(name), row + top, column + left])
                    for name in rules.kinds[kind]
                ]
                yield row * part.shape[1] + column, kind, tuple(values)


def _overlap(at: int, shape: tuple[int, ...]) -> tuple[slice, slice, slice, slice]:
    """Rows and columns of a view on the chart, and of the view itself, as far as the chart reaches."""
    slices = []
    for middle, size in zip(divmod(at, SIDE), shape, strict=True):
        first = middle - size // 2
        low, high = max(first, 0), min(first + size, SIDE)
        slices.append((slice(low, high), slice(low - first, high - first)))
    return slices[0][0], slices[1][0], slices[0][1], slices[1][1]


def _moves(came: dict[int, tuple[int, int]], start: int, goal: int) -> list[str]:
    moves = []
    while goal != start:
        goal, side = came[goal]
        moves.append(MOVES[side])
    return moves[::-1]
