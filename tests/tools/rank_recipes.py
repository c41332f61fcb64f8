"""Runs of two processes for the tests, with a loss that brings something on at a chosen moment."""

import os
import signal
from typing import Literal

import torch
from pydantic import Field

from metta.policy.policy import PolicyOutput
from metta.rl.components.checkpointer import CheckpointerConfig
from metta.rl.components.evaluator import EvaluatorConfig
from metta.rl.config import TrainerConfig, ppo_losses
from metta.rl.environment import TrainingEnvironmentConfig
from metta.rl.experience import Minibatch
from metta.rl.losses.loss import Loss, LossConfig, LossContext, LossResult
from metta.rl.ranks import own_rank
from metta.rollout.rollout import Rollout
from metta.tools.train import TrainTool
from mettagrid.builder.envs import make_arena

EVENTS = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "interrupt": lambda: os.kill(os.getppid(), signal.SIGINT),  # the launcher, as a terminal does
    "nan": lambda: None,
}


class MishapConfig(LossConfig):
    """What happens to which rank in which epoch of a session."""

    kind: Literal["mishap_test"] = "mishap_test"
    """Name of this kind of loss."""
    event: Literal["kill", "interrupt", "nan", "none"] = Field(default="none")
    rank: int = 1
    epoch: int = 2
    """The first of a session has number 1."""

    def build(self, context: LossContext) -> Loss:
        """See `LossConfig.build`."""
        return Mishap(self, context)


class Mishap(Loss):
    """Adds nothing to the objective."""

    config: MishapConfig

    def __init__(self, config: MishapConfig, context: LossContext) -> None:
        super().__init__(config, context)
        self._epoch = 0

    def on_rollout_start(self, rollout: Rollout) -> None:
        """Count, and let it happen."""
        self._epoch += 1
        if self._is_due() and self.config.event != "none":
            EVENTS[self.config.event]()

    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """See `Loss.compute`."""
        factor = torch.nan if self._is_due() and self.config.event == "nan" else 0.0
        loss = factor * output.value.sum()
        return LossResult(loss, {"zero": loss.detach()})

    def _is_due(self) -> bool:
        return own_rank() == self.config.rank and self._epoch == self.config.epoch


def train_with(event: Literal["kill", "interrupt", "nan", "none"] = "none", num_epochs: int = 5) -> TrainTool:
    """A tiny arena in two processes, saved after every epoch."""
    return TrainTool(
        run="together",
        training_env=TrainingEnvironmentConfig(
            game=make_arena(num_agents=4, max_steps=20), num_worlds=4, num_maps=8
        ),
        trainer=TrainerConfig(
            batch_size=256,
            minibatch_size=64,
            bptt_horizon=16,
            total_timesteps=256 * num_epochs,
            num_processes=2,
            losses={**ppo_losses(), "mishap": MishapConfig(event=event)},
        ),
        checkpointer=CheckpointerConfig(epoch_interval=1, interval_s=0.0),
        evaluator=EvaluatorConfig(after_training=False),
    )
