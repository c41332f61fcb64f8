"""A policy in a game that is not quite its own: features, actions and view are matched by name and place."""

import torch
from torch import Tensor

from metta.io.action_head import FORBIDDEN
from metta.io.spec import EMPTY_CELL, GLOBAL_CELL
from metta.policy.policy import Policy, PolicyOutput
from mettagrid.spec import GameSpec


def adapt_policy(policy: Policy, spec: GameSpec) -> Policy:
    """Return the policy for a game, wrapped if the game's ids differ from those that the policy was made for.

    Features that the policy does not know are ignored, and cells beyond its view; actions that it does not
    know are never chosen. What it knows and the game lacks stays unused.

    Raises:
        ValueError: if policy and game have no action in common.
    """
    own = policy.spec
    if not set(own.action_names) & set(spec.action_names):
        raise ValueError(f"a policy of {own.name!r} cannot play {spec.name!r}: they have no action in common")
    if _ids(own) == _ids(spec):
        return policy
    return AdaptedPolicy(policy, spec)


class AdaptedPolicy(Policy):
    """Translates a game's observations, masks and actions for a policy that was made for another one."""

    feature_of: Tensor
    cell_of: Tensor
    own_action: Tensor
    game_action: Tensor

    def __init__(self, policy: Policy, spec: GameSpec) -> None:
        super().__init__(spec)
        self.policy = policy
        own = policy.spec
        own_feature = {name: index for index, name in enumerate(own.feature_names)}
        features = [own_feature.get(name, -1) for name in spec.feature_names]
        own_action = {name: index for index, name in enumerate(own.action_names)}
        game_action = {name: index for index, name in enumerate(spec.action_names)}
        self._table("feature_of", features + [-1] * (256 - len(features)))
        self._table("cell_of", _cell_table(spec, own))
        self._table("own_action", [own_action.get(name, -1) for name in spec.action_names])
        self._table("game_action", [game_action.get(name, -1) for name in own.action_names])

    def _table(self, name: str, values: list[int]) -> None:
        self.register_buffer(name, torch.tensor(values, dtype=torch.int64), persistent=False)

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Return the policy's own initial memory."""
        return self.policy.initial_state(num_rows, device)

    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        """See `Policy.forward`."""
        own_mask = _take(action_mask, self.game_action, False)
        output = self.policy(self._translate(observations), own_mask, state, resets)
        logits = _take(output.logits, self.own_action, FORBIDDEN)
        return PolicyOutput(logits, output.value, output.state, output.extras)

    def show_attention(self) -> bool:
        """See `Policy.show_attention`."""
        return self.policy.show_attention()

    def _translate(self, observations: Tensor) -> Tensor:
        """Return the same tokens in the policy's ids; those that it cannot read become unused."""
        cell = self.cell_of[observations[..., 0].int()]
        feature = self.feature_of[observations[..., 1].int()]
        unreadable = ((cell == EMPTY_CELL) | (feature < 0)).unsqueeze(-1)
        tokens = torch.stack([cell, feature, observations[..., 2].long()], dim=-1)
        return tokens.masked_fill_(unreadable, EMPTY_CELL).to(torch.uint8)


def _ids(spec: GameSpec) -> tuple[object, ...]:
    return spec.feature_names, spec.feature_scales, spec.action_names, spec.view_height, spec.view_width


def _take(values: Tensor, index: Tensor, missing: float) -> Tensor:
    """Return values[..., index], and `missing` where the index is -1."""
    return torch.where(index >= 0, values[..., index.clamp(min=0)], missing)


def _cell_table(spec: GameSpec, own: GameSpec) -> list[int]:
    """Return for each `where` byte of the game the policy's; both views have the observer in their centre."""
    table = [EMPTY_CELL] * 256
    table[GLOBAL_CELL] = GLOBAL_CELL
    shift_rows = (own.view_height - spec.view_height) // 2
    shift_columns = (own.view_width - spec.view_width) // 2
    for row in range(spec.view_height):
        for column in range(spec.view_width):
            own_row, own_column = row + shift_rows, column + shift_columns
            if 0 <= own_row < own.view_height and 0 <= own_column < own.view_width:
                table[row << 4 | column] = own_row << 4 | own_column
    return table
