"""A short arena episode to draw."""

import numpy as np

from mettagrid.builder.envs import make_arena
from mettagrid.replay import Origin, Replay, ReplayRecorder


def record(num_ticks: int = 60, seed: int = 3) -> Replay:
    """Random actions of four agents."""
    game = make_arena(
        num_agents=4, size=(14, 20), stations={"generator_red": 2, "generator_blue": 2}, num_walls=3
    )
    origin = Origin(game.model_copy(update={"max_steps": num_ticks}), seed, num_maps=1, policy="random")
    env = origin.start()
    rng = np.random.default_rng(seed)
    recorder = ReplayRecorder(env, origin)
    while not recorder.is_finished:
        env.actions[:] = rng.integers(0, len(env.spec.action_names), env.num_rows)
        env.step()
        recorder.record(env.actions)
    return recorder.replay()


REPLAY = record()
