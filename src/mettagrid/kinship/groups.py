"""NestedGroups: hives of clans of families, or any other groups within groups."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.kinship.scheme import Scheme, Score, Tables


class Level(Config):
    """One kind of group: how large it is, and how near its members are to each other."""

    name: str
    """What such a group is called: hive, clan, family."""
    size: Annotated[int, Field(ge=1)]
    """Agents in a group; the last one has what is left."""
    score: Score
    """Kinship of two whose smallest common group this is."""


class NestedGroups(Scheme):
    """The kinship of two is that of the smallest group that both belong to; 0 if there is none.

    Example:
        NestedGroups(levels=[Level(name="hive", size=24, score=0.1), Level(name="clan", size=8, score=0.3),
                      Level(name="family", size=4, score=0.8)])
    """

    op: Literal["nested"] = "nested"
    levels: Annotated[list[Level], Field(min_length=1)]
    """From the largest groups to the smallest; each size divides the one before."""
    group_level: Annotated[int, Field(ge=0)] = 0
    """Which level's number becomes an agent's `group_variable`, if the game has one; 0 is the largest."""

    def check(self, num_agents: int) -> None:
        """Refuses levels that do not nest."""
        super().check(num_agents)
        for index, (outer, inner) in enumerate(zip(self.levels, self.levels[1:], strict=False), start=1):
            if outer.size % inner.size != 0:
                raise ValueError(
                    f"levels.{index}.size: {inner.size} does not divide {outer.size}, the size of the level above"
                )
        if self.group_level >= len(self.levels):
            raise ValueError(f"group_level: must lie in 0..{len(self.levels) - 1}, got {self.group_level}")

    def tables(self, num_agents: int) -> Tables:
        """Tables for the core."""
        places = np.arange(num_agents)
        matrix = np.zeros((num_agents, num_agents))
        for level in self.levels:
            groups = places // level.size
            matrix[groups[:, None] == groups[None, :]] = level.score
        groups = places // self.levels[self.group_level].size + 1
        return self._templates(matrix[None], groups[None])
