"""Memory: keep a chart of all that was seen. What landmarks mean it does not know: the nearest arm comes first."""

from metta.policy.policy import Policy
from metta.policy.scripted.planning import Rulebook
from metta.policy.scripted.sighted import SightedPolicy
from mettagrid.games.memory import make_memory
from mettagrid.spec import GameSpec

GAME = "memory"


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for any map, with the default numbers."""
    return SightedPolicy(spec, Rulebook(make_memory()))
