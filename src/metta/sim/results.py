"""What is left of a simulation: who played and what every agent reached in every episode. Plain arrays."""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

REWARD = "reward"  # name of the metric that holds an agent's return


@dataclass(frozen=True)
class PolicyName:
    """What a policy is called in tables."""

    key: str  # name of the run, or the URI of a policy that has none
    version: int = 0  # epoch
    uri: str = ""

    @property
    def label(self) -> str:
        """`run:v5`; without a version where there is only one."""
        return f"{self.key}:v{self.version}" if self.version else self.key


@dataclass(frozen=True)
class SimulationResult:
    """All episodes of one simulation. `E` episodes, `A` agents per world, `M` metrics."""

    id: str  # unique in the world
    name: str  # suite/name
    env: str  # name of the game
    policies: tuple[PolicyName, ...]
    assignment: np.ndarray  # int [A], index into policies
    metric_names: tuple[str, ...]
    metrics: np.ndarray  # float32 [E, A, M]
    lengths: np.ndarray  # int [E], steps
    seed: int
    started_at: datetime
    finished_at: datetime
    attributes: dict[str, str] = field(default_factory=dict)  # further facts about how it was made

    @property
    def num_episodes(self) -> int:
        """Episodes that were played."""
        return int(self.metrics.shape[0])

    def means(self) -> dict[str, float]:
        """Return `<simulation>/<metric>`: mean over episodes and agents."""
        values = self.metrics.mean(axis=(0, 1))
        return {
            f"{self.name}/{name}": float(value) for name, value in zip(self.metric_names, values, strict=True)
        }

    def agents_of(self, policy: int) -> np.ndarray:
        """Bool [A]: the agents that policy number `policy` played."""
        return self.assignment == policy
