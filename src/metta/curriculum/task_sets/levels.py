"""Levels: one game on many drawn maps, each of which is a task. What prioritised level replay was made for."""

from typing import Literal

from pydantic import Field

from metta.curriculum.task import Task
from metta.curriculum.task_sets.task_set import TaskSet
from mettagrid.config.game import GameConfig


class Levels(TaskSet):
    """So many maps of one game; the game is compiled once."""

    name: Literal["levels"] = "levels"
    """Name of this kind of set."""
    game: GameConfig | None = Field(default=None, description="Which game; none = training_env.game.")
    num_levels: int = Field(default=200, ge=1, le=65536, description="How many maps are drawn.")

    def tasks(self, game: GameConfig, seed: int) -> list[Task]:
        """See `TaskSet.tasks`."""
        own = self.game or game
        return [Task(f"level_{number}", own, num_maps=1) for number in range(self.num_levels)]
