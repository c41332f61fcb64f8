"""Reconstructing the observation from the features: what was where, and how much of it.

An autoencoder's loss for token lists: for every place and feature whether such a token was there, and its value where
it was. Keeps the features from forgetting what no reward has yet made worth knowing; auxiliary tasks of this kind:
Jaderberg et al. 2017, https://arxiv.org/abs/1611.05397.
"""

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from metta.io.spec import observation_spec
from metta.policy.policy import PolicyOutput
from metta.rl.advantage import masked_mean
from metta.rl.experience import Minibatch
from metta.rl.losses.loss import Loss, LossConfig, LossContext, LossResult, features_of
from metta.rl.losses.token_grid import TokenGrid


class ReconstructionConfig(LossConfig):
    """Settings of the reconstruction of observations."""

    kind: Literal["reconstruction"] = "reconstruction"
    """Name of this kind of loss."""
    weight: float = Field(
        default=0.05, ge=0.0, allow_inf_nan=False, description="factor of this term in the objective"
    )
    value_coef: float = Field(default=1.0, ge=0.0, description="weight of the values beside what is there")
    size: int = Field(default=32, ge=1, description="numbers by which places and features are multiplied")
    num_samples: int = Field(
        default=128, ge=1, description="observations of a minibatch that are reconstructed; more cost more"
    )

    def build(self, context: LossContext) -> Loss:
        """See `LossConfig.build`."""
        return ReconstructionLoss(self, context)


def presence_loss(logits: Tensor, present: Tensor, alive: Tensor) -> Tensor:
    """Return the mean cross-entropy of what is there plus that of what is not, each with half the weight.

    There is a hundred times more that is not there; without halves "nothing anywhere" would do.

    Args:
        logits: float32 [S, pairs].
        present: bool [S, pairs].
        alive: bool [S].
    """
    errors = functional.binary_cross_entropy_with_logits(logits, present.float(), reduction="none")
    counts = alive.unsqueeze(-1)
    return 0.5 * (masked_mean(errors, present & counts) + masked_mean(errors, ~present & counts))


def value_loss(predictions: Tensor, values: Tensor, present: Tensor, alive: Tensor) -> Tensor:
    """Return the mean squared error of the values of what is there; all [S, pairs], alive [S]."""
    return masked_mean((predictions - values).square(), present & alive.unsqueeze(-1))


class ReconstructionLoss(Loss):
    """Logit of (place, feature) = sum_d (P z)_d place_d feature_d, and likewise the value; L = presence + values."""

    config: ReconstructionConfig

    def __init__(self, config: ReconstructionConfig, context: LossContext) -> None:
        super().__init__(config, context)
        self.grid = TokenGrid(observation_spec(context.policy.spec).tokens)
        self.projection = nn.Linear(context.feature_size, 2 * config.size)
        scale = config.size**-0.25  # the product of both is of order 1 / sqrt(size)
        self.places = nn.Parameter(torch.randn(self.grid.num_places, config.size) * scale)
        self.features = nn.Parameter(torch.randn(self.grid.num_features, 2 * config.size) * scale)
        self.presence_bias = nn.Parameter(torch.zeros(self.grid.num_places, self.grid.num_features))

    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """See `Loss.compute`."""
        alive = minibatch.alive.flatten()
        sample = torch.randint(len(alive), (self.config.num_samples,), device=alive.device)
        present, values = self._targets(minibatch.observations.flatten(0, 1)[sample])
        logits, predictions = self._reconstruct(features_of(output).flatten(0, 1)[sample])
        presence = presence_loss(logits, present, alive[sample])
        errors = value_loss(predictions, values, present, alive[sample])
        loss = presence + self.config.value_coef * errors
        return LossResult(loss, {"presence_loss": presence.detach(), "value_loss": errors.detach()})

    def _targets(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Return what is there, bool [S, pairs], and its values, float32 [S, pairs]; the pair 0 is left out."""
        pair, value = self.grid(tokens)
        shape = (len(tokens), self.grid.num_pairs)
        present = torch.zeros(shape, dtype=torch.bool, device=tokens.device)
        values = torch.zeros(shape, device=tokens.device)
        return (
            present.scatter_(1, pair, torch.ones_like(pair, dtype=torch.bool))[:, 1:],
            values.scatter_(1, pair, value)[:, 1:],
        )

    def _reconstruct(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits and values of all pairs, float32 [S, pairs] each."""
        both = self.projection(features).chunk(2, dim=-1)
        names = self.features.chunk(2, dim=-1)
        logits, values = (
            torch.einsum("sd,pd,fd->spf", part, self.places, name)
            for part, name in zip(both, names, strict=True)
        )
        return (logits + self.presence_bias).flatten(1), values.flatten(1)
