"""Curriculum: the one state of a run that says which task each world plays next.

It lives in the process that learns; where several learn together, each has a copy that is told the same. Weights
change between epochs only: within an epoch, the task of a world's episode is a function of (seed, world, episode) and
of the weights at the epoch's beginning. So one process with all worlds and several with a part each choose the same.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from metta.curriculum.config import CurriculumConfig
from metta.curriculum.draws import uniform_shares
from metta.curriculum.sum_tree import SumTree
from metta.curriculum.task import Task
from metta.rollout.records import EpisodeRecord
from mettagrid.config.nearest import did_you_mean

RETURN = "return"
"""The score that every game has."""
MOST_TASKS_TOLD = 32
"""Tasks whose metrics are told one by one; of more tasks, those of their buckets."""
MOST_VALUES_TOLD = 16
"""Values of a bucket that are told; of more, none."""
_RECENT_RATE = 0.05
_SMALLEST_FULL_SCORE = 1e-6


class Curriculum:
    """Tasks, their weights, and what became of their episodes.

    Args:
        config: settings.
        tasks: in the order of the batch's games.
        stat_names: of the games, for `config.score`.
        seed: of the choices.

    Raises:
        ValueError: the score is no statistic.
    """

    def __init__(
        self,
        config: CurriculumConfig,
        tasks: Sequence[Task],
        stat_names: Sequence[str],
        seed: int = 0,
    ) -> None:
        if config.score != RETURN and config.score not in stat_names:
            hint = did_you_mean(config.score, [RETURN, *stat_names])
            raise ValueError(f"training_env.curriculum.score: there is no {config.score!r}; {hint}")
        self.config = config
        self.tasks = list(tasks)
        self.seed = seed
        self.algorithm = config.algorithm.build(len(self.tasks))
        self._stat = None if config.score == RETURN else list(stat_names).index(config.score)
        self._own_weights = np.array([task.weight for task in self.tasks])
        zeros = np.zeros(len(self.tasks))
        self._arrays = {name: zeros.copy() for name in ("episodes", "score", "best")}
        self._tree = SumTree(len(self.tasks))
        self._weigh()

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """float64 [n], how likely each task is for the next episode."""
        return self._tree.weights / self._tree.total

    def choose(self, worlds: NDArray[np.int64], episodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the tasks of some episodes of some worlds, by their numbers among all of a run; O(log n) each."""
        return self._tree.find(uniform_shares(self.seed, worlds, episodes))

    def end_epoch(
        self,
        episodes: Sequence[EpisodeRecord],
        potential_sums: NDArray[np.float64],
        potential_counts: NDArray[np.float64],
    ) -> None:
        """Learn from what the worlds of all processes did in an epoch, and weigh the tasks anew.

        O(log n) for each task whose weight changed; computing weights is O(n) once an epoch, without Python for each.

        Args:
            episodes: that ended, in one order on all processes; those that were cut to scatter the ends do not count.
            potential_sums: [n] sum of |advantage| over the agent-steps of the epoch in each task.
            potential_counts: [n] how many agent-steps those were, in the same unit.
        """
        for episode in episodes:
            if not episode.shortened:
                self._note(episode.game, self._score(episode))
        played = np.flatnonzero(potential_counts)
        self.algorithm.note_potentials(played, potential_sums[played] / potential_counts[played])
        self._weigh()

    def metrics(self) -> dict[str, float]:
        """Return `curriculum/...`: how many tasks are in play, and probability and score by task or by bucket."""
        chances, scores, episodes = self.probabilities, self._arrays["score"], self._arrays["episodes"]
        positive = chances[chances > 0.0]
        tried = episodes > 0
        metrics = {
            "curriculum/effective_tasks": float(np.exp(-(positive * np.log(positive)).sum())),
            "curriculum/tasks_tried": float(tried.sum()),
            "curriculum/score": float(scores[tried].mean()) if tried.any() else 0.0,
        }
        for name, tasks in self._groups.items():
            here = np.array(tasks)
            known = here[tried[here]]
            metrics[f"curriculum/{name}.probability"] = float(chances[here].sum())
            metrics[f"curriculum/{name}.episodes"] = float(episodes[here].sum())
            if len(known):
                metrics[f"curriculum/{name}.score"] = float(scores[known].mean())
        return metrics

    def tensors(self) -> dict[str, Tensor]:
        """Return everything that `restore` needs, copied."""
        return {name: torch.from_numpy(array.copy()) for name, array in self._all_arrays().items()}

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Go on where a curriculum with the same tasks and algorithm was.

        Raises:
            ValueError: the tensors are of other tasks or another algorithm.
        """
        arrays = self._all_arrays()
        wanted = {name: (array.shape, torch.float64) for name, array in arrays.items()}
        if wanted != {name: (tuple(tensor.shape), tensor.dtype) for name, tensor in tensors.items()}:
            raise ValueError("the state is of other tasks or of another algorithm")
        if not all(bool(tensor.isfinite().all()) for tensor in tensors.values()):
            raise ValueError("the state is damaged: it has numbers that are none")
        for name, array in arrays.items():
            array[:] = tensors[name].numpy()
        self._weigh()

    @property
    def _groups(self) -> dict[str, list[int]]:
        """Tasks by what metrics call them: each by itself, or by the values in its buckets."""
        if len(self.tasks) <= MOST_TASKS_TOLD:
            return {task.label: [number] for number, task in enumerate(self.tasks)}
        groups: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, task in enumerate(self.tasks):
            for name, value in task.values.items():
                groups[name][f"{name}={value}"].append(number)
        few = [found for found in groups.values() if len(found) <= MOST_VALUES_TOLD]
        return {name: tasks for found in few for name, tasks in found.items()}

    def _all_arrays(self) -> dict[str, NDArray[np.float64]]:
        of_algorithm = {f"algorithm.{name}": array for name, array in self.algorithm.arrays.items()}
        return {**self._arrays, **of_algorithm}

    def _score(self, episode: EpisodeRecord) -> float:
        values = episode.returns if self._stat is None else episode.stats[:, self._stat]
        return max(0.0, float(values.mean(dtype=np.float64)))

    def _full_scores(self) -> NDArray[np.float64]:
        if self.config.full_score is not None:
            return np.full(len(self.tasks), self.config.full_score)
        best = self._arrays["best"]
        return np.where(best > _SMALLEST_FULL_SCORE, best, 1.0)

    def _note(self, task: int, score: float) -> None:
        episodes, mean, best = (self._arrays[name] for name in ("episodes", "score", "best"))
        episodes[task] += 1
        best[task] = max(best[task], score)
        mean[task] += max(_RECENT_RATE, 1.0 / episodes[task]) * (score - mean[task])
        full = self.config.full_score or (best[task] if best[task] > _SMALLEST_FULL_SCORE else 1.0)
        self.algorithm.note_episode(task, score, float(full))

    def _weigh(self) -> None:
        share = self.config.algorithm.uniform_share
        weights = self.algorithm.weights(self._full_scores()) * self._own_weights
        total = weights.sum()
        uniform = self._own_weights / self._own_weights.sum()
        mixed = uniform if total <= 0.0 else (1.0 - share) * weights / total + share * uniform
        changed = np.flatnonzero(mixed != self._tree.weights)
        if len(changed) * max(1, len(self.tasks).bit_length()) < len(self.tasks):
            self._tree.set(changed, mixed[changed])
        else:
            self._tree.set_all(mixed)
