"""The ladder of the comparison: what its tasks are."""

import numpy as np

from mettagrid.batch import BatchEnv
from recipes.experiment.curricula import MAX_STEPS, NUM_TASKS, make_task, train


def test_each_task_begins_one_use_farther_from_the_heart():
    env = BatchEnv(
        [make_task(uses) for uses in range(1, NUM_TASKS + 1)], num_worlds=50 * NUM_TASKS, num_maps=16
    )
    env.next_games[:] = np.arange(env.num_worlds) % NUM_TASKS
    env.reset(0)
    item = env.spec.variable_names.index("item")
    begun = [int(env.world(world).variables[0, item]) for world in range(NUM_TASKS)]
    assert begun == list(range(NUM_TASKS - 1, -1, -1))
    rng = np.random.default_rng(0)
    for _ in range(MAX_STEPS):
        env.step(rng.integers(0, 5, env.num_rows, dtype=np.int32))
    chance = (env.episode_return.reshape(50, NUM_TASKS) > 0).mean(axis=0)
    assert chance[0] > 0.2 and chance[0] > 2 * chance[1] and chance[3:].max() < 0.1


def test_the_recipe_takes_any_algorithm():
    tool = train("progressive")
    assert tool.training_env.curriculum.algorithm.name == "progressive"
    labels = [task.label for task in tool.training_env.list_tasks(0)]
    assert labels == [f"uses_{uses}" for uses in range(1, NUM_TASKS + 1)]
