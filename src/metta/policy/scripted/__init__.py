"""Policies without weights: baselines to compare with, and what scripts of games are made of.

A baseline is a module here with a `NAME`; the script of a game is a module in `games` with a `GAME`.
"""

import importlib
import pkgutil
from collections.abc import Callable

from metta.policy.policy import Policy
from metta.policy.scripted.errand import Avoid, Errand
from metta.policy.scripted.errand_policy import ErrandPolicy
from metta.policy.scripted.expressions import Ahead, Expression, Lot, Nearby, Own, Random, Seen

__all__ = [
    "Ahead",
    "Avoid",
    "Errand",
    "ErrandPolicy",
    "Expression",
    "Lot",
    "Nearby",
    "Own",
    "Random",
    "Seen",
    "scripted_policies",
]


def scripted_policies() -> dict[str, Callable[..., Policy]]:
    """Return what makes each scripted policy for a game, by the name in `mock://<name>`."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    ]
    return {module.NAME: module.make_policy for module in modules if hasattr(module, "NAME")}
