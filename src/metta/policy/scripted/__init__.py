"""Policies without weights: baselines to compare with. One file each; found by the `NAME` of its module."""

import importlib
import pkgutil
from collections.abc import Callable

from metta.policy.policy import Policy
from mettagrid.spec import GameSpec


def scripted_policies() -> dict[str, Callable[[GameSpec], Policy]]:
    """Return what makes each scripted policy for a game, by the name in `mock://<name>`."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    ]
    return {module.NAME: module.make_policy for module in modules if hasattr(module, "NAME")}
