"""What new maps cost: navigation in short episodes whose maps another process builds, beside the same on one map."""

from time import perf_counter

import numpy as np

from metta.bench.machine import on_cores, usable_cores
from metta.bench.table import Figure, ratio
from mettagrid.batch import BatchEnv
from mettagrid.games.navigation import make_navigation

EPISODE_STEPS = 250
SIDE = 50
NUM_MAPS = 64
_NUM_ACTION_ROWS = 16


def fresh_map_figures(num_worlds: int, seconds: float, repeats: int) -> list[Figure]:
    """Rates with one map and with new ones, measured in turns on one thread, and their ratio.

    Args:
        num_worlds: of each batch; the agents walk at random.
        seconds: of one measurement.
        repeats: measurements of each.
    """
    game = make_navigation(max_steps=EPISODE_STEPS)
    game = game.model_copy().override_all({"map.height": SIDE, "map.width": SIDE})
    batches = {
        "one map": BatchEnv(game, num_worlds, num_maps=1),
        "new maps": BatchEnv(game, num_worlds, num_maps=NUM_MAPS, renew_maps=EPISODE_STEPS),
    }
    for env in batches.values():
        env.reset(0, desync=True)
        _rate(env, seconds)
    rounds = [{name: _rate(env, seconds) for name, env in batches.items()} for _ in range(repeats)]
    figures = {
        name: Figure(f"navigation, {SIDE}x{SIDE}, {name}", tuple(rates[name] for rates in rounds))
        for name in batches
    }
    compared = ratio("new maps to one map", figures["new maps"], figures["one map"], "%", target=0.85)
    return [*figures.values(), compared]


def _rate(env: BatchEnv, seconds: float) -> float:
    """Agent-steps per second."""
    draw = np.random.default_rng(0).integers
    actions = [
        draw(len(env.spec.action_names), size=env.num_rows, dtype=np.int32) for _ in range(_NUM_ACTION_ROWS)
    ]
    num_steps, began, elapsed = 0, perf_counter(), 0.0
    with on_cores(usable_cores()[:1]):
        while elapsed < seconds:
            env.step(actions[num_steps % _NUM_ACTION_ROWS])
            num_steps += 1
            elapsed = perf_counter() - began
    return num_steps * env.num_rows / elapsed
