"""`mock://scripted` plays each game by its script: the baseline that learners are measured against."""

from metta.policy.policy import Policy
from metta.policy.scripted.games import game_scripts
from mettagrid.spec import GameSpec

NAME = "scripted"


def make_policy(spec: GameSpec) -> Policy:
    """Return the scripted policy of a game, found by the game's name.

    Raises:
        ValueError: if there is none, or the game lacks something that its script needs.
    """
    scripts = game_scripts()
    if spec.name not in scripts:
        raise ValueError(
            f"mock://{NAME}: game {spec.name!r} has no script; there are {', '.join(sorted(scripts))}"
        )
    return scripts[spec.name](spec)
