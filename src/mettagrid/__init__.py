"""The simulator: games as rules, batches of worlds that share memory, views for Gymnasium and PettingZoo.

The names of `_HOMES` are loaded when they are first used: `from mettagrid import BatchEnv`.
"""

from importlib import import_module
from typing import Any

from mettagrid.registration import register_environments

_HOMES = {
    "BatchEnv": "mettagrid.batch",
    "GameConfig": "mettagrid.config.game",
    "GameSpec": "mettagrid.spec",
    "GymEnv": "mettagrid.gym_env",
    "GymVectorEnv": "mettagrid.vector_env",
    "PettingZooEnv": "mettagrid.pettingzoo_env",
    "RLlibEnv": "mettagrid.rllib_env",
    "Rule": "mettagrid.rules",
    "check_env": "mettagrid.env_checker",
    "make_arena": "mettagrid.builder.envs",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mettagrid' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])


register_environments()
