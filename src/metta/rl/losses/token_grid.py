"""Tokens as numbers of (cell, feature) pairs: what losses about observations count with."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from metta.io.spec import EMPTY_CELL, GLOBAL_CELL, TokenTable


class TokenGrid(nn.Module):
    """Numbers each pair of a place (a cell of the view, or the observer itself) and a feature.

    Works without waiting for the device: unused tokens and those beyond the view get the number 0, a pair of
    its own.

    Args:
        table: the tokens of the game.
    """

    place_of: Tensor
    scale: Tensor

    def __init__(self, table: TokenTable) -> None:
        super().__init__()
        self.num_features = table.feature.num_values
        self.num_places = table.view_height * table.view_width + 1
        self.num_pairs = self.num_places * self.num_features + 1
        places = torch.full((256,), -1, dtype=torch.int64)
        for row in range(table.view_height):
            for column in range(table.view_width):
                places[row << 4 | column] = row * table.view_width + column
        places[GLOBAL_CELL] = self.num_places - 1
        self.register_buffer("place_of", places, persistent=False)
        self.register_buffer("scale", 1.0 / torch.tensor(table.value.scales), persistent=False)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Return the pair's number, int64 [B, num_tokens], and the scaled value, float32 [B, num_tokens].

        Args:
            tokens: uint8 [B, num_tokens, 3].
        """
        place = self.place_of[tokens[..., 0].long()]
        feature = tokens[..., 1].long().clamp(max=self.num_features - 1)
        used = place >= 0
        pair = torch.where(used, 1 + place * self.num_features + feature, 0)
        return pair, tokens[..., 2] * self.scale[feature] * used


class TokenSums(nn.Module):
    """Sums over tokens of a learned vector per pair, and of another one times the value. Cheap and order-free.

    Args:
        table: the tokens of the game.
        size: of the vectors.
    """

    def __init__(self, table: TokenTable, size: int) -> None:
        super().__init__()
        self.grid = TokenGrid(table)
        self.presence = nn.Parameter(torch.randn(self.grid.num_pairs, size) / 4.0)
        self.value = nn.Parameter(torch.randn(self.grid.num_pairs, size) / 4.0)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return float32 [B, size] for tokens uint8 [B, num_tokens, 3]."""
        pair, value = self.grid(tokens)
        used = (pair > 0).float()
        seen = functional.embedding_bag(pair, self.presence, mode="sum", per_sample_weights=used)
        return seen + functional.embedding_bag(pair, self.value, mode="sum", per_sample_weights=value)

    def without_gradient(self, tokens: Tensor) -> Tensor:
        """Return the same, several times faster on a CPU, but waits for the device: for rollouts."""
        with torch.no_grad():
            used = tokens[..., 0] != EMPTY_CELL
            pair, value = self.grid(tokens[used])
            ends = used.sum(dim=1).cumsum(dim=0)
            begins = torch.cat([ends.new_zeros(1), ends[:-1]])
            counts = (pair > 0).float()
            seen = functional.embedding_bag(
                pair, self.presence, begins, mode="sum", per_sample_weights=counts
            )
            return seen + functional.embedding_bag(
                pair, self.value, begins, mode="sum", per_sample_weights=value
            )
