"""Merged: the tasks of several sets, or several games, each with a weight."""

from dataclasses import replace
from typing import Literal

from pydantic import Field, model_validator

from metta.curriculum.task import Task
from metta.curriculum.task_sets.task_set import TaskSet, TaskSetField
from mettagrid.config.game import GameConfig
from mettagrid.config.nearest import did_you_mean


class Merged(TaskSet):
    """The tasks of several sets side by side."""

    name: Literal["merged"] = "merged"
    """Name of this kind of set."""
    parts: dict[str, TaskSetField] = Field(
        min_length=1, description="Sets or games by name, in the order that `progressive` follows."
    )
    weights: dict[str, float] = Field(
        default_factory=dict,
        description="How often each part is drawn relative to the others, 1 if not named; its tasks divide it.",
    )

    @model_validator(mode="after")
    def _weights_fit(self) -> "Merged":
        for name, weight in self.weights.items():
            if name not in self.parts:
                raise ValueError(f"weights: there is no part {name!r}; {did_you_mean(name, self.parts)}")
            if not 0.0 < weight < float("inf"):
                raise ValueError(f"weights: {name} is {weight}, and must be above 0")
        return self

    def tasks(self, game: GameConfig, seed: int) -> list[Task]:
        """See `TaskSet.tasks`."""
        found: list[Task] = []
        for name, part in self.parts.items():
            try:
                tasks = part.tasks(game, seed)
            except ValueError as error:
                raise ValueError(f"parts.{name}: {error}") from None
            total = sum(task.weight for task in tasks)
            found += [
                replace(
                    task,
                    label=name if len(tasks) == 1 else f"{name}:{task.label}",
                    weight=self.weights.get(name, 1.0) * task.weight / total,
                    values={"part": name, **task.values},
                )
                for task in tasks
            ]
        return found
