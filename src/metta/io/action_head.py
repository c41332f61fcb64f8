"""From features to the logits of a choice, forbidden choices included."""

from typing import Any

import torch
from torch import Tensor, nn

from metta.io.full_precision import in_full_precision
from metta.io.game_match import GameMatch, OfGame
from metta.io.spec import ChoiceHead

FORBIDDEN = -1e9
"""Logit of a forbidden choice: its probability is exactly 0 in float32, and bfloat16 can still hold it."""


def mask_logits(logits: Tensor, mask: Tensor) -> Tensor:
    """Return the logits with `FORBIDDEN` where the mask is False. Any equal shapes [..., num_choices]."""
    return torch.where(mask, logits, FORBIDDEN)


class ActionHead(OfGame):
    """A linear layer from features to the masked logits of a choice."""

    def __init__(self, head: ChoiceHead, num_inputs: int) -> None:
        super().__init__()
        self.linear = nn.Linear(num_inputs, len(head.choices))
        # Nearly equal logits at first: the policy explores before it prefers.
        nn.init.orthogonal_(self.linear.weight, gain=0.01)
        nn.init.zeros_(self.linear.bias)

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        """Return logits, float32 [..., num_choices].

        Args:
            features: float [..., num_inputs].
            mask: bool [..., num_choices], True = allowed.
        """
        return mask_logits(in_full_precision(self.linear, features), mask)

    @torch.no_grad()
    def carry_over(self, old: Any, match: GameMatch) -> None:
        """See `OfGame.carry_over`; a new action's logit is the mean of the known ones.

        So it is never the likeliest at first, but rarely so unlikely that it is not tried.
        """
        for value, old_value in (
            (self.linear.weight, old.linear.weight),
            (self.linear.bias, old.linear.bias),
        ):
            known = old_value[match.actions.there]
            value.copy_(known.mean(0).expand_as(value))
            value[match.actions.here] = known
