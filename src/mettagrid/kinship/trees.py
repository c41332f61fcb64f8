"""FamilyTrees: relatedness by descent in random pedigrees."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from mettagrid.kinship.scheme import Scheme, Tables


class FamilyTrees(Scheme):
    """Random pedigrees: founders are unrelated; each later agent has two parents of the generation before.

    Relatedness follows the tabular method (S. Wright, "Coefficients of Inbreeding and Relationship", 1922; C. R. Henderson's
    recursion without inbreeding): r(child, x) = (r(mother, x) + r(father, x)) / 2 for everybody x who was born before. So parent
    and child, and full siblings of unrelated parents, are 1/2; half siblings 1/4, cousins 1/8.
    """

    op: Literal["trees"] = "trees"
    founders: Annotated[int, Field(ge=2)] = 8
    """Agents without parents, as the first generation."""
    generations: Annotated[int, Field(ge=2, le=64)] = 3
    """Generations, the founders included; the rest of the agents is spread over the later ones evenly."""
    children: Annotated[int, Field(ge=1)] = 4
    """Children that a couple has before the next couple is formed."""
    num_trees: Annotated[int, Field(ge=1, le=1024)] = 64
    """Pedigrees that are prepared; each episode draws one."""
    seed: int = 0
    """Of the pedigrees."""

    def check(self, num_agents: int) -> None:
        """Refuses a tree that has no room for its generations."""
        super().check(num_agents)
        least = self.founders + self.generations - 1
        if least > num_agents:
            raise ValueError(
                f"founders: {self.founders} and {self.generations - 1} later generations need {least} agents"
            )

    def parents(self, num_agents: int, seed: int) -> np.ndarray:
        """One pedigree: int [num_agents, 2] of mother and father, -1 for founders; parents come before children."""
        rng = np.random.default_rng([self.seed % 2**63, seed])
        parents = np.full((num_agents, 2), -1)
        later = np.array_split(np.arange(self.founders, num_agents), self.generations - 1)
        before = np.arange(self.founders)
        for generation in later:
            for siblings in np.split(generation, range(self.children, len(generation), self.children)):
                parents[siblings] = rng.choice(before, 2, replace=False) if len(before) > 1 else before
            before = generation
        return parents

    def tables(self, num_agents: int) -> Tables:
        """Tables for the core."""
        trees = [relatedness(self.parents(num_agents, seed)) for seed in range(self.num_trees)]
        return self._templates(np.array(trees))


def relatedness(parents: np.ndarray) -> np.ndarray:
    """Relatedness of everybody to everybody, float [n, n], from `parents` [n, 2] (-1 = none; parents come before children)."""
    count = len(parents)
    scores = np.eye(count)
    for child, couple in enumerate(parents):
        known = couple[couple >= 0]
        scores[child, :child] = scores[:child, child] = scores[known, :child].sum(axis=0) / 2
    return scores
