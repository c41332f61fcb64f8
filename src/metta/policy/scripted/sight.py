"""Tokens as dense grids, by the names of their features: how scripted policies see."""

from collections.abc import Sequence

import torch
from torch import Tensor

from metta.io.spec import GLOBAL_CELL
from mettagrid.config.nearest import did_you_mean
from mettagrid.spec import GameSpec


class Sight:
    """Reads named features out of observations.

    Args:
        spec: the game.
        seen: features of cells.
        own: features of the observer itself.

    Raises:
        ValueError: if the game lacks one of the features.
    """

    def __init__(self, spec: GameSpec, seen: Sequence[str], own: Sequence[str]) -> None:
        for name in (*seen, *own):
            if name not in spec.feature_names:
                hint = did_you_mean(name, spec.feature_names)
                raise ValueError(
                    f"game {spec.name!r} has no feature {name!r}, which this policy needs; {hint}"
                )
        self.height, self.width = spec.view_height, spec.view_width
        self.num_seen, self.num_own = len(seen), len(own)
        # Where a token goes in a row's vector: planes, then own features, then one place for all the rest.
        num_cells = self.height * self.width
        self.size = self.num_seen * num_cells + self.num_own + 1
        self.place = torch.full((256, 256), self.size - 1)  # [where, feature]
        for plane, name in enumerate(seen):
            for row in range(self.height):
                for column in range(self.width):
                    cell = row * self.width + column
                    self.place[row << 4 | column, spec.feature_names.index(name)] = plane * num_cells + cell
        for index, name in enumerate(own):
            self.place[GLOBAL_CELL, spec.feature_names.index(name)] = self.num_seen * num_cells + index

    def read(self, observations: Tensor) -> tuple[Tensor, Tensor]:
        """Return the values of the features that are seen and own, 0 where there is no token.

        Args:
            observations: uint8 [B, num_tokens, 3].

        Returns:
            float32 [B, num seen, height, width] and float32 [B, num own].
        """
        where, feature, value = observations.long().unbind(-1)
        places = self.place.to(observations.device)[where, feature]
        values = torch.zeros(len(observations), self.size, device=observations.device)
        values.scatter_(1, places, value.float())
        split = self.num_seen * self.height * self.width
        return values[:, :split].unflatten(1, (self.num_seen, self.height, self.width)), values[:, split:-1]
