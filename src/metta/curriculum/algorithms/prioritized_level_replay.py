"""Prioritised level replay: play again the levels in which there is most to learn, and those not played for long.

Jiang et al. 2021, https://arxiv.org/abs/2010.03934. A level here is any task; with the task set `levels` each is one
drawn map.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from metta.curriculum.algorithms.algorithm import Algorithm, AlgorithmConfig


class PrioritizedLevelReplayConfig(AlgorithmConfig):
    """Play levels by their learning potential and by how long ago they were played."""

    name: Literal["prioritized_level_replay"] = "prioritized_level_replay"
    """Name of this algorithm."""
    uniform_share: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        description="Share of the episodes whose level is drawn uniformly; 0 as published.",
    )
    prioritize: Literal["rank", "proportional"] = Field(
        default="rank",
        description="By the rank of the potential (a few large ones matter less), or by its size.",
    )
    temperature: float = Field(
        default=0.1, gt=0.0, description="β: small = almost only the highest ranks; 1 = in proportion to h."
    )
    staleness_share: float = Field(
        default=0.1, ge=0.0, le=1.0, description="ρ: share drawn by how long ago levels were played."
    )
    rate: float = Field(
        default=1.0,
        gt=0.0,
        le=1.0,
        description="Part that an epoch has in a level's potential; 1 = the latest alone.",
    )

    def build(self, num_tasks: int) -> "PrioritizedLevelReplay":
        """See `AlgorithmConfig.build`."""
        return PrioritizedLevelReplay(self, num_tasks)


class PrioritizedLevelReplay(Algorithm):
    """P = (1 - d) [(1 - ρ) P_S + ρ P_C] over levels that were played, and d uniformly over the others.

        P_S ∝ h_i^(1/β)     h_i = 1 / rank_i of the potential S_i, or S_i itself
        P_C ∝ c - C_i       episodes since level i was last played
        d   = part of the levels that were never played

    S_i is the mean |advantage| in the level in the latest epoch in which it was played, where the paper takes the last
    episode: rollouts here cut episodes into pieces.
    """

    def __init__(self, config: PrioritizedLevelReplayConfig, num_tasks: int) -> None:
        names = ("potentials", "last_played", "is_played")
        super().__init__(num_tasks, {**{name: np.zeros(num_tasks) for name in names}, "clock": np.zeros(1)})
        self._config = config

    def note_episode(self, task: int, score: float, full_score: float) -> None:
        """See `Algorithm.note_episode`."""
        self.arrays["clock"][0] += 1
        self.arrays["last_played"][task] = self.arrays["clock"][0]

    def note_potentials(self, tasks: NDArray[np.int64], potentials: NDArray[np.float64]) -> None:
        """See `Algorithm.note_potentials`."""
        stored, is_played = self.arrays["potentials"], self.arrays["is_played"]
        rate = np.where(is_played[tasks] > 0.0, self._config.rate, 1.0)
        stored[tasks] += rate * (potentials - stored[tasks])
        is_played[tasks] = 1.0

    def weights(self, full_scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """See `Algorithm.weights`."""
        played = np.flatnonzero(self.arrays["is_played"])
        unplayed = np.flatnonzero(self.arrays["is_played"] == 0.0)
        weights = np.zeros(self.num_tasks)
        weights[unplayed] = 1.0 / self.num_tasks  # in all d
        if len(played):
            share = self._config.staleness_share
            mixed = (1.0 - share) * self._by_potential(played) + share * self._by_staleness(played)
            weights[played] = mixed * (len(played) / self.num_tasks)
        return weights

    def _by_potential(self, played: NDArray[np.int64]) -> NDArray[np.float64]:
        potentials = self.arrays["potentials"][played]
        if self._config.prioritize == "rank":
            heights = np.empty(len(played))
            heights[np.argsort(-potentials, kind="stable")] = 1.0 / np.arange(1, len(played) + 1)
        elif potentials.max() > 0.0:
            heights = potentials / potentials.max()
        else:
            heights = np.ones(len(played))
        powers = heights ** (1.0 / self._config.temperature)
        return powers / powers.sum()

    def _by_staleness(self, played: NDArray[np.int64]) -> NDArray[np.float64]:
        ages = self.arrays["clock"][0] - self.arrays["last_played"][played]
        return ages / ages.sum() if ages.sum() > 0.0 else np.full(len(played), 1.0 / len(played))
