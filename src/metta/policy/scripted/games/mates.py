"""Mates: find one, make hearts together, bear children and feed them."""

from metta.policy.policy import Policy
from metta.policy.scripted import Errand, ErrandPolicy, Expression, Own, Seen
from mettagrid.spec import GameSpec

GAME = "mates"

RESERVE = 2  # food that is kept, for oneself and for children
WELL_FED = 70  # energy with which one thinks of a child
HUNGRY_CHILD = 59
STRANGER = 59  # of 240, a kinship below 0.25
KIN = 100


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for the game, with births or without."""
    food, energy, is_single = Own("food"), Own("energy"), Own("bonded") == 0
    suits = [Seen("bonded") == 0, Seen("energy") >= 20]
    errands = [
        Errand("altar", "use", when=[~is_single, food >= 2 + RESERVE]),
        Errand("altar", "use", when=[is_single, food >= 4 + RESERVE]),
        Errand("bush", "use", when=[food <= 10], cost=2 * food),
    ]
    if "bear" in spec.action_names:
        errands += _family()
        suits += [Seen("youth") == 0, Seen("kinship") <= STRANGER]
    errands.append(Errand("agent", "court", when=[is_single, energy >= 20, *suits], cost=2, patience=25))
    return ErrandPolicy(spec, errands, explore_cells=8.0)


def _family() -> list[Errand]:
    food, energy = Own("food"), Own("energy")
    is_hungry: list[Expression] = [Seen("youth") > 0, Seen("energy") <= HUNGRY_CHILD]
    mate = [Seen("mate") > 0, Seen("pause") == 0, Seen("energy") >= WELL_FED]
    return [
        Errand("agent", "give_food", when=[food > 0, *is_hungry, Seen("kinship") >= KIN]),
        Errand("agent", "give_food", when=[food > RESERVE, *is_hungry], cost=4),
        Errand("agent", "bear", when=[energy >= WELL_FED, food >= RESERVE, *mate], cost=2, patience=10),
    ]
