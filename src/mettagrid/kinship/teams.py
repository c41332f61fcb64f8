"""Teams: near to one's own team, far from the others."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from mettagrid.kinship.scheme import Scheme, Score, Tables


class Teams(Scheme):
    """Agents are dealt out to teams, as evenly as can be (the first ones are larger) or in given sizes."""

    op: Literal["teams"] = "teams"
    num_teams: Annotated[int, Field(ge=1)] = 2
    """How many teams there are; does not count if `sizes` says how large they are."""
    sizes: list[Annotated[int, Field(ge=1)]] | None = None
    """Agents in each team, if they are not dealt out evenly; they add up to the agents of the game."""
    score: Score = 1.0
    """Kinship within a team."""
    between: Score = 0.0
    """Kinship between teams."""

    def check(self, num_agents: int) -> None:
        """Refuses more teams than agents."""
        super().check(num_agents)
        if self.sizes is not None and sum(self.sizes) != num_agents:
            raise ValueError(f"sizes: they add up to {sum(self.sizes)}, and the game has {num_agents} agents")
        if self.sizes is None and self.num_teams > num_agents:
            raise ValueError(f"num_teams: {self.num_teams} teams need more than {num_agents} agents")

    def teams(self, num_agents: int) -> np.ndarray:
        """The team of each place in the matrix, from 1: int [num_agents]."""
        if self.sizes is not None:
            return np.repeat(np.arange(len(self.sizes)), self.sizes) + 1
        return np.sort(np.arange(num_agents) % self.num_teams) + 1

    def tables(self, num_agents: int) -> Tables:
        """Tables for the core; the team is also each agent's group."""
        teams = self.teams(num_agents)
        matrix = np.where(teams[:, None] == teams[None, :], self.score, self.between)
        return self._templates(matrix[None], teams[None])
