"""Task: one of the games that a curriculum chooses from."""

from dataclasses import dataclass, field
from typing import Any

from mettagrid.config.game import GameConfig


@dataclass(frozen=True)
class Task:
    """One game, and what it is called in metrics."""

    label: str
    """Unlike those of all other tasks of the set."""
    game: GameConfig
    """Tasks that differ in their maps alone may share one object: it is compiled once."""
    weight: float = 1.0
    """How often it is drawn relative to others, whatever the algorithm thinks of it."""
    values: dict[str, Any] = field(default_factory=dict)
    """What was put into its buckets, by name: metrics are also told for each of these values."""
    num_maps: int | None = None
    """Maps that it has; None for its part of `training_env.num_maps`."""
