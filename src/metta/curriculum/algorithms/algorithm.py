"""What every curriculum algorithm has in common: it is told how episodes went and says how often to play each task.

A new one is a file in this folder (or anywhere that a recipe imports): a config with a field `name`, and a class.
"""

from abc import ABC, abstractmethod
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, SerializeAsAny

from metta.policy.named_config import NamedConfig


class AlgorithmConfig(NamedConfig):
    """Settings that every algorithm has."""

    what: ClassVar[str] = "curriculum algorithm"
    package: ClassVar[str] = "metta.curriculum.algorithms"

    uniform_share: float = Field(
        default=0.1,
        ge=0.0,
        le=1.0,
        description="Share of the episodes whose task is drawn without asking the algorithm, so that it hears of all.",
    )

    @abstractmethod
    def build(self, num_tasks: int) -> "Algorithm":
        """Return the algorithm for so many tasks."""


class Algorithm(ABC):
    """Weights of tasks, from what became of their episodes.

    All state is in `arrays`, which the trainer saves and restores; equal arrays give equal weights.

    Args:
        num_tasks: n.
        arrays: the state at the start, by name.
    """

    def __init__(self, num_tasks: int, arrays: dict[str, NDArray[Any]]) -> None:
        self.num_tasks = num_tasks
        self.arrays = arrays

    def note_episode(self, task: int, score: float, full_score: float) -> None:  # noqa: B027  (uniform needs to know nothing)
        """An episode ended; the score is at least 0, and `full_score` (above 0) is what counts as 1 in that task."""

    def note_potentials(self, tasks: NDArray[np.int64], potentials: NDArray[np.float64]) -> None:  # noqa: B027
        """After an epoch: the mean |advantage| in each of the tasks [k] that were played in it."""

    @abstractmethod
    def weights(self, full_scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how often to play each task relative to the others, float64 [n], finite, not negative.

        Args:
            full_scores: [n] the score of each task that counts as 1.
        """


def optimistic(weights: NDArray[np.float64], is_known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Give tasks of which too little is known the largest weight of the others; all equal if all are 0."""
    largest = weights[is_known].max(initial=0.0)
    if largest <= 0.0:
        return np.ones_like(weights)
    return np.where(is_known, weights, largest)


AlgorithmField = Annotated[SerializeAsAny[AlgorithmConfig], BeforeValidator(AlgorithmConfig.resolve)]
"""Type of a config's field that holds an algorithm: its name, a config, or a mapping with `name` and fields."""
