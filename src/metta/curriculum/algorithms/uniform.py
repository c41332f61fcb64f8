"""Uniform: every task as often as its weight in the set says, whatever comes of it. The baseline of all others."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from metta.curriculum.algorithms.algorithm import Algorithm, AlgorithmConfig


class UniformConfig(AlgorithmConfig):
    """Every task as often as any other; it has no settings."""

    name: Literal["uniform"] = "uniform"
    """Name of this algorithm."""

    def build(self, num_tasks: int) -> "Uniform":
        """See `AlgorithmConfig.build`."""
        return Uniform(num_tasks, {})


class Uniform(Algorithm):
    """w_i = 1."""

    def weights(self, full_scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """See `Algorithm.weights`."""
        return np.ones(self.num_tasks)
