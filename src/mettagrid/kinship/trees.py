"""FamilyTrees: relatedness by descent in random pedigrees."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from mettagrid.kinship.scheme import Scheme, Tables

_MOST_SCORES = 2**24
"""Scores in all trees of a game: what a laptop's memory holds."""


class FamilyTrees(Scheme):
    """Random pedigrees: founders are unrelated; each later agent has two parents of the generation before.

    Relatedness follows the tabular method (S. Wright, "Coefficients of Inbreeding and Relationship", 1922; Henderson's
    recursion, leaving out inbreeding): r(child, x) = (r(mother, x) + r(father, x)) / 2 for everybody x born before.
    So parent and child, and full siblings of unrelated parents, are 1/2; half siblings 1/4, cousins 1/8.
    """

    op: Literal["trees"] = "trees"
    founders: Annotated[int, Field(ge=2)] = 8
    """People without parents, as the first generation."""
    generations: Annotated[int, Field(ge=2, le=64)] = 3
    """Generations, the founders included; the rest of the agents is spread over the later ones evenly."""
    living: Annotated[int, Field(ge=1)] | None = None
    """How many of the last generations are agents, evenly; those before are as large as the first one. None for all."""
    children: Annotated[int, Field(ge=1)] = 4
    """Children that a couple has before the next couple is formed."""
    num_trees: Annotated[int, Field(ge=1, le=1024)] = 64
    """Pedigrees that are prepared; each episode draws one."""
    seed: int = 0
    """Of the pedigrees."""

    def check(self, num_agents: int) -> None:
        """Refuses a tree that has no room for its generations."""
        super().check(num_agents)
        if self.living is not None and self.living > self.generations:
            raise ValueError(f"living: {self.living} of {self.generations} generations are too many")
        if self._num_dead() and (self.living or 0) > num_agents:
            raise ValueError(f"living: {self.living} generations need as many agents, got {num_agents}")
        least = self.founders + self.generations - 1
        if not self._num_dead() and least > num_agents:
            raise ValueError(
                f"founders: {self.founders} and {self.generations - 1} later generations need {least} agents"
            )
        if self.num_trees * num_agents**2 > _MOST_SCORES:
            fitting = max(1, _MOST_SCORES // num_agents**2)
            raise ValueError(
                f"num_trees: {self.num_trees} trees of {num_agents} agents, at most {fitting} fit"
            )

    def parents(self, num_agents: int, seed: int) -> np.ndarray:
        """One pedigree: int [people, 2] of mother and father, -1 for founders; parents come before children.

        The last `num_agents` people are the agents.
        """
        rng = np.random.default_rng([self.seed % 2**63, seed])
        first, *later = self._generations(num_agents)
        parents = np.full((first + sum(later), 2), -1)
        before = np.arange(first)
        for size in later:
            generation = np.arange(before[-1] + 1, before[-1] + 1 + size)
            for siblings in np.split(generation, range(self.children, size, self.children)):
                parents[siblings] = (
                    rng.choice(before, 2, replace=False) if len(before) > 1 else (before[0], -1)
                )
            before = generation
        return parents

    def _num_dead(self) -> int:
        """Generations whose people are not agents."""
        return self.generations - (self.living or self.generations)

    def _generations(self, num_agents: int) -> list[int]:
        """People in each generation."""
        first = [self.founders] * max(1, self._num_dead())
        rest = num_agents if self._num_dead() else num_agents - self.founders
        count = self.generations - len(first)
        return first + [rest // count + (index < rest % count) for index in range(count)]

    def tables(self, num_agents: int) -> Tables:
        """Tables for the core."""
        trees = [self._scores(num_agents, seed) for seed in range(self.num_trees)]
        return self._templates(np.array(trees))

    def _scores(self, num_agents: int, seed: int) -> np.ndarray:
        return relatedness(self.parents(num_agents, seed))[-num_agents:, -num_agents:]


def relatedness(parents: np.ndarray) -> np.ndarray:
    """Relatedness of everybody to everybody, float [n, n].

    Args:
        parents: int [n, 2], -1 where there is none; parents come before their children.
    """
    count = len(parents)
    scores = np.eye(count)
    for child, couple in enumerate(parents):
        known = couple[couple >= 0]
        scores[child, :child] = scores[:child, child] = scores[known, :child].sum(axis=0) / 2
    return scores
