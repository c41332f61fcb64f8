"""Prey and predators: prey graze, keep away from predators and hide when one is beside; predators chase and sprint."""

from metta.policy.policy import Policy
from metta.policy.scripted import Avoid, Errand, ErrandPolicy, Nearby, Own, Seen
from mettagrid.spec import GameSpec

GAME = "prey_predator"

PREY, PREDATOR = 1, 2
ENOUGH_TO_HIDE, ENOUGH_TO_SPRINT, ENOUGH_TO_TRAIN = 15, 30, 45


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for both species."""
    is_prey, is_predator, energy = Own("species") == PREY, Own("species") == PREDATOR, Own("energy")
    is_hunter = (Seen("species") == PREDATOR) & (Seen("digesting") <= 1)
    is_easy = (Seen("species") == PREY) & (Seen("frozen") == 0) & (Seen("posture") == 0)
    is_easy = is_easy & (Own("strength") - Seen("strength") >= 0)
    is_up, is_down = Own("posture") == 0, Own("posture") == 1
    errands = [
        Errand(
            do="posture", when=[is_prey, is_up, Nearby("agent", 1, [is_hunter]) > 0, energy >= ENOUGH_TO_HIDE]
        ),
        Errand(do="posture", when=[is_prey, is_down, Nearby("agent", 2, [is_hunter]) == 0]),
        Errand(do="train", when=[is_prey, energy >= ENOUGH_TO_TRAIN]),
        Errand(
            do="posture",
            when=[is_predator, is_up, Nearby("agent", 4, [is_easy]) > 0, energy >= ENOUGH_TO_SPRINT],
        ),
        Errand(do="posture", when=[is_predator, is_down, Nearby("agent", 5, [is_easy]) == 0]),
        Errand(do="train", when=[is_predator, energy >= ENOUGH_TO_TRAIN]),
        Errand("grass", "use", when=[is_prey]),
        Errand("agent", "attack", when=[is_predator, is_easy], remember=False),
    ]
    return ErrandPolicy(spec, errands, avoid=[Avoid("agent", when=[is_prey, is_hunter], radius=4, cost=8)])
