"""What every task set has in common: it lists tasks, the same ones for the same seed."""

from abc import abstractmethod
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, SerializeAsAny

from metta.curriculum.task import Task
from metta.policy.named_config import NamedConfig
from mettagrid.config.game import GameConfig


class TaskSet(NamedConfig):
    """Base of the task sets; a new one is a file in this folder, or anywhere that a recipe imports."""

    what: ClassVar[str] = "task set"
    package: ClassVar[str] = "metta.curriculum.task_sets"

    @abstractmethod
    def tasks(self, game: GameConfig, seed: int) -> list[Task]:
        """Return the tasks, at least one, each with another label.

        Args:
            game: of `training_env`, for sets that have no game of their own.
            seed: of what is drawn.

        Raises:
            ValueError: one line: a path or a value that the game cannot have.
        """

    def to_curriculum(self, algorithm: Any = "uniform", **settings: Any) -> Any:
        """Return a `CurriculumConfig` with these tasks.

        Args:
            algorithm: its name or config.
            settings: other fields of the curriculum: score, full_score.
        """
        from metta.curriculum.config import CurriculumConfig  # noqa: PLC0415  (it holds task sets)

        return CurriculumConfig(tasks=self, algorithm=settings.pop("algorithm_config", algorithm), **settings)


def resolve_task_set(value: Any) -> Any:
    """Return the set that a value names; a game alone is a set of one task."""
    if isinstance(value, GameConfig):
        value = {"name": "single", "game": value}
    return TaskSet.resolve(value)


TaskSetField = Annotated[SerializeAsAny[TaskSet], BeforeValidator(resolve_task_set)]
"""Type of a config's field that holds a task set: its name, a config, a game, or a mapping with `name` and fields."""
