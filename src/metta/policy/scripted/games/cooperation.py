"""Cooperation: help at crates and stags, hold levers, pick one colour and give it to those who cannot."""

from metta.policy.policy import Policy
from metta.policy.scripted import Ahead, Errand, ErrandPolicy, Lot, Own, Random, Seen
from mettagrid.config.verb import HEADINGS
from mettagrid.spec import GameSpec

GAME = "cooperation"

PATIENCE = 12
COLORS = ("red", "blue")
SIDESTEPS = 0.2  # how often each direction is tried when a crate would go the wrong way


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for any of the tasks, or all of them."""
    is_holding = Own("held") > 0
    has_both = (Own("red") > 0) & (Own("blue") > 0)
    is_depot_ahead = Ahead("ground:depot", 2) + Ahead("ground:depot", 3) + Ahead("ground:depot", 4) > 0
    goes_wrong = (Ahead("kind:crate") > 0) & ~is_depot_ahead
    errands = [
        *(Errand(do=f"move_{way}", when=[goes_wrong, Random() < SIDESTEPS]) for way in HEADINGS),
        Errand("altar", "use", when=[has_both], cost=-3),
        Errand("stag", "use", patience=PATIENCE),
        Errand("hare", "use", cost=6),
        Errand("crate", "use", cost=4 * Lot(), patience=PATIENCE),
        Errand("lever", "use", when=[(Seen("held") == 0) | is_holding], patience=3 * PATIENCE),
    ]
    for number, color in enumerate(COLORS, start=1):
        picks, stock = Own("hand") == number, Own(color)
        can_take = (Seen("hand") != number) & (Seen(color) == 0)
        errands += [
            Errand(f"generator_{color}", "use", when=[picks, stock <= 2], cost=2 * stock),
            Errand("agent", f"give_{color}", when=[picks, stock >= 2, can_take], patience=4),
        ]
    return ErrandPolicy(spec, errands, landmarks=["border", "lever", "vault", "altar"])
