"""Progressive: tasks in their order, the next one when the present one is done well enough.

After Metta's ProgressiveMultiTask of 2025: a logistic gate slides over the ordered tasks.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from metta.curriculum.algorithms.algorithm import Algorithm, AlgorithmConfig


class ProgressiveConfig(AlgorithmConfig):
    """Open the tasks one by one, in the order of the set: the easiest first."""

    name: Literal["progressive"] = "progressive"
    """Name of this algorithm."""
    threshold: float = Field(
        default=0.7,
        gt=0.0,
        le=1.0,
        description="Average score of the front task, as a part of its full score, at which the front moves on.",
    )
    step: float = Field(
        default=0.05, gt=0.0, le=1.0, description="How far each good enough episode moves it, in tasks."
    )
    rate: float = Field(
        default=0.05, gt=0.0, le=1.0, description="Part that an episode has in the average of its task."
    )
    softness: float = Field(
        default=0.25, gt=0.0, le=10.0, description="Width of the gate in tasks; small = only what is open."
    )
    least_episodes: int = Field(
        default=10, ge=1, description="Episodes of the front task before it can move on."
    )

    def build(self, num_tasks: int) -> "Progressive":
        """See `AlgorithmConfig.build`."""
        return Progressive(self, num_tasks)


class Progressive(Algorithm):
    """w_i = 1 / (1 + exp((i - c - 1/2) / softness)): open up to the front c, closed behind it.

    c begins at 0. When the average score of task k = floor(c) is at the threshold or above, each episode of that task
    moves c by `step`, up to the last task.
    """

    def __init__(self, config: ProgressiveConfig, num_tasks: int) -> None:
        arrays = {"mean": np.zeros(num_tasks), "counts": np.zeros(num_tasks), "front": np.zeros(1)}
        super().__init__(num_tasks, arrays)
        self._config = config

    def note_episode(self, task: int, score: float, full_score: float) -> None:
        """See `Algorithm.note_episode`."""
        config, mean, counts, front = (
            self._config,
            *(self.arrays[name] for name in ("mean", "counts", "front")),
        )
        counts[task] += 1
        mean[task] += max(config.rate, 1.0 / counts[task]) * (score - mean[task])
        is_good = counts[task] >= config.least_episodes and mean[task] >= config.threshold * full_score
        if is_good and task == int(front[0]):
            front[0] = min(front[0] + config.step, self.num_tasks - 1.0)

    def weights(self, full_scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """See `Algorithm.weights`."""
        front = self.arrays["front"][0]
        distance = (np.arange(self.num_tasks) - front - 0.5) / self._config.softness
        return 1.0 / (1.0 + np.exp(np.clip(distance, -500.0, 500.0)))
