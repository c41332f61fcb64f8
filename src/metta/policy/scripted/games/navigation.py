"""Navigation: keep a chart, go to the altars that are known by the shortest tour, explore until all are known."""

from metta.policy.policy import Policy
from metta.policy.scripted.planning import Rulebook
from metta.policy.scripted.sighted import SightedPolicy
from mettagrid.games.navigation import make_navigation
from mettagrid.spec import GameSpec

GAME = "navigation"


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for any map."""
    return SightedPolicy(spec, Rulebook(make_navigation()))
