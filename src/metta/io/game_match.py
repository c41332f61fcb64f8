"""What a game shares with another, by name: features, actions, scales. Weights move along these pairs."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from mettagrid.spec import GameSpec


@dataclass(frozen=True)
class Pairs:
    """Ids of the same names in two games.

    Attributes:
        here: int64 [n], in the new game.
        there: int64 [n], in the old one.
        new: names that only the new game has.
        gone: names that only the old game has.
    """

    here: Tensor
    there: Tensor
    new: list[str]
    gone: list[str]


@dataclass(frozen=True)
class GameMatch:
    """A game beside the one that weights come from.

    Attributes:
        features: pairs of feature ids.
        actions: pairs of action ids.
        scale_ratio: float32 [n], the new scale of each pair of features over its old one.
    """

    features: Pairs
    actions: Pairs
    scale_ratio: Tensor


class OfGame(nn.Module, ABC):
    """A module whose weights belong to ids of a game, so that they cannot be moved to another game as they are."""

    @abstractmethod
    def carry_over(self, old: Any, match: GameMatch) -> None:
        """Take the weights of the same module for another game: what is known by name, and a start for the rest.

        Args:
            old: the same module of a policy for the other game; keeps its weights.
            match: which ids are which.
        """


def match_games(game: GameSpec, old: GameSpec) -> GameMatch:
    """Return what a game shares with an older one."""
    features = _pairs(game.feature_names, old.feature_names)
    scales, old_scales = torch.tensor(game.feature_scales), torch.tensor(old.feature_scales)
    ratio = scales[features.here] / old_scales[features.there]
    return GameMatch(features, _pairs(game.action_names, old.action_names), ratio)


def _pairs(names: list[str], old_names: list[str]) -> Pairs:
    known = {name: number for number, name in enumerate(old_names)}
    shared = [(number, known[name]) for number, name in enumerate(names) if name in known]
    here, there = torch.tensor(shared, dtype=torch.int64).reshape(-1, 2).unbind(1)
    new = [name for name in names if name not in known]
    return Pairs(here, there, new, [name for name in old_names if name not in set(names)])
