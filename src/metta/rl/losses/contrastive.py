"""Contrastive coding: of many moments, which one comes soon after this one?

InfoNCE (van den Oord et al. 2018, https://arxiv.org/abs/1807.03748) with the geometric look ahead of contrastive RL
(Eysenbach et al. 2022, https://arxiv.org/abs/2206.07568). The features must tell apart where one will be from where
others will be, the same agent at other times included: those negatives are within reach, and the hard ones.
"""

import math
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from metta.io.action_head import FORBIDDEN
from metta.policy.policy import PolicyOutput
from metta.rl.advantage import masked_mean
from metta.rl.experience import Minibatch
from metta.rl.losses.loss import Loss, LossConfig, LossContext, LossResult, features_of


class ContrastiveConfig(LossConfig):
    """Settings of contrastive coding."""

    kind: Literal["contrastive"] = "contrastive"
    """Name of this kind of loss."""
    weight: float = Field(
        default=0.01, ge=0.0, allow_inf_nan=False, description="factor of this term in the objective"
    )
    discount: float = Field(
        default=0.9, gt=0.0, lt=1.0, description="the look ahead is 1 / (1 - discount) steps in the mean"
    )
    temperature: float = Field(default=0.1, gt=0.0, description="of the similarities; small = strict")
    size: int = Field(default=64, ge=1, description="numbers in which moments are compared")
    num_anchors: int = Field(
        default=256,
        ge=2,
        description="moments that are asked about in a minibatch; cost grows with the square",
    )

    def build(self, context: LossContext) -> Loss:
        """See `LossConfig.build`."""
        return ContrastiveLoss(self, context)


def geometric_ahead(uniform: Tensor, room: Tensor, discount: float) -> Tensor:
    """Return steps ahead in 1 .. room with P(k) proportional to discount^k, by inverting the distribution.

    Args:
        uniform: float32 [M], in [0, 1).
        room: int64 [M], at least 1: the steps that are left in the row.
        discount: 0..1.
    """
    total = 1.0 - discount ** room.float()
    steps = 1 + torch.floor(torch.log1p(-uniform * total) / math.log(discount)).long()
    return torch.minimum(steps, room)


def info_nce(similarities: Tensor, valid: Tensor, places: Tensor) -> Tensor:
    """Return the mean over valid anchors i of -log(exp s_ii / sum_j exp s_ij), over the valid positives j.

    Args:
        similarities: float32 [M, M], of anchor i and positive j; the diagonal belongs together.
        valid: bool [M]: pairs within one episode.
        places: int64 [M], where each positive lies; the same moment is never its own negative.
    """
    same = places.unsqueeze(0) == places.unsqueeze(1)
    itself = torch.eye(len(valid), dtype=torch.bool, device=valid.device)
    counts = itself | (valid.unsqueeze(0) & ~same)
    log_probs = torch.where(counts, similarities, FORBIDDEN).log_softmax(dim=-1)
    return masked_mean(-log_probs.diagonal(), valid)


class ContrastiveLoss(Loss):
    """L = InfoNCE of moments and what comes soon after them, in projections that are trained with the policy."""

    config: ContrastiveConfig

    def __init__(self, config: ContrastiveConfig, context: LossContext) -> None:
        super().__init__(config, context)
        self.anchor_head = nn.Linear(context.feature_size, config.size)
        self.positive_head = nn.Linear(context.feature_size, config.size)

    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """See `Loss.compute`."""
        features, config = features_of(output), self.config
        anchors, positives, valid = self._choose_pairs(minibatch)
        flat = features.flatten(0, 1)
        left = functional.normalize(self.anchor_head(flat[anchors]), dim=-1)
        right = functional.normalize(self.positive_head(flat[positives]), dim=-1)
        similarities = left @ right.T / config.temperature
        loss = info_nce(similarities, valid, positives)
        with torch.no_grad():
            found = (similarities.argmax(dim=-1) == torch.arange(len(valid), device=valid.device)).float()
            metrics = {"info_nce": loss.detach(), "accuracy": masked_mean(found, valid)}
        return LossResult(loss, {**metrics, "valid": valid.float().mean()})

    def _choose_pairs(self, minibatch: Minibatch) -> tuple[Tensor, Tensor, Tensor]:
        """Return flat places of anchors and positives, int64 [M], and where both are in one life, bool [M]."""
        steps, rows = minibatch.alive.shape
        device, count = minibatch.alive.device, self.config.num_anchors
        if steps < 2:  # nothing comes after
            nowhere = torch.zeros(count, dtype=torch.int64, device=device)
            return nowhere, nowhere, torch.zeros(count, dtype=torch.bool, device=device)
        row = torch.randint(rows, (count,), device=device)
        start = torch.randint(steps - 1, (count,), device=device)
        ahead = geometric_ahead(torch.rand(count, device=device), steps - 1 - start, self.config.discount)
        anchors, positives = start * rows + row, (start + ahead) * rows + row
        begun = minibatch.resets.int().cumsum(dim=0).flatten()
        alive = minibatch.alive.flatten()
        return anchors, positives, (begun[anchors] == begun[positives]) & alive[anchors] & alive[positives]
