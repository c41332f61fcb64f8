"""The ids of the actions that errands need: what to do in which direction, moves and turns."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from metta.policy.scripted.errand import Errand
from mettagrid.config.nearest import did_you_mean
from mettagrid.config.verb import HEADINGS
from mettagrid.spec import GameSpec

NOOP = 0


class ActionTable(nn.Module):
    """Ids of actions, as tensors that follow the policy to its device.

    Attributes:
        moves: int64 [4], steps north, east, south, west.
        turns: int64 [4], turns without a step; the moves, in games without (a blocked move turns).
        deeds: int64 [errands, 4], what an errand does to a thing in each direction.
        needs_facing: bool [errands], whether the agent must look at the thing.
        direction: int64 [num_actions], 1..4 for the moves north, east, south, west, 0 for everything else.

    Raises:
        ValueError: if the game lacks one of the actions.
    """

    moves: Tensor
    turns: Tensor
    deeds: Tensor
    needs_facing: Tensor
    direction: Tensor

    def __init__(self, spec: GameSpec, errands: Sequence[Errand], on_the_spot: Sequence[Errand]) -> None:
        super().__init__()
        self.names = spec.action_names
        moves = _all_directions("move", spec)
        turns = moves if f"turn_{HEADINGS[0]}" not in self.names else _all_directions("turn", spec)
        deeds = [_all_directions(errand.do, spec) for errand in errands]
        directed = [errand.do not in self.names or errand.do == "noop" or errand.onto for errand in errands]
        self._table("moves", moves)
        self._table("turns", turns)
        self._table("deeds", deeds)
        self._table("needs_facing", [not is_directed for is_directed in directed])
        self._table("direction", [moves.index(i) + 1 if i in moves else 0 for i in range(len(self.names))])
        self.on_the_spot = [_action(errand.do, spec) for errand in on_the_spot]

    def _table(self, name: str, values: list) -> None:
        self.register_buffer(name, torch.tensor(values), persistent=False)

    def allowed(self, mask: Tensor) -> Tensor:
        """Return which errands' actions are allowed, in some direction, bool [B, errands]."""
        return mask[:, self.deeds].any(2)


def _all_directions(name: str, spec: GameSpec) -> list[int]:
    """Return the ids of `<name>_north`, ...; four times the same for an action without a direction."""
    if name in spec.action_names:
        return [spec.action_names.index(name)] * 4
    if f"{name}_{HEADINGS[0]}" in spec.action_names or name == "move":
        return [_action(f"{name}_{heading}", spec) for heading in HEADINGS]
    return [_action(name, spec)] * 4


def _action(name: str, spec: GameSpec) -> int:
    if name not in spec.action_names:
        hint = did_you_mean(name, spec.action_names)
        raise ValueError(f"game {spec.name!r} has no action {name!r}, which this policy needs; {hint}")
    return spec.action_names.index(name)
