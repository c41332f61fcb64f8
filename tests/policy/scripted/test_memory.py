"""A script that looks on while somebody else acts, as a teacher does, still knows where things are."""

import numpy as np
import pytest
import torch

from metta.policy.scripted.memory import Memory
from metta.policy.uri import load_policy
from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena


def remembered(env: BatchEnv, num_steps: int):
    """Acts by chance; yields the script's memory of each step with the worlds that it is about."""
    policy, rng = load_policy("mock://scripted", env.spec, "cpu"), np.random.default_rng(0)
    state, resets = policy.initial_state(env.num_rows), torch.ones(env.num_rows, dtype=torch.bool)
    for _ in range(num_steps):
        seen, mask = torch.from_numpy(env.observations), torch.from_numpy(env.action_mask)
        state = policy(seen, mask, state, resets).state
        resets = torch.zeros_like(resets)
        yield Memory.unpack(state, policy.num_places, policy.height, policy.width)
        scores = rng.random(env.action_mask.shape) * env.action_mask
        env.step(scores.argmax(-1).astype(np.int32))


def test_it_remembers_places_where_they_are_though_it_is_not_obeyed() -> None:
    env = BatchEnv(make_arena(num_agents=1, combat=False), num_worlds=8)
    env.reset(3)
    num_places = 0
    for memory in remembered(env, 80):
        worlds = [env.world(world) for world in range(env.num_worlds)]
        last = [
            (divmod(int(world.cells[0]), world.width), memory.stations[row])
            for row, world in enumerate(worlds)
        ]
        for world, (here, stations) in zip(worlds, last, strict=True):
            things = {
                divmod(cell, world.width)
                for kind, cell in zip(world.kinds.tolist(), world.cells.tolist(), strict=True)
                if kind > 1
            }
            for row, column, is_known in stations.tolist():
                if is_known:
                    num_places += 1
                    assert (here[0] + int(row), here[1] + int(column)) in things
    assert num_places > 1000


@pytest.mark.parametrize(
    ("meant", "tried", "believed"),
    [
        (2, 2, 2),  # obeyed
        (2, 0, 0),  # stayed instead
        (2, 4, 4),  # went elsewhere
        (0, 3, 3),  # went instead of staying
        (6, 2, 6),  # meant to do something by a step that way, and it was this step
        (6, 0, 6),  # meant to do something that way, and no step was made
        (6, 1, 1),
    ],
)
def test_the_step_that_was_tried_counts(meant: int, tried: int, believed: int) -> None:
    memory = Memory.unpack(torch.zeros(1, Memory.size(1, 3, 3)), 1, 3, 3)
    memory.last_move = torch.tensor([float(meant)])
    memory.note_disobedience(torch.tensor([tried]))
    assert memory.last_move.tolist() == [float(believed)]
