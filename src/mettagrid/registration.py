"""Gymnasium ids of the games. Imports neither games nor core: they are loaded when one is made."""

from gymnasium.envs.registration import register, registry

_ENTRY_POINTS = {
    "metta/arena-v0": ("mettagrid.gym_env:make_arena_env", "mettagrid.vector_env:make_arena_vector_env"),
    "metta/game-v0": ("mettagrid.gym_env:GymEnv", "mettagrid.vector_env:make_vector_env"),
}


def register_environments() -> None:
    """Make the ids known to `gymnasium.make` and `gymnasium.make_vec`; once is enough, twice does no harm.

    `metta/arena-v0` takes `num_agents` and `combat`; `metta/game-v0` takes `game`, a GameConfig of your own.
    """
    for name, (env, vector_env) in _ENTRY_POINTS.items():
        if name not in registry:
            register(name, entry_point=env, vector_entry_point=vector_env)
