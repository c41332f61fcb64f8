"""Proximal policy optimisation, the actor's part: clipped surrogate and entropy.

Schulman et al. 2017, https://arxiv.org/abs/1707.06347; the details follow the usual implementations, see
https://iclr-blog-track.github.io/2022/03/25/ppo-implementation-details/.
"""

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

from metta.policy.categorical import entropy, log_prob
from metta.policy.policy import PolicyOutput
from metta.rl.advantage import masked_mean
from metta.rl.experience import Minibatch
from metta.rl.losses.loss import Loss, LossConfig, LossContext, LossResult

# Bounds exp(): the ratio stays finite however far the policy has moved; far beyond every clip, so it changes
# nothing.
_LOG_RATIO_LIMIT = 10.0


class PPOActorConfig(LossConfig):
    """Settings of PPO's policy term."""

    kind: Literal["ppo_actor"] = "ppo_actor"
    """Name of this kind of loss."""
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

    def build(self, context: LossContext) -> Loss:
        """See `LossConfig.build`."""
        return PPOActorLoss(self, context)


def clipped_surrogate(ratios: Tensor, advantages: Tensor, clip_coef: float) -> Tensor:
    """Return -min(ratio * A, clip(ratio, 1 - eps, 1 + eps) * A), elementwise over any equal shapes."""
    clipped = ratios.clamp(1.0 - clip_coef, 1.0 + clip_coef)
    return -torch.minimum(ratios * advantages, clipped * advantages)


def probability_ratios(logits: Tensor, actions: Tensor, old_log_probs: Tensor) -> tuple[Tensor, Tensor]:
    """Return (ratio, log ratio) of the actions' probabilities now and when they were taken, elementwise."""
    log_ratios = (log_prob(logits, actions) - old_log_probs).clamp(-_LOG_RATIO_LIMIT, _LOG_RATIO_LIMIT)
    return log_ratios.exp(), log_ratios


def surrogate_result(
    minibatch: Minibatch, logits: Tensor, advantages: Tensor, clip_coef: float, ent_coef: float
) -> LossResult:
    """Return mean clipped surrogate - ent_coef * mean entropy over the steps that the policy chose.

    Args:
        minibatch: rows of experience, [H, B].
        logits: float32 [H, B, num_actions].
        advantages: float32 [H, B].
        clip_coef: see `clipped_surrogate`.
        ent_coef: weight of the entropy.
    """
    mask = minibatch.on_policy
    ratios, log_ratios = probability_ratios(logits, minibatch.actions, minibatch.log_probs)
    if minibatch.row_weights is not None:
        advantages = advantages * minibatch.row_weights
    policy_loss = masked_mean(clipped_surrogate(ratios, advantages, clip_coef), mask)
    mean_entropy = masked_mean(entropy(logits), mask)
    with torch.no_grad():
        metrics = {
            "policy_loss": policy_loss.detach(),
            "entropy": mean_entropy.detach(),
            "approx_kl": masked_mean(ratios - 1.0 - log_ratios, mask),
            "clip_fraction": masked_mean(((ratios - 1.0).abs() > clip_coef).float(), mask),
        }
    return LossResult(policy_loss - ent_coef * mean_entropy, metrics)


class PPOActorLoss(Loss):
    """L = mean -min(ratio A, clip(ratio) A) - ent_coef mean H, over the steps that the policy chose itself."""

    config: PPOActorConfig

    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """See `Loss.compute`."""
        config = self.config
        return surrogate_result(
            minibatch, output.logits.float(), minibatch.advantages, config.clip_coef, config.ent_coef
        )
