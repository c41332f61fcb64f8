"""Proximal policy optimisation, the critic's part: the clipped value loss.

Schulman et al. 2017, https://arxiv.org/abs/1707.06347; clipping as in the usual implementations, see
https://iclr-blog-track.github.io/2022/03/25/ppo-implementation-details/, detail 9.
"""

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

from metta.policy.policy import PolicyOutput
from metta.rl.advantage import masked_mean
from metta.rl.experience import Minibatch
from metta.rl.losses.loss import Loss, LossConfig, LossContext, LossResult


class PPOCriticConfig(LossConfig):
    """Settings of PPO's value term."""

    kind: Literal["ppo_critic"] = "ppo_critic"
    """Name of this kind of loss."""
    weight: float = Field(
        default=0.5,
        ge=0.0,
        allow_inf_nan=False,
        description="factor of this term in the objective; 0.5 beside a policy loss of order 1 is usual",
    )
    vf_clip: float | None = Field(
        default=0.2,
        gt=0.0,
        description="How far a value may move in one epoch; none = unclipped. Rewards here are of order 1.",
    )

    def build(self, context: LossContext) -> Loss:
        """See `LossConfig.build`."""
        return PPOCriticLoss(self, context)


def clipped_value_loss(values: Tensor, old_values: Tensor, returns: Tensor, vf_clip: float | None) -> Tensor:
    """Return 1/2 max((V - R)^2, (V_old + clip(V - V_old, -c, c) - R)^2), unclipped if c is None."""
    loss = (values - returns).square()
    if vf_clip is not None:
        moved = old_values + (values - old_values).clamp(-vf_clip, vf_clip)
        loss = torch.maximum(loss, (moved - returns).square())
    return 0.5 * loss


class PPOCriticLoss(Loss):
    """L = mean of `clipped_value_loss` over the steps at which the agent was alive."""

    config: PPOCriticConfig

    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """See `Loss.compute`."""
        errors = clipped_value_loss(
            output.value.float(), minibatch.values, minibatch.returns, self.config.vf_clip
        )
        loss = masked_mean(errors, minibatch.alive)
        return LossResult(loss, {"value_loss": loss.detach()})
