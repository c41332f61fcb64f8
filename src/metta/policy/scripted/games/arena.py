"""The arena: harvest both colours, charge in pairs, turn energy into hearts. Never attacks."""

from metta.policy.policy import Policy
from metta.policy.scripted import Errand, ErrandPolicy, Own
from mettagrid.spec import GameSpec

GAME = "arena"

HEART_PRICE = 100  # if agents are not told
WAY_ON = 12  # energy to keep for walking
FULL_ENERGY = 140  # above it, charging a pair would spill
MOST_DIAMONDS = 4
DETOUR = 3  # how many steps nearer than the goal a diamond must be to be fetched first


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for a game like the arena."""
    energy, red, blue = Own("energy"), Own("red"), Own("blue")
    is_told = "param:heart_price" in spec.feature_names
    poor = energy < (Own("param:heart_price") + WAY_ON if is_told else HEART_PRICE + WAY_ON)
    errands = [
        Errand("altar", "use", when=[~poor]),
        Errand("charger", "use", when=[red > 0, blue > 0, poor | (energy <= FULL_ENERGY)]),
        Errand("charger", "use", when=[poor, red + blue >= MOST_DIAMONDS], cost=8),
    ]
    for color in ("red", "blue"):
        stock = Own(color)
        errands += [
            Errand(f"generator_{color}", "use", when=[poor, stock == 0]),
            Errand(f"generator_{color}", "use", when=[stock <= MOST_DIAMONDS], cost=DETOUR + 2 * stock),
        ]
    return ErrandPolicy(spec, errands)
