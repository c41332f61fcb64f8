"""Pretended runs: tasks with known chances of success, and a curriculum that is told of them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from metta.curriculum.config import CurriculumConfig
from metta.curriculum.curriculum import Curriculum
from metta.curriculum.task import Task
from metta.rollout.records import EpisodeRecord
from tests.mettagrid.small_games import walking_game

GAME = walking_game()


def curriculum_of(num_tasks: int, algorithm: Any, seed: int = 0, **settings: Any) -> Curriculum:
    tasks = [Task(f"task_{number}", GAME) for number in range(num_tasks)]
    return Curriculum(CurriculumConfig(algorithm=algorithm, **settings), tasks, ["hearts"], seed)


def record(task: int, score: float, world: int = 0, index: int = 0, shortened: bool = False) -> EpisodeRecord:
    stats = np.full((2, 1), 7, np.int32)
    return EpisodeRecord(world, index, 10, np.full(2, score, np.float32), stats, shortened, game=task)


def pretend(
    curriculum: Curriculum,
    success: Callable[[int, int], float],
    epochs: int,
    worlds: int = 20,
    seed: int = 0,
    potential: Callable[[int], float] = lambda task: 0.0,
) -> np.ndarray:
    """Play an episode of each world in each epoch; returns how often each task was played.

    Args:
        curriculum: chooses.
        success: chance of success in a task that was played so often before.
        epochs: how many.
        worlds: how many.
        seed: of the successes.
        potential: mean |advantage| in a task.
    """
    rng, size = np.random.default_rng(seed), len(curriculum.tasks)
    played = np.zeros(size, int)
    for epoch in range(epochs):
        tasks = curriculum.choose(np.arange(worlds), np.full(worlds, epoch))
        records = []
        for world, task in enumerate(tasks.tolist()):
            records.append(record(task, float(rng.random() < success(task, int(played[task]))), world, epoch))
            played[task] += 1
        counts = np.bincount(tasks, minlength=size).astype(float)
        curriculum.end_epoch(records, counts * [potential(task) for task in range(size)], counts)
    return played
