"""Scripts of games, one module each: `GAME` is the game's name, `make_policy` returns its policy."""

import importlib
import pkgutil
from collections.abc import Callable

from metta.policy.policy import Policy


def game_scripts() -> dict[str, Callable[..., Policy]]:
    """Return what makes the scripted policy of each game that has one, by the game's name."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    ]
    return {module.GAME: module.make_policy for module in modules}
