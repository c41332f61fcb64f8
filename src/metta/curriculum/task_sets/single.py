"""Single: one game."""

from typing import Literal

from pydantic import Field

from metta.curriculum.task import Task
from metta.curriculum.task_sets.task_set import TaskSet
from mettagrid.config.game import GameConfig


class Single(TaskSet):
    """One task."""

    name: Literal["single"] = "single"
    """Name of this kind of set."""
    game: GameConfig | None = Field(default=None, description="Which game; none = training_env.game.")

    def tasks(self, game: GameConfig, seed: int) -> list[Task]:
        """See `TaskSet.tasks`."""
        own = self.game or game
        return [Task(own.name, own)]
