"""Competition: bring diamonds home, claim altars and stay, rob the other's store, freeze rivals who stand ahead."""

from metta.policy.policy import Policy
from metta.policy.scripted import Ahead, Errand, ErrandPolicy, Lot, Own, Seen
from mettagrid.spec import GameSpec

GAME = "competition"

TEAMS = (1, 2)
GUARDS = 0.5  # part of the agents that would rather stay at an altar than fetch diamonds
DETOUR = 8


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for both teams."""
    red, is_ours = Own("red"), Seen("team") == Own("team")
    is_rival_ahead = (Ahead("kind:agent") > 0) & (Ahead("team") != Own("team")) & (Ahead("frozen") == 0)
    fetches = Lot() >= GUARDS
    errands = [
        Errand(do="attack", when=[is_rival_ahead]),
        Errand("altar", when=[is_ours], cost=DETOUR * fetches, wait=""),
        Errand("generator_red", "use", when=[red <= 2], cost=DETOUR * (~fetches) + 2 * red),
    ]
    for team in TEAMS:
        is_member, stock, store = Own("team") == team, Own(f"world:stock_{team}"), f"store_{team}"
        errands += [
            Errand(store, "use", when=[is_member, red >= 1], cost=DETOUR - 2 * red, wait=""),
            Errand(store, "use", when=[~is_member, stock >= 1], cost=2),
            Errand("altar", "use", when=[is_member, ~is_ours, stock >= 1], wait=""),
        ]
    return ErrandPolicy(spec, errands)
