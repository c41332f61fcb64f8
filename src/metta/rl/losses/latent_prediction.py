"""Predicting one's own next features, k steps ahead, against a slowly following copy of the policy.

SPR (Schwarzer et al. 2021, https://arxiv.org/abs/2007.05929) and BYOL-Explore's open loop (Guo et al. 2022,
https://arxiv.org/abs/2206.08332). The copy and the predictor keep the features from all becoming equal.
"""

import copy
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from metta.policy.policy import PolicyOutput
from metta.rl.advantage import masked_mean
from metta.rl.experience import Minibatch
from metta.rl.losses.loss import Loss, LossConfig, LossContext, LossResult, features_of
from metta.rl.losses.sequences import one_hot, same_episode, steps_ahead
from metta.rl.weights_average import follow


class LatentPredictionConfig(LossConfig):
    """Settings of the prediction of the next features."""

    kind: Literal["latent_prediction"] = "latent_prediction"
    """Name of this kind of loss."""
    weight: float = Field(
        default=0.1, ge=0.0, allow_inf_nan=False, description="factor of this term in the objective"
    )
    horizon: int = Field(default=3, ge=1, le=64, description="steps ahead, each from the prediction before")
    decay: float = Field(
        default=0.99,
        ge=0.0,
        lt=1.0,
        description="of the copy per optimizer step; 0.99 = some 100 steps behind",
    )

    def build(self, context: LossContext) -> Loss:
        """See `LossConfig.build`."""
        return LatentPredictionLoss(self, context)


def latent_loss(predictions: list[Tensor], targets: Tensor, resets: Tensor, alive: Tensor) -> Tensor:
    """Return the mean over k of the mean over t of 2 - 2 cos(prediction_k[t], target[t + k]).

    Only steps t + k of the same life as t count.

    Args:
        predictions: of k = 1 .. K, float32 [H - k, B, D] each.
        targets: float32 [H, B, D], without gradient.
        resets: bool [H, B].
        alive: bool [H, B].
    """
    terms = []
    for k, predicted in enumerate(predictions, start=1):
        cosine = functional.cosine_similarity(predicted, steps_ahead(targets, k), dim=-1)
        terms.append(masked_mean(2.0 - 2.0 * cosine, same_episode(resets, alive, k)))
    return torch.stack(terms).mean() if terms else targets.new_zeros(())


class LatentPredictionLoss(Loss):
    """z_{k+1} = z_k + f(z_k, a_{t+k}) from z_0 = features_t; L = `latent_loss` of q(z_k) and the copy's features."""

    config: LatentPredictionConfig

    def __init__(self, config: LatentPredictionConfig, context: LossContext) -> None:
        super().__init__(config, context)
        size, self.num_actions = context.feature_size, len(context.policy.spec.action_names)
        self.transition = nn.Sequential(
            nn.Linear(size + self.num_actions, size), nn.ReLU(), nn.Linear(size, size)
        )
        self.predictor = nn.Linear(size, size)
        self.target = copy.deepcopy(context.policy).requires_grad_(False)
        self._policy = (context.policy,)  # trained and saved by the trainer

    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """See `Loss.compute`."""
        with torch.no_grad():
            seen = self.target(
                minibatch.observations, minibatch.action_mask, minibatch.memory, minibatch.resets
            )
            targets = features_of(seen)
        predictions = self._predict(features_of(output), one_hot(minibatch.actions, self.num_actions))
        loss = latent_loss(predictions, targets, minibatch.resets, minibatch.alive)
        spread = targets.flatten(0, 1).std(dim=0).mean()  # falls to 0 if the features collapse
        return LossResult(loss, {"cosine_loss": loss.detach(), "spread": spread})

    def on_optimizer_step(self) -> None:
        """Let the copy follow."""
        follow(self.target, self._policy[0], self.config.decay)

    def _predict(self, features: Tensor, actions: Tensor) -> list[Tensor]:
        predictions, latent = [], features
        for k in range(1, min(self.config.horizon, len(features) - 1) + 1):
            latent = latent[: len(features) - k]
            taken = actions[k - 1 : len(features) - 1]
            latent = latent + self.transition(torch.cat([latent, taken], dim=-1))
            predictions.append(self.predictor(latent))
        return predictions
