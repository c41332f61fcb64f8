"""Tokens as vectors for attention: what, how much, and where in Fourier coordinates."""

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from metta.io.game_match import GameMatch, OfGame
from metta.io.spec import EMPTY_CELL, GLOBAL_CELL, TokenTable
from metta.io.waits import asking_is_free

_CELLS = 8.0  # of half a period of the slowest wave; views reach at most 7 cells from their centre


class TokenFeatures(OfGame):
    """Concatenates e_f + value * g_f, learned for each feature f, with sines and cosines of row and column.

    Rows and columns count from the observer, so views of all sizes share their coordinates. Tokens about the
    observer have no place but a mark.

    Args:
        table: the tokens of the game.
        embedding: length of e and g.
        num_frequencies: waves per axis; the k-th has a period of 16 / 2^k cells.
    """

    scale: Tensor
    places: Tensor

    def __init__(self, table: TokenTable, embedding: int, num_frequencies: int) -> None:
        super().__init__()
        self.size = embedding + 4 * num_frequencies + 1
        self.embedding = nn.Parameter(0.5 * torch.randn(table.feature.num_values, 2 * embedding))
        scales = torch.tensor(table.value.scales)
        self.register_buffer("scale", 1.0 / scales, persistent=False)
        places = place_table(table.view_height, table.view_width, num_frequencies)
        self.register_buffer("places", places, persistent=False)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Describe tokens.

        Args:
            tokens: uint8 [B, num_tokens, 3].

        Returns:
            Features, float32 [B, n, size], and which are tokens at all, bool [B, n]; on a CPU the n tokens up to
            the last one that any row uses, elsewhere all.
        """
        if asking_is_free(tokens):
            used_columns = (tokens[..., 0] != EMPTY_CELL).any(0).nonzero()
            tokens = tokens[:, : int(used_columns.max()) + 1 if len(used_columns) else 1]
        place = tokens[..., 0].int()
        used = place != EMPTY_CELL
        feature = torch.where(used, tokens[..., 1].int(), 0)
        value = (tokens[..., 2] * self.scale[feature]).unsqueeze(-1)
        constant, slope = functional.embedding(feature, self.embedding).chunk(2, dim=-1)
        return torch.cat([torch.addcmul(constant, value, slope), self.places[place]], dim=-1), used

    @torch.no_grad()
    def carry_over(self, old: Any, match: GameMatch) -> None:
        """See `OfGame.carry_over`; of a token of a new feature only its place is told at first."""
        self.embedding.zero_()
        self.embedding[match.features.here] = old.embedding[match.features.there]
        slopes = self.embedding[:, self.embedding.shape[1] // 2 :]
        slopes[match.features.here] *= match.scale_ratio.unsqueeze(1)


def place_table(view_height: int, view_width: int, num_frequencies: int) -> Tensor:
    """Return for each `where` byte its coordinates as waves and whether it is the observer, [256, 4 F + 1]."""
    place = torch.arange(256)
    row, column = place // 16 - view_height // 2, place % 16 - view_width // 2
    waves = math.pi / _CELLS * 2.0 ** torch.arange(num_frequencies)
    angles = torch.cat([row.unsqueeze(1) * waves, column.unsqueeze(1) * waves], dim=1)
    table = torch.cat([angles.sin(), angles.cos(), torch.zeros(256, 1)], dim=1)
    table[[GLOBAL_CELL, EMPTY_CELL]] = 0.0
    table[GLOBAL_CELL, -1] = 1.0
    return table
