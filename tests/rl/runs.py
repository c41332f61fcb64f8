"""Small runs in the echo game for the tests of the trainer and its components."""

from collections.abc import Callable
from typing import Any

import torch

from metta.rl.components.component import Component
from metta.rl.config import TrainerConfig
from metta.rl.report import EpochReport
from metta.rl.trainer import Trainer
from tests.rl.fakes import EchoBatch, tiny_policy

STEPS_PER_EPOCH = 4 * 2 * 8  # worlds x agents x steps


def echo_trainer(epochs: int = 3, seed: int = 0, env: EchoBatch | None = None, **changes: Any) -> Trainer:
    """A trainer of a tiny policy; `changes` are dotted paths into its config, with `__` for the dot."""
    torch.set_num_threads(1)
    config = TrainerConfig(
        batch_size=64, minibatch_size=16, bptt_horizon=4, total_timesteps=epochs * STEPS_PER_EPOCH
    )
    config.override_all({name.replace("__", "."): value for name, value in changes.items()})
    return Trainer(config, env or EchoBatch(), tiny_policy(seed), seed=seed)


class Listener(Component):
    """Keeps all reports; calls `action` with each."""

    def __init__(self, action: Callable[[EpochReport], None] | None = None) -> None:
        self.reports: list[EpochReport] = []
        self.epochs: list[int] = []
        self._action = action

    def on_epoch_end(self, report: EpochReport) -> None:
        self.reports.append(report)
        self.epochs.append(report.progress.epoch)
        if self._action:
            self._action(report)


def weights(trainer: Trainer) -> torch.Tensor:
    """All weights in one tensor."""
    return torch.cat([value.flatten() for value in trainer.policy.state_dict().values()])
