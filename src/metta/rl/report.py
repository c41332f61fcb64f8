"""What one epoch of training brought: the only thing that components see of the trainer's work."""

import math
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from metta.rl.ranks import mean_over_ranks
from metta.rollout.records import EpisodeRecord
from mettagrid.spec import GameSpec


@dataclass
class Progress:
    """How far a run has come; survives resuming."""

    epoch: int = 0
    num_agent_steps: int = 0
    seconds: float = 0.0
    """Time spent training, all sessions of the run together."""


@dataclass
class UpdateLog:
    """What happened in every minibatch of an epoch; on the device until `read`, called once per epoch."""

    metric_names: list[str] = field(default_factory=list)
    gradient_names: list[str] = field(default_factory=list)
    _metrics: list[Tensor] = field(default_factory=list)
    _gradients: list[Tensor] = field(default_factory=list)

    def add_minibatch(self, metrics: dict[str, Tensor]) -> None:
        """Note one minibatch: scalars by name."""
        self.metric_names = list(metrics)
        self._metrics.append(torch.stack([value.float() for value in metrics.values()]))

    def add_step(self, gradient_names: list[str], gradient_norms: Tensor) -> None:
        """Note one step of the optimizer: the norm of each parameter's gradient, [parameters]."""
        self.gradient_names = gradient_names
        self._gradients.append(gradient_norms)

    def last_means(self, count: int) -> dict[str, float]:
        """Wait for the device; return the mean of each metric over the last so many minibatches and all ranks."""
        means = mean_over_ranks(torch.stack(self._metrics[-count:]).mean(dim=0)).tolist()
        return dict(zip(self.metric_names, means, strict=True))

    def read(self) -> "UpdateValues":
        """Wait for the device and all ranks and return plain numbers, the same on each rank."""
        return UpdateValues(
            self.metric_names,
            mean_over_ranks(torch.stack(self._metrics)).tolist(),
            self.gradient_names,
            torch.stack(self._gradients).tolist(),
        )


@dataclass(frozen=True)
class UpdateValues:
    """The updates of an epoch as numbers."""

    metric_names: list[str]
    metrics: list[list[float]]  # [minibatches][metrics]
    gradient_names: list[str]
    gradients: list[list[float]]  # [steps][parameters], norms

    def means(self) -> dict[str, float]:
        """Return the mean of each metric over the minibatches, and of the norm of the whole gradient."""
        count = len(self.metrics)
        columns = zip(self.metric_names, zip(*self.metrics, strict=True), strict=True)
        means = {name: math.fsum(column) / count for name, column in columns}
        norms = [math.hypot(*row) for row in self.gradients]
        return {**means, "gradient_norm": math.fsum(norms) / len(norms)}

    def first_bad(self) -> str | None:
        """Name the first value that is not finite, None if all are."""
        per_step = -(-len(self.metrics) // len(self.gradients))  # minibatches; the last step may have fewer
        found = [
            (number, 0, f"loss term {name} is {value} in minibatch {number}")
            for number, values in enumerate(self.metrics, start=1)
            for name, value in zip(self.metric_names, values, strict=True)
            if not math.isfinite(value)
        ] + [
            (number * per_step, 1, f"the gradient of {name} is {value} in step {number}")
            for number, values in enumerate(self.gradients, start=1)
            for name, value in zip(self.gradient_names, values, strict=True)
            if not math.isfinite(value)
        ]
        return min(found, key=lambda item: item[:2])[2] if found else None


@dataclass(frozen=True)
class EpochReport:
    """One epoch: a rollout and its updates."""

    progress: Progress
    """Where the run stands after the epoch."""
    epoch_seconds: float
    metrics: dict[str, float]
    """Names are `group/name`, e.g. `loss/ppo_critic.value_loss`, `episode/heart.gained`."""
    updates: UpdateValues
    episodes: list[EpisodeRecord]
    """Episodes that finished in this epoch."""
    shares: dict[str, float]
    """Share of the epoch's time spent to simulate, copy, infer, to go forward and backward, and to learn otherwise
    (advantages, statistics); the rest is everything else."""


def episode_means(episodes: list[EpisodeRecord], spec: GameSpec) -> dict[str, float]:
    """Average finished episodes over agents and episodes; those cut to scatter the ends are left out.

    Returns:
        `episode/count`, and, unless that is 0, `episode/length`, `episode/return` and `episode/<statistic>`
        per agent.
    """
    whole = [episode for episode in episodes if not episode.shortened]
    if not whole:
        return {"episode/count": 0.0}
    count = len(whole)
    stats = np.mean([episode.stats.mean(axis=0) for episode in whole], axis=0)  # [num_stats]
    return {
        "episode/count": float(count),
        "episode/length": sum(episode.length for episode in whole) / count,
        "episode/return": sum(float(episode.returns.mean()) for episode in whole) / count,
        **{f"episode/{name}": value for name, value in zip(spec.stat_names, stats.tolist(), strict=True)},
    }
