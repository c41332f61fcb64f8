"""Go on learning in another game: weights move to a policy for a game with other features and actions, by name.

Playing there needs no new weights (`metta.policy.adapted`); learning there needs inputs and outputs for what is new.
"""

import torch
from torch import Tensor

from metta.io.action_head import ActionHead
from metta.io.game_match import GameMatch, OfGame, match_games
from metta.policy.policy import Policy


def carry_over(policy: Policy, source: Policy) -> GameMatch:
    """Give a policy the weights of one of the same architecture that was made for another game.

    What both games have goes on as it was. Features that are new say nothing at first, and actions that are new are
    as likely as a mean one (`ActionHead.carry_over`); both are learned from the first step on.

    Args:
        policy: of the game to come; changed in place.
        source: stays as it is.

    Returns:
        What the games share, and what is new.

    Raises:
        ValueError: one line, if the games have no action in common, or a module of the policy cannot be moved.
    """
    match = match_games(policy.spec, source.spec)
    if not len(match.actions.here):
        raise ValueError(
            f"a policy of {source.spec.name!r} cannot go on in {policy.spec.name!r}: they have no action in common"
        )
    if _names(policy) != _names(source) and not _reads_names(policy):
        kind = policy.architecture.name if policy.architecture else type(policy).__name__  # type: ignore[attr-defined]
        raise ValueError(
            f"{kind} of {source.spec.name!r} cannot go on in {policy.spec.name!r}, which has other features or "
            "actions: its module needs carry_over(old, match), see metta.io.game_match.OfGame"
        )
    _copy(policy, source, match)
    return match


def _names(policy: Policy) -> tuple[object, ...]:
    spec = policy.spec
    return spec.feature_names, spec.feature_scales, spec.action_names


def _reads_names(policy: Policy) -> bool:
    """Whether some module knows which of its weights belong to which feature."""
    return any(
        isinstance(module, OfGame) and not isinstance(module, ActionHead) for module in policy.modules()
    )


@torch.no_grad()
def _copy(policy: Policy, source: Policy, match: GameMatch) -> None:
    old_modules = dict(source.named_modules())
    ours: dict[str, OfGame] = {
        name: module for name, module in policy.named_modules() if isinstance(module, OfGame)
    }
    old_values = source.state_dict()
    for name, value in policy.state_dict().items():
        if _owner(name, ours) is None:
            _copy_one(name, value, old_values[name])
    for name, module in ours.items():
        module.carry_over(old_modules[name], match)


def _owner(name: str, ours: dict[str, OfGame]) -> str | None:
    return next((owner for owner in ours if not owner or name.startswith(f"{owner}.")), None)


def _copy_one(name: str, value: Tensor, old: Tensor) -> None:
    if value.shape != old.shape:
        raise ValueError(
            f"{name} is {tuple(value.shape)} and was {tuple(old.shape)}: it depends on the game, and its module "
            "has no carry_over(old, match), see metta.io.game_match.OfGame"
        )
    value.copy_(old)
