"""Proximal policy optimisation: clipped surrogate, clipped value loss, entropy.

Schulman et al. 2017, https://arxiv.org/abs/1707.06347; the details follow the usual implementations, see
https://iclr-blog-track.github.io/2022/03/25/ppo-implementation-details/.
"""

import torch
from pydantic import Field
from torch import Tensor

from metta.policy.categorical import entropy, log_prob
from metta.policy.policy import PolicyOutput
from metta.rl.advantage import masked_mean
from metta.rl.experience import Minibatch
from metta.rl.losses.loss import Loss, LossResult
from mettagrid.config.base import Config

# Bounds exp(): the ratio stays finite however far the policy has moved; far beyond every clip, so it changes
# nothing.
_LOG_RATIO_LIMIT = 10.0


class PPOConfig(Config):
    """Settings of the PPO loss and of the advantages that it is fed with."""

    gamma: float = Field(
        default=0.99,
        ge=0.0,
        le=1.0,
        description="Discount per step. 0.99 sees about 100 steps ahead: a way across an arena.",
    )
    gae_lambda: float = Field(
        default=0.95,
        ge=0.0,
        le=1.0,
        description="0 trusts the values, 1 the rewards. 0.95 is the paper's and worked here.",
    )
    clip_coef: float = Field(
        default=0.2,
        gt=0.0,
        description="How far a probability may move from the old one, as a ratio. The paper's value.",
    )
    ent_coef: float = Field(
        default=0.01,
        ge=0.0,
        description="Weight of the entropy: keeps rare verbs alive until they are understood.",
    )
    vf_coef: float = Field(
        default=0.5, ge=0.0, description="Weight of the value loss. 0.5 beside a loss of order 1 is usual."
    )
    vf_clip: float | None = Field(
        default=0.2,
        gt=0.0,
        description="How far a value may move in one epoch; none = unclipped. Rewards here are of order 1.",
    )
    norm_adv: bool = Field(
        default=True,
        description="Bring advantages to mean 0 and deviation 1: one learning rate fits every reward scale.",
    )
    target_kl: float | None = Field(
        default=None,
        gt=0.0,
        description="Stop the passes of an epoch beyond this divergence; none = never. Matters from two on.",
    )


def clipped_surrogate(ratios: Tensor, advantages: Tensor, clip_coef: float) -> Tensor:
    """Return -min(ratio * A, clip(ratio, 1 - eps, 1 + eps) * A), elementwise over any equal shapes."""
    clipped = ratios.clamp(1.0 - clip_coef, 1.0 + clip_coef)
    return -torch.minimum(ratios * advantages, clipped * advantages)


def clipped_value_loss(values: Tensor, old_values: Tensor, returns: Tensor, vf_clip: float | None) -> Tensor:
    """Return 1/2 max((V - R)^2, (V_old + clip(V - V_old, -c, c) - R)^2), unclipped if c is None."""
    loss = (values - returns).square()
    if vf_clip is not None:
        moved = old_values + (values - old_values).clamp(-vf_clip, vf_clip)
        loss = torch.maximum(loss, (moved - returns).square())
    return 0.5 * loss


def probability_ratios(logits: Tensor, actions: Tensor, old_log_probs: Tensor) -> tuple[Tensor, Tensor]:
    """Return (ratio, log ratio) of the actions' probabilities now and when they were taken, elementwise."""
    log_ratios = (log_prob(logits, actions) - old_log_probs).clamp(-_LOG_RATIO_LIMIT, _LOG_RATIO_LIMIT)
    return log_ratios.exp(), log_ratios


class PPOLoss(Loss):
    """Policy, value and entropy terms of PPO over the rows' steps at which the agent was alive."""

    def __init__(self, config: PPOConfig) -> None:
        self.config = config

    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """See `Loss.compute`."""
        logits, values, alive = output.logits.float(), output.value.float(), minibatch.alive
        ratios, log_ratios = probability_ratios(logits, minibatch.actions, minibatch.log_probs)
        surrogate = clipped_surrogate(ratios, minibatch.advantages, self.config.clip_coef)
        value_errors = clipped_value_loss(values, minibatch.values, minibatch.returns, self.config.vf_clip)
        policy_loss = masked_mean(surrogate, alive)
        value_loss = masked_mean(value_errors, alive)
        mean_entropy = masked_mean(entropy(logits), alive)
        loss = policy_loss + self.config.vf_coef * value_loss - self.config.ent_coef * mean_entropy
        with torch.no_grad():
            metrics = {
                "policy_loss": policy_loss.detach(),
                "value_loss": value_loss.detach(),
                "entropy": mean_entropy.detach(),
                "approx_kl": masked_mean(ratios - 1.0 - log_ratios, alive),
                "clip_fraction": masked_mean(((ratios - 1.0).abs() > self.config.clip_coef).float(), alive),
            }
        return LossResult(loss, metrics)
