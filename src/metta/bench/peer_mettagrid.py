"""The other side of `metta bench sim --vs mettagrid`: mettagrid's arena, stepped on command.

Run as a file by the interpreter that has mettagrid installed, it imports nothing of ours. It prints a line of
JSON that describes itself, then for each line `{"seconds": S}` on stdin one with `agent_steps`, `seconds` and
`tokens_used`; the end of stdin ends it. The C++ step and the copy of its actions are timed, nothing else.
"""

import importlib
import importlib.metadata
import json
import os
import sys
import time
from typing import Any

import numpy as np

# By name, because these are the peer's, not those of our package of the same name.
envs: Any = importlib.import_module("mettagrid.builder.envs")
simulator: Any = importlib.import_module("mettagrid.simulator")

NUM_AGENTS = 24
NUM_TOKENS = 200
VIEW = 11
NUM_ACTION_ROWS = 1024  # pre-generated rows of random actions, used in turn
STEPS_PER_CLOCK = 16


def build_config() -> Any:
    """The arena with combat as we compare it: 24 agents, 11x11 view, 200 tokens, 25x25 inner map."""
    config = envs.make_arena(num_agents=NUM_AGENTS, combat=True)
    config.game.obs.width = VIEW
    config.game.obs.height = VIEW
    config.game.obs.num_tokens = NUM_TOKENS
    config.game.max_steps = 10**9  # no reset is ever timed
    return config


def pin_to(core: int) -> None:
    """Stay on one core, where the system can do that."""
    if core >= 0 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def measure(simulation: Any, rows: np.ndarray, first: int, seconds: float) -> tuple[int, float]:
    """Step for about `seconds`; returns how many steps were made and how long they took."""
    core = simulation._c_sim  # the C++ step itself, without the Python around it
    actions = core.actions()
    step, num_rows = core.step, len(rows)
    count, begin = 0, time.perf_counter()
    while True:
        for index in range(first + count, first + count + STEPS_PER_CLOCK):
            actions[:] = rows[index % num_rows]
            step()
        count += STEPS_PER_CLOCK
        elapsed = time.perf_counter() - begin
        if elapsed >= seconds:
            return count, elapsed


def main() -> None:
    """Answer the lines on stdin."""
    pin_to(int(sys.argv[1]))
    simulation = simulator.Simulation(build_config(), seed=0)
    num_actions = len(simulation.action_names)
    rows = np.random.default_rng(0).integers(num_actions, size=(NUM_ACTION_ROWS, NUM_AGENTS), dtype=np.int32)
    observations = simulation._c_sim.observations()
    hello = {
        "name": "mettagrid",
        "version": importlib.metadata.version("mettagrid"),
        "python": sys.version.split()[0],
        "num_agents": simulation.num_agents,
        "num_actions": num_actions,
        "observation_shape": list(observations.shape),
        "map": [simulation.map_height, simulation.map_width],
    }
    print(json.dumps(hello), flush=True)
    steps = 0
    for line in sys.stdin:
        count, elapsed = measure(simulation, rows, steps, json.loads(line)["seconds"])
        steps += count
        used = float((observations[:, :, 0] != 255).sum(axis=1).mean())
        answer = {"agent_steps": count * NUM_AGENTS, "seconds": elapsed, "tokens_used": used}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
