"""RandomKinship: the score of every pair is drawn from a distribution."""

from typing import Literal

import numpy as np
from pydantic import Field

from mettagrid.config.distribution import Distribution, Uniform
from mettagrid.kinship.scheme import Scheme, Tables, drawn

_NUM_VALUES = 1024


class RandomKinship(Scheme):
    """A new matrix each episode: independent scores from a distribution, of which what lies outside 0..1 is cut off."""

    op: Literal["random"] = "random"
    scores: Distribution = Field(default_factory=lambda: Uniform(0.0, 1.0))
    """What the scores are drawn from; kept as up to 1,024 equally likely ones."""
    symmetric: bool = True
    """Whether two are equally near to each other; else both directions are drawn."""

    def check(self, num_agents: int) -> None:
        """Refuses names in the place of scores."""
        super().check(num_agents)
        drawn("scores", self.scores, _NUM_VALUES)

    def tables(self, num_agents: int) -> Tables:
        """Tables for the core."""
        return self._pairs(np.array(drawn("scores", self.scores, _NUM_VALUES)), self.symmetric)
