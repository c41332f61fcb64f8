"""Families: gatherers fill up with food and feed the makers among their kin; makers turn food into hearts.

Where kinship is not shown, everybody lives alone: gatherers make their few hearts themselves.
"""

from metta.policy.policy import Policy
from metta.policy.scripted import Errand, ErrandPolicy, Own, Seen
from mettagrid.spec import GameSpec

GAME = "families"

NEAR_KIN = 120  # of 240, a kinship of 0.5
A_GIFT = 5
RESERVE = 1  # what is left for oneself
FULL = 8  # a heart's price for a gatherer


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for the game: gatherers help the makers among their kin."""
    return _make_policy(spec, helps="kinship" in spec.feature_names)


def make_selfish_policy(spec: GameSpec) -> Policy:
    """Return a policy that makes hearts only of what it harvested itself, to compare with."""
    return _make_policy(spec, helps=False)


def _make_policy(spec: GameSpec, helps: bool) -> Policy:
    food, is_maker = Own("food"), Own("maker") > 0
    errands = [
        Errand("altar", "use", when=[is_maker, food > RESERVE]),
        Errand("bush", "use", when=[is_maker, food <= RESERVE], cost=4),
        Errand("bush", "use", when=[~is_maker, food < FULL + RESERVE], cost=food),
        Errand("altar", "use", when=[~is_maker, food >= FULL + RESERVE], cost=15 if helps else 0),
    ]
    if helps:
        kin_maker = [Seen("maker") > 0, Seen("kinship") >= NEAR_KIN, Seen("food") < FULL]
        errands.append(Errand("agent", "give_food", when=[~is_maker, food > A_GIFT, *kin_maker], patience=4))
    return ErrandPolicy(spec, errands, explore_cells=9.0)
