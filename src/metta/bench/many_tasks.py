"""What a curriculum costs: worlds that play sixteen games side by side, each episode another one, beside one game."""

from time import perf_counter, thread_time

import numpy as np

from metta.bench.table import Figure, ratio
from metta.curriculum.config import CurriculumConfig
from metta.curriculum.curriculum import Curriculum
from metta.curriculum.task import Task
from metta.rollout.records import EpisodeRecord
from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.config.game import GameConfig
from mettagrid.games.arena import ArenaNumbers

NUM_TASKS = 16
EPISODE_STEPS = 250
MANY = 100_000
"""Tasks of the curriculum whose own work is measured."""
_NUM_ACTION_ROWS = 16
_EPISODES = 512


def many_task_figures(num_worlds: int, seconds: float, repeats: int) -> list[Figure]:
    """Rates with one game and with sixteen, in turns on one thread, by its own clock; and a large curriculum's work.

    Args:
        num_worlds: of each batch; the agents act at random.
        seconds: of one measurement.
        repeats: measurements of each.
    """
    games = [_arena(energy) for energy in range(100, 100 + NUM_TASKS)]
    runs = {
        "one game": _Run(games[:1], num_worlds),
        f"{NUM_TASKS} games": _Run(games, num_worlds),
    }
    for run in runs.values():
        run.rate(seconds)
    rounds = [{name: run.rate(seconds) for name, run in runs.items()} for _ in range(repeats)]
    one, several = (
        Figure(f"arena, episodes of {EPISODE_STEPS}, {name}", tuple(rates[name] for rates in rounds))
        for name in runs
    )
    return [one, several, ratio("many games to one", several, one, "%", target=0.8), *_own_work(repeats)]


def _arena(energy: int) -> GameConfig:
    return make_arena(max_steps=EPISODE_STEPS, numbers=ArenaNumbers(initial_energy=energy))


class _Run:
    """A batch whose worlds get their next game from a curriculum, if there are several."""

    def __init__(self, games: list[GameConfig], num_worlds: int) -> None:
        self._env = BatchEnv(games, num_worlds, num_maps=1024 // len(games))
        tasks = [Task(str(number), game) for number, game in enumerate(games)]
        self._curriculum = Curriculum(CurriculumConfig(), tasks, self._env.spec.stat_names)
        self._episodes = np.zeros(num_worlds, np.int64)
        self._choose(np.arange(num_worlds))
        self._env.reset(0, desync=True)
        self._choose(np.arange(num_worlds))
        draw = np.random.default_rng(0).integers
        shape = (_NUM_ACTION_ROWS, self._env.num_rows)
        self._actions = draw(len(self._env.spec.action_names), size=shape, dtype=np.int32)

    def rate(self, seconds: float) -> float:
        """Agent-steps per second of the thread."""
        num_steps, began, elapsed = 0, thread_time(), 0.0
        while elapsed < seconds:
            self._env.step(self._actions[num_steps % _NUM_ACTION_ROWS])
            ended = np.flatnonzero(self._env.episode_ended)
            if ended.size:
                self._choose(ended)
            num_steps += 1
            elapsed = thread_time() - began
        return num_steps * self._env.num_rows / elapsed

    def _choose(self, worlds: np.ndarray) -> None:
        self._episodes[worlds] += 1
        if self._env.num_games > 1:
            self._env.next_games[worlds] = self._curriculum.choose(worlds, self._episodes[worlds])


def _own_work(repeats: int) -> list[Figure]:
    """Time that a curriculum of `MANY` tasks takes for an epoch of `_EPISODES` episodes, and to choose as many."""
    config = CurriculumConfig(algorithm="learning_progress")  # pyright: ignore[reportArgumentType]
    game = make_arena()
    curriculum = Curriculum(config, [Task(str(number), game) for number in range(MANY)], [])
    worlds, learned, chosen = np.arange(_EPISODES), [], []
    for epoch in range(repeats + 1):
        began = perf_counter()
        tasks = curriculum.choose(worlds, np.full(_EPISODES, epoch))
        chosen.append(1e6 * (perf_counter() - began) / _EPISODES)
        records = [
            EpisodeRecord(
                0, epoch, 1, np.ones(1, np.float32) * (task % 3), np.zeros((1, 0), np.int32), False, game=task
            )
            for task in tasks.tolist()
        ]
        began = perf_counter()
        curriculum.end_epoch(records, np.zeros(MANY), np.zeros(MANY))
        learned.append(1e3 * (perf_counter() - began))
    return [
        Figure(f"choosing one of {MANY:,} tasks", tuple(chosen[1:]), "us"),
        Figure(
            f"learning progress of {MANY:,} tasks, {_EPISODES} episodes", tuple(learned[1:]), "ms an epoch"
        ),
    ]
