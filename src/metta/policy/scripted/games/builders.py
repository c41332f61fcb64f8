"""Builders: bring wood and stone to the sites that need them; mine what is wanted; walk around what costs."""

from metta.policy.policy import Policy
from metta.policy.scripted import Avoid, Errand, ErrandPolicy, Own, Seen
from mettagrid.spec import GameSpec

GAME = "builders"

SOURCES = {"wood": "tree", "stone": "rock"}
DEAR = {"water": 100, "thorns": 8, "swamp": 1}  # steps of a detour that each ground is worth


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for the builders."""
    errands = []
    for material, source in SOURCES.items():
        stock = Own(material)
        errands += [
            Errand("site", "use", when=[stock >= 1, Seen(f"needs_{material}") >= 1]),
            Errand(source, "use", when=[stock <= 3, Seen("stock") >= 1], cost=4 * stock),
        ]
    return ErrandPolicy(
        spec, errands, avoid=[Avoid(name, radius=0, cost=cost) for name, cost in DEAR.items()]
    )
