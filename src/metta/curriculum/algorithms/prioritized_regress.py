"""Prioritised regress: play most what was once done better than now.

After Metta's curriculum of July 2025 of that name: the weight of a task is its best average score over its present one.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from metta.curriculum.algorithms.algorithm import Algorithm, AlgorithmConfig, optimistic


class PrioritizedRegressConfig(AlgorithmConfig):
    """Play tasks in proportion to best over present average score."""

    name: Literal["prioritized_regress"] = "prioritized_regress"
    """Name of this algorithm."""
    rate: float = Field(
        default=0.02, gt=0.0, le=1.0, description="Part that an episode has in the average of its task."
    )
    floor: float = Field(
        default=0.05,
        gt=0.0,
        le=1.0,
        description="Added to both averages, in parts of the full score: weights are at most 1 + 1 / floor.",
    )
    least_episodes: int = Field(
        default=10, ge=1, description="Episodes of a task before which it counts as the most promising one."
    )

    def build(self, num_tasks: int) -> "PrioritizedRegress":
        """See `AlgorithmConfig.build`."""
        return PrioritizedRegress(self, num_tasks)


class PrioritizedRegress(Algorithm):
    """w_i = (best_i + floor) / (mean_i + floor), with the averages as parts of the task's full score.

    The mean follows the scores with max(rate, 1 / count); `best` is its highest value from `least_episodes` on. A task
    that was never solved has 1, as one that goes as well as ever.
    """

    def __init__(self, config: PrioritizedRegressConfig, num_tasks: int) -> None:
        super().__init__(num_tasks, {name: np.zeros(num_tasks) for name in ("mean", "best", "counts")})
        self._config = config

    def note_episode(self, task: int, score: float, full_score: float) -> None:
        """See `Algorithm.note_episode`."""
        mean, best, counts = (self.arrays[name] for name in ("mean", "best", "counts"))
        counts[task] += 1
        mean[task] += max(self._config.rate, 1.0 / counts[task]) * (score - mean[task])
        if counts[task] >= self._config.least_episodes:
            best[task] = max(best[task], mean[task])

    def weights(self, full_scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """See `Algorithm.weights`."""
        floor = self._config.floor
        ratio = (self.arrays["best"] / full_scores + floor) / (self.arrays["mean"] / full_scores + floor)
        return optimistic(ratio, self.arrays["counts"] >= self._config.least_episodes)
