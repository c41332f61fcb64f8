"""CompiledGame: what compiling a game gives. Frame: what all compilations of a game whose numbers vary share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from mettagrid.config.game import GameConfig
from mettagrid.spec import GameSpec


@dataclass(frozen=True)
class CompiledGame:
    """A game as the core runs it, and as policies know it."""

    tables: dict[str, np.ndarray]
    """int32 arrays by name; the names and columns are those of `core/colony/tables.hpp`."""
    spec: GameSpec
    rule_sources: tuple[tuple[int, ...], ...] = ()
    """For each row of the table `rules`, the places in `GameConfig.rules` of the rules that say it."""


@dataclass
class Frame:
    """Holds still what would follow a number that varies: scales of tokens, and what is stored once if it is equal.

    So the tables of a game with other numbers differ in those numbers only.
    """

    highest: Mapping[str, int] = field(default_factory=dict)
    """The largest cap that is drawn, by variable."""
    told: Mapping[str, float] = field(default_factory=dict)
    """Features of the drawn numbers that are shown, with their scales."""
    reaches: dict[tuple[int, ...], int] = field(default_factory=dict)
    """Rows of the table of reaches: those of all drawn values, in the order in which they were asked for."""
    kinship: dict[str, np.ndarray] | None = None
    """Tables of the game's kinship, which does not vary: made once."""


Compile = Callable[[GameConfig, Frame | None], CompiledGame]
"""Turns a game as it stands into tables."""
