"""Learning progress: play what is being learned or forgotten at the moment, not what is mastered or out of reach.

Kanitscheider et al. 2021, https://arxiv.org/abs/2106.14876: two moving averages of each task's success, a fast one and
a slow one that follows it, reweighted so that first successes count for more; their distance is the progress, in both
directions. How progress becomes a distribution is simpler here: in proportion, and a share is drawn uniformly.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from metta.curriculum.algorithms.algorithm import Algorithm, AlgorithmConfig, optimistic


class LearningProgressConfig(AlgorithmConfig):
    """Play tasks in proportion to how fast their scores change."""

    name: Literal["learning_progress"] = "learning_progress"
    """Name of this algorithm."""
    fast_rate: float = Field(
        default=0.05, gt=0.0, le=1.0, description="Part that an episode has in the fast average of its task."
    )
    slow_factor: float = Field(
        default=0.2, gt=0.0, lt=1.0, description="How much slower the slow average follows the fast one."
    )
    first_successes: float = Field(
        default=0.1,
        gt=0.0,
        lt=1.0,
        description="The success from which on progress counts for less than it is; 0.5 = it always counts as it is.",
    )
    least_episodes: int = Field(
        default=10, ge=1, description="Episodes of a task before which it counts as the most promising one."
    )

    def build(self, num_tasks: int) -> "LearningProgress":
        """See `AlgorithmConfig.build`."""
        return LearningProgress(self, num_tasks)


def reweighted(success: NDArray[np.float64], first: float) -> NDArray[np.float64]:
    """Return f(p) = (1 - θ) p / (p + θ (1 - 2p)): from 0 to 1 like p, and 1/2 at p = θ."""
    return (1.0 - first) * success / (success + first * (1.0 - 2.0 * success))


class LearningProgress(Algorithm):
    """w_i = |f(fast_i) - f(slow_i)|, with the averages as parts of the task's full score.

    With rate r and s = r * slow_factor, after each episode of the task with score x:

        fast += max(r, 1 / count) (x - fast)
        slow += max(s, 1 / count) (fast - slow)

    So both begin as plain means, and neither is drawn to a first value that nobody measured.
    """

    def __init__(self, config: LearningProgressConfig, num_tasks: int) -> None:
        arrays = {name: np.zeros(num_tasks) for name in ("fast", "slow", "counts")}
        super().__init__(num_tasks, arrays)
        self._config = config

    def note_episode(self, task: int, score: float, full_score: float) -> None:
        """See `Algorithm.note_episode`."""
        fast, slow, counts = (self.arrays[name] for name in ("fast", "slow", "counts"))
        rate = self._config.fast_rate
        counts[task] += 1
        fast[task] += max(rate, 1.0 / counts[task]) * (score - fast[task])
        slow[task] += max(rate * self._config.slow_factor, 1.0 / counts[task]) * (fast[task] - slow[task])

    def weights(self, full_scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """See `Algorithm.weights`."""
        theta = self._config.first_successes
        fast, slow = (
            reweighted(np.clip(self.arrays[name] / full_scores, 0.0, 1.0), theta) for name in ("fast", "slow")
        )
        return optimistic(np.abs(fast - slow), self.arrays["counts"] >= self._config.least_episodes)
