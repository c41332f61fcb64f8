"""joint_draw: games that differ in numbers and names become options that are drawn together."""

from collections.abc import Mapping, Sequence
from typing import Any

from mettagrid.config.game import GameConfig
from mettagrid.config.vary import Together


def joint_draw(games: Sequence[GameConfig], weights: list[float] | None = None) -> Together:
    """List what differs among games: put into `vary` of any of them, each episode is one of all these games.

    Args:
        games: games of the same form, which differ in numbers and names only.
        weights: how likely each is, relative to the others; None for all alike.

    Raises:
        ValueError: one line; the games are all the same, or differ in more than numbers and names.
    """
    leaves = [dict(_leaves(game.model_dump(exclude={"vary"}), "")) for game in games]
    for number, other in enumerate(leaves):
        if apart := sorted(other.keys() ^ leaves[0].keys()):
            raise ValueError(f"games 0 and {number} are of different form: only one of them has {apart[0]}")
    paths = [path for path in leaves[0] if any(other[path] != leaves[0][path] for other in leaves)]
    if not paths:
        raise ValueError("these games are all the same: nothing to draw")
    for path in paths:
        if any(isinstance(other[path], bool | None) for other in leaves):
            raise ValueError(f"{path} is neither a number nor a name, and cannot be drawn")
    return Together([{path: other[path] for path in paths} for other in leaves], weights)


def _leaves(part: Any, path: str) -> list[tuple[str, Any]]:
    """Everything that has no parts, with its dotted path."""
    if isinstance(part, Mapping):
        parts = list(part.items())
    elif isinstance(part, list | tuple):
        parts = list(enumerate(part))
    else:
        return [(path, part)]
    return [leaf for key, value in parts for leaf in _leaves(value, f"{path}.{key}" if path else str(key))]
