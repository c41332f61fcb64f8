"""Predicting what comes: the reward and the return, up to k steps ahead in time, from the policy's features.

The auxiliary heads of Muesli (Hessel et al. 2021, https://arxiv.org/abs/2104.06159), without its planning. What
foresees rewards must know what leads to them, also where rewards are too rare to teach the policy.
"""

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from metta.policy.policy import PolicyOutput
from metta.rl.advantage import masked_mean
from metta.rl.experience import Minibatch
from metta.rl.losses.loss import Loss, LossConfig, LossContext, LossResult, features_of
from metta.rl.losses.sequences import one_hot, same_episode, steps_ahead


class DynamicsConfig(LossConfig):
    """Settings of the prediction of rewards and returns."""

    kind: Literal["dynamics"] = "dynamics"
    """Name of this kind of loss."""
    weight: float = Field(
        default=0.1, ge=0.0, allow_inf_nan=False, description="factor of this term in the objective"
    )
    horizon: int = Field(
        default=4, ge=0, le=64, description="steps ahead: foretells those of t, t+1, .. t+horizon"
    )
    return_coef: float = Field(default=0.5, ge=0.0, description="weight of the returns beside the rewards")

    def build(self, context: LossContext) -> Loss:
        """See `LossConfig.build`."""
        return DynamicsLoss(self, context)


def prediction_loss(predictions: Tensor, targets: Tensor, resets: Tensor, alive: Tensor) -> Tensor:
    """Return the mean over k of the mean over t of (prediction[t, k] - target[t + k])^2.

    Only steps t + k of the same life as t count; those beyond the end of the row do not.

    Args:
        predictions: float32 [H, B, K], of the k-th step ahead, k = 0 .. K - 1.
        targets: float32 [H, B].
        resets: bool [H, B].
        alive: bool [H, B].
    """
    terms = []
    for k in range(min(predictions.shape[-1], len(targets))):
        errors = predictions[: len(targets) - k, :, k] - steps_ahead(targets, k)
        terms.append(masked_mean(errors.square(), same_episode(resets, alive, k)))
    return torch.stack(terms).mean()


class DynamicsLoss(Loss):
    """L = prediction loss of rewards + return_coef * prediction loss of returns, from features and action."""

    config: DynamicsConfig

    def __init__(self, config: DynamicsConfig, context: LossContext) -> None:
        super().__init__(config, context)
        self.num_actions = len(context.policy.spec.action_names)
        size = context.feature_size
        self.hidden = nn.Linear(size + self.num_actions, size)
        self.head = nn.Linear(size, 2 * (config.horizon + 1))

    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """See `Loss.compute`."""
        inputs = torch.cat([features_of(output), one_hot(minibatch.actions, self.num_actions)], dim=-1)
        rewards, returns = self.head(self.hidden(inputs).relu()).chunk(2, dim=-1)  # [H, B, K] each
        resets, alive = minibatch.resets, minibatch.alive
        reward_loss = prediction_loss(rewards, minibatch.rewards, resets, alive)
        return_loss = prediction_loss(returns, minibatch.returns, resets, alive)
        loss = reward_loss + self.config.return_coef * return_loss
        return LossResult(loss, {"reward_loss": reward_loss.detach(), "return_loss": return_loss.detach()})
