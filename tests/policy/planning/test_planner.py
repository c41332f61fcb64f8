"""The planner looks at worlds through the rollout, and solves every named task within its budget."""

import pytest
import torch

from metta.policy.scripted.planner import make_policy
from metta.policy.uri import load_policy
from metta.rollout import Rollout, Seat
from mettagrid.batch import BatchEnv
from mettagrid.games.navigation import NAVIGATION_TASKS, make_navigation
from tests.policy.planning.boards import hearts_of
from tests.rl.fakes import EchoBatch


@pytest.mark.parametrize("task", NAVIGATION_TASKS)
def test_navigation_is_solved_within_the_budget(task):
    assert hearts_of("mock://planner", make_navigation(task)) == [NAVIGATION_TASKS[task].hearts]


def test_it_plays_its_rows_beside_others():
    env = BatchEnv(make_navigation("obstacles0"), num_worlds=3, num_maps=1)
    seats = [
        Seat(load_policy("mock://planner", env.spec), [0, 2]),
        Seat(load_policy("mock://noop", env.spec), [1]),
    ]
    rollout = Rollout(env, seats)
    rollout.reset(0)
    while not env.episode_ended.any():
        rollout.step()
    hearts = env.episode_stats[:, env.spec.stat_names.index("heart.gained")]
    assert hearts.tolist() == [3, 0, 3]


def test_it_needs_worlds_to_look_at():
    batch = EchoBatch(num_worlds=1)
    with pytest.raises(ValueError, match="looks at worlds; EchoBatch shows none"):
        Rollout(batch, [Seat(make_policy(batch.spec))])
    env = BatchEnv(make_navigation())
    env.reset(0)
    policy = make_policy(env.spec)
    with pytest.raises(ValueError, match="looks at the world at each step"):
        policy(
            torch.from_numpy(env.observations),
            torch.from_numpy(env.action_mask),
            policy.initial_state(1),
            torch.ones(1, dtype=torch.bool),
        )
