"""The planner looks at worlds through the rollout, and solves every named task within its budget."""

from collections.abc import Callable

import pytest
import torch

from metta.policy.scripted.planner import make_policy
from metta.policy.uri import load_policy
from metta.rollout import Rollout, Seat
from metta.sim.simulate import map_seed
from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.in_context_chain import CHAIN_TASKS, make_in_context_chain
from mettagrid.games.memory import MEMORY_TASKS, make_memory
from mettagrid.games.navigation import NAVIGATION_TASKS, make_navigation
from mettagrid.games.navigation_sequence import SEQUENCE_TASKS, make_navigation_sequence
from mettagrid.games.object_use import OBJECT_TASKS, make_object_use
from mettagrid.maps import AsciiMap
from mettagrid.tasks import Task
from tests.policy.planning.boards import hearts_of
from tests.rl.fakes import EchoBatch

SUITES: dict[str, tuple[Callable[..., GameConfig], dict[str, Task]]] = {
    "navigation": (make_navigation, NAVIGATION_TASKS),
    "navigation_sequence": (make_navigation_sequence, SEQUENCE_TASKS),
    "memory": (make_memory, MEMORY_TASKS),
    "object_use": (make_object_use, OBJECT_TASKS),
}
ALL = [(suite, name) for suite, (_, tasks) in SUITES.items() for name in tasks]
NUM_MAPS = 6


@pytest.mark.parametrize(("suite", "name"), ALL)
def test_every_task_is_solved_within_its_budget(suite, name):
    """On its drawing, or on some of the maps that an evaluation with seed 0 generates."""
    make, tasks = SUITES[suite]
    game, task = make(name), tasks[name]
    num_maps = 1 if isinstance(game.map, AsciiMap) else NUM_MAPS
    found = hearts_of("mock://planner", game, num_worlds=num_maps, map_seed=map_seed(0))
    for world in range(num_maps):
        agents = found[world * game.num_agents : (world + 1) * game.num_agents]
        assert sum(agents) == task.hearts * game.num_agents


@pytest.mark.parametrize("name", CHAIN_TASKS)
def test_orders_can_be_repeated_within_the_budget(name):
    """Whoever knows the order makes several hearts: there is time to find it out, and to use what was found."""
    hearts = hearts_of("mock://planner", make_in_context_chain(task=name), num_worlds=4, map_seed=map_seed(0))
    assert min(hearts) >= 2


def test_the_suites_are_as_large_as_the_originals():
    assert {suite: len(tasks) for suite, (_, tasks) in SUITES.items()} == {
        "navigation": 25,
        "navigation_sequence": 17,
        "memory": 26,
        "object_use": 14,
    }


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
