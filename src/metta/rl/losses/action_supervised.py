"""Behavioural cloning: do what the teacher, scripted or trained, would have done here.

With teacher_led=0 the states are the student's own, as in DAgger (Ross et al. 2011, https://arxiv.org/abs/1011.0686);
with teacher_led=1 they are the teacher's, as in plain cloning.
"""

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

from metta.policy.categorical import log_prob
from metta.policy.policy import PolicyOutput
from metta.rl.advantage import masked_mean
from metta.rl.experience import Experience, Minibatch
from metta.rl.losses.loss import Loss, LossContext, LossResult
from metta.rl.losses.teacher import TaughtConfig, TaughtLoss
from metta.rollout.rollout import Rollout


class ActionSupervisedConfig(TaughtConfig):
    """Settings of cloning a teacher's actions."""

    kind: Literal["action_supervised"] = "action_supervised"
    """Name of this kind of loss."""
    reward_coef: float = Field(
        default=0.0,
        ge=0.0,
        description="reward for each own action that is the teacher's, added before advantages",
    )

    def build(self, context: LossContext) -> Loss:
        """See `LossConfig.build`."""
        return ActionSupervisedLoss(self, context)


def cloning_loss(logits: Tensor, teacher_actions: Tensor, taught: Tensor) -> Tensor:
    """Return the mean of -log pi(teacher's action) where taught.

    Args:
        logits: float32 [H, B, num_actions].
        teacher_actions: int64 [H, B].
        taught: bool [H, B].
    """
    return masked_mean(-log_prob(logits, teacher_actions), taught)


class ActionSupervisedLoss(TaughtLoss):
    """L = -mean log pi(teacher's action), over the steps that are taught."""

    config: ActionSupervisedConfig

    def on_rollout_end(self, rollout: Rollout, experience: Experience) -> None:
        """Reward agreement."""
        if self.config.reward_coef > 0.0:
            agrees = experience.steps.actions == self.extra_steps(experience, "actions")
            counts = agrees & self.extra_steps(experience, "taught") & ~experience.off_policy
            experience.rewards += self.config.reward_coef * counts

    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """See `Loss.compute`."""
        logits, taught = output.logits.float(), self.taught(minibatch)
        actions = self.extra(minibatch, "actions")
        loss = cloning_loss(logits, actions, taught)
        with torch.no_grad():
            agreement = masked_mean((logits.argmax(dim=-1) == actions).float(), taught)
        return LossResult(loss, {"cross_entropy": loss.detach(), "agreement": agreement})
