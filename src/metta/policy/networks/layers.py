"""Layers with the initial weights that policies like."""

from typing import Any

import torch
from torch import nn

from metta.io.game_match import GameMatch, OfGame
from metta.io.patches import match_patches
from metta.io.token_planes import TokenPlanes


def orthogonal_linear(num_inputs: int, num_outputs: int, gain: float = 2**0.5) -> nn.Linear:
    """Return a layer with orthogonal weights; sqrt(2) keeps the size of what passes a ReLU."""
    layer = nn.Linear(num_inputs, num_outputs)
    nn.init.orthogonal_(layer.weight, gain=gain)
    nn.init.zeros_(layer.bias)
    return layer


class PatchLinear(nn.Linear, OfGame):
    """A linear layer over all patches of token planes, flattened; orthogonal at first, as `orthogonal_linear`."""

    def __init__(self, planes: TokenPlanes, num_outputs: int) -> None:
        super().__init__(planes.num_patches * planes.channels, num_outputs)
        self.grid, self.channels = planes.grid, planes.channels
        nn.init.orthogonal_(self.weight, gain=2**0.5)
        nn.init.zeros_(self.bias)

    @torch.no_grad()
    def carry_over(self, old: Any, match: GameMatch) -> None:
        """See `OfGame.carry_over`; patches beyond the old view add nothing at first."""
        weight, old_weight = (layer.weight.unflatten(1, (-1, layer.channels)) for layer in (self, old))
        patches, old_patches = match_patches(self.grid, old.grid)
        weight.zero_()
        weight[:, patches] = old_weight[:, old_patches]
        self.bias.copy_(old.bias)
