"""Object use: keep a chart, and do what leads to the prize by the shortest tour; open walls when all else is known."""

from metta.policy.policy import Policy
from metta.policy.scripted.planning import Rulebook
from metta.policy.scripted.sighted import SightedPolicy
from mettagrid.games.object_use import make_object_use
from mettagrid.spec import GameSpec

GAME = "object_use"


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for any map."""
    return SightedPolicy(spec, Rulebook(make_object_use()))
