"""The arena of mid-2025: dig ore, make batteries, make hearts. Builds no lasers and never attacks."""

from metta.policy.policy import Policy
from metta.policy.scripted import Errand, ErrandPolicy, Own
from mettagrid.spec import GameSpec

GAME = "arena_basic_easy_shaped"

ONE_AT_A_TIME = 3  # how many steps nearer a mine must be for each thing that is carried already


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for the arena of mid-2025."""
    ore, battery = Own("ore_red"), Own("battery_red")
    errands = [
        Errand("altar", "use", when=[battery > 0]),
        Errand("generator_red", "use", when=[ore > 0]),
        Errand("mine_red", "use", cost=ONE_AT_A_TIME * (ore + battery)),
    ]
    return ErrandPolicy(spec, errands)
