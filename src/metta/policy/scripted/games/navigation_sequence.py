"""Navigation in sequence: keep a chart, load at mine and generator, carry to the altars by the shortest tour."""

from metta.policy.policy import Policy
from metta.policy.scripted.planning import Rulebook
from metta.policy.scripted.sighted import SightedPolicy
from mettagrid.games.navigation_sequence import make_navigation_sequence
from mettagrid.spec import GameSpec

GAME = "navigation_sequence"


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for any map, with the default numbers."""
    return SightedPolicy(spec, Rulebook(make_navigation_sequence()))
