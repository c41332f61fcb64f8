"""CurriculumConfig: which tasks there are, how an episode is scored, and who says what is played next."""

from pydantic import Field, field_validator

from metta.curriculum.algorithms.algorithm import AlgorithmField
from metta.curriculum.task import Task
from metta.curriculum.task_sets.task_set import TaskSetField
from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig


class CurriculumConfig(Config):
    """A run with many tasks: a world that ends an episode gets its next task from the algorithm."""

    tasks: TaskSetField = Field(
        default="single",  # pyright: ignore[reportAssignmentType]  (resolved like any other value)
        validate_default=True,
        description="Which tasks there are: single, merged, bucketed, levels, random_rules.",
    )
    algorithm: AlgorithmField = Field(
        default="uniform",  # pyright: ignore[reportAssignmentType]
        validate_default=True,
        description="How often each is played: uniform, learning_progress, prioritized_regress, progressive, "
        "prioritized_level_replay.",
    )
    score: str = Field(
        default="return",
        description="What scores an episode: return, or a statistic such as heart.gained; the mean of the agents.",
    )
    full_score: float | None = Field(
        default=None,
        gt=0.0,
        allow_inf_nan=False,
        description="The score that counts as 1 in every task; none = in each task its best episode so far.",
    )

    @field_validator("tasks", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        """Games by name are a merged set."""
        if isinstance(value, dict) and value and "name" not in value:
            return {"name": "merged", "parts": value}
        return value

    def list_tasks(self, game: GameConfig, seed: int) -> list[Task]:
        """Return the tasks; see `TaskSet.tasks`.

        Raises:
            ValueError: one line: what cannot be, or two tasks of one label.
        """
        tasks = self.tasks.tasks(game, seed)
        labels = [task.label for task in tasks]
        if len(set(labels)) < len(labels):
            twice = next(label for label in labels if labels.count(label) > 1)
            raise ValueError(f"two tasks are called {twice!r}")
        return tasks
