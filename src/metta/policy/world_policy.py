"""Policies that are shown the worlds themselves, not only what agents see: what full knowledge reaches.

They are yardsticks: they cannot be trained, saved, or played where there is no world to look at.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from metta.policy.policy import Policy
from mettagrid.batch import WorldView
from mettagrid.config.game import GameConfig


@runtime_checkable
class Worlds(Protocol):
    """What such a policy looks at; `mettagrid.BatchEnv` is one."""

    game: GameConfig
    num_agents: int

    def world(self, world: int) -> WorldView:
        """Return the true state of one world."""
        ...


class WorldPolicy(Policy):
    """A policy that reads the true state of the worlds: whoever plays it calls `watch` before each step."""

    @abstractmethod
    def watch(self, worlds: Worlds, rows: Sequence[int]) -> None:
        """Look at the worlds as they are now.

        Args:
            worlds: all of them.
            rows: for each row that this policy plays next, its number among all rows.
        """
