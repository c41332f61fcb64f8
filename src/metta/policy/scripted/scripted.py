"""`mock://scripted` plays each game by its script: the baseline that learners are measured against.

A script that must be told something takes it from the address: `mock://scripted?difficulty=3&seed=0`.
"""

from inspect import signature

from metta.policy.policy import Policy
from metta.policy.scripted.games import game_scripts
from mettagrid.spec import GameSpec

NAME = "scripted"


def make_policy(spec: GameSpec, **options: str) -> Policy:
    """Return the scripted policy of a game, found by the game's name.

    Args:
        spec: the game.
        options: what its script must be told.

    Raises:
        ValueError: if there is none, the game lacks something that its script needs, or the options are others.
    """
    scripts = game_scripts()
    if spec.name not in scripts:
        raise ValueError(
            f"mock://{NAME}: game {spec.name!r} has no script; there are {', '.join(sorted(scripts))}"
        )
    make = scripts[spec.name]
    arguments = list(signature(make).parameters.values())[1:]
    asked = [argument.name for argument in arguments]
    needed = {argument.name for argument in arguments if argument.default is argument.empty}
    if not needed <= options.keys() <= set(asked):
        wants = "?" + "&".join(f"{name}=..." for name in asked) if asked else " without options"
        raise ValueError(
            f"mock://{NAME}: the script of game {spec.name!r} is addressed as mock://{NAME}{wants}"
        )
    return make(spec, **options)
