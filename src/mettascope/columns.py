"""What one looks at in a world, as named columns of integers: the form in which frames travel and are kept.

A column is `rows` x `size` numbers, for example one row per variable with one number per object. What the page shows
is drawn from the columns and the branch's description alone, so it needs no engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mettagrid.batch import BatchEnv, WorldView

MOST_KIN = 256
"""Agents of which the page is told who is near to whom. Where all are a little near to all, each key frame would hold
a million numbers with 1,024 of them: 2.9 MB, 1.3 MB deflated."""

Values = list[NDArray[np.int64]]
"""One array [rows * size] per column."""


@dataclass(frozen=True)
class Column:
    """A name and a shape."""

    name: str
    rows: int
    size: int

    @property
    def length(self) -> int:
        """How many numbers it holds."""
        return self.rows * self.size


def columns_of(env: BatchEnv) -> list[Column]:
    """The columns of the worlds of a game."""
    view, spec = env.world(0), env.spec
    num_objects, num_agents = len(view.kinds), spec.num_agents
    return [
        Column("kind", 1, num_objects),
        Column("cell", 1, num_objects),
        Column("body", 1, num_objects),
        Column("variable", len(spec.variable_names), num_objects),
        Column("reward", 1, num_agents),
        Column("action", 1, num_agents),
        Column("partner", 1, num_agents),
        Column("stat", len(spec.stat_names), num_agents),
        Column("ground", 1, view.ground.size),
        Column("trace", 1, view.traces.size),
        Column("kinship", *_kinship(view).shape),
    ]


def read_columns(view: WorldView) -> Values:
    """The numbers of a world, in the order of `columns_of` (copies).

    Cells count from 1, and 0 is "not on the map": an empty column is all zeros.
    """
    arrays: Sequence[NDArray[np.integer]] = (
        view.kinds,
        view.cells + 1,
        view.profiles,
        view.variables.T,
        view.rewards,
        view.last_actions,
        view.partners,
        view.stats.T,
        view.ground,
        view.traces,
        _kinship(view),
    )
    return [array.astype(np.int64).ravel() for array in arrays]


def _kinship(view: WorldView) -> NDArray[np.uint8]:
    return view.kinship if len(view.kinship) <= MOST_KIN else view.kinship[:0, :0]


def zeros(columns: Sequence[Column]) -> Values:
    """The columns before anything is known: what key frames are written against."""
    return [np.zeros(column.length, np.int64) for column in columns]
