"""TaskChoice: between a trainer and its curriculum, which it tells after each epoch who played what and how."""

from collections.abc import Sequence

import numpy as np
import torch

from metta.curriculum.curriculum import Curriculum
from metta.rl.experience import Experience
from metta.rl.ranks import mean_over_ranks
from metta.rollout.records import EpisodeRecord
from metta.rollout.rollout import Rollout


class TaskChoice:
    """Lets a curriculum choose what the worlds of a rollout play.

    Args:
        curriculum: is told of everything, and asked.
        rollout: not reset yet.
    """

    def __init__(self, curriculum: Curriculum, rollout: Rollout) -> None:
        self.curriculum = curriculum
        self._rollout = rollout
        self._played: list[np.ndarray] = []  # [W] in each step of the epoch
        rollout.game_chooser = curriculum.choose

    def note_step(self) -> None:
        """Before a step: note what is played in it."""
        self._played.append(self._rollout.env.games.copy())

    def end_epoch(self, episodes: Sequence[EpisodeRecord], experience: Experience) -> dict[str, float]:
        """Tell the curriculum of the epoch, the same on all ranks; returns its metrics.

        Args:
            episodes: of all ranks.
            experience: of this rank, with the advantages of the epoch's last pass.
        """
        sums, counts = mean_over_ranks(self._potentials(experience)).numpy()
        self._played.clear()
        self.curriculum.end_epoch(episodes, sums, counts)
        self._rollout.choose_next_games()
        return self.curriculum.metrics()

    def _potentials(self, experience: Experience) -> torch.Tensor:
        """Sum of |advantage| and number of agent-steps in each task, float64 [2, tasks]."""
        agents, size = self._rollout.env.num_agents, len(self.curriculum.tasks)
        tasks = torch.from_numpy(np.stack(self._played)).long().repeat_interleave(agents, dim=1)  # [T, N]
        alive = experience.steps.alive.cpu().double()
        sizes = experience.advantages.cpu().double().abs().nan_to_num()  # what is no number, the guard tells
        values = torch.stack([sizes * alive, alive])
        totals = torch.zeros(2, size, dtype=torch.float64)
        return totals.index_add_(1, tasks.flatten(), values.flatten(1))
