"""Bucketed: a game in which numbers, names or maps take several values, and every combination is a task."""

from itertools import product
from math import prod
from typing import Any, Literal

import numpy as np
from pydantic import Field, field_validator

from metta.curriculum.task import Task
from metta.curriculum.task_sets.task_set import TaskSet
from mettagrid.config.distribution import Distribution
from mettagrid.config.game import GameConfig


class Bucketed(TaskSet):
    """Every combination of the values of all buckets, or as many drawn ones as `num_tasks` says.

    The tasks are in the order of `itertools.product`: the first bucket changes slowest.
    """

    name: Literal["bucketed"] = "bucketed"
    """Name of this kind of set."""
    game: GameConfig | None = Field(
        default=None, description="What the values are put into; none = training_env.game."
    )
    buckets: dict[str, list[Any] | Distribution] = Field(
        default_factory=dict,
        description="Values by dotted path into the game: a list, or a span such as Uniform(10, 50).",
    )
    span_values: int = Field(
        default=5,
        ge=2,
        le=1024,
        description="Into how many equally likely values a span is divided, at most.",
    )
    num_tasks: int = Field(
        default=256,
        ge=1,
        le=65536,
        description="Tasks at most; of more combinations, so many different ones are drawn by the seed.",
    )

    @field_validator("buckets")
    @classmethod
    def _not_empty(cls, buckets: dict[str, Any]) -> dict[str, Any]:
        for path, values in buckets.items():
            if isinstance(values, list) and not values:
                raise ValueError(f"{path} has no values")
        return buckets

    def add_bucket(self, path: str, values: Any) -> "Bucketed":
        """Add a bucket and return the set itself.

        Args:
            path: dotted path into the game.
            values: a list or a span.

        Raises:
            ValueError: the path has values already, or these are none.
        """
        if path in self.buckets:
            raise ValueError(f"{path} has values already")
        self.buckets = {**self.buckets, path: values}
        return self

    def tasks(self, game: GameConfig, seed: int) -> list[Task]:
        """See `TaskSet.tasks`."""
        base = self.game or game
        if not self.buckets:
            return [Task(base.name, base)]
        options = {path: self._values(path) for path in self.buckets}
        short = _short_names(list(self.buckets))
        return [self._task(base, options, short, places) for places in self._combinations(options, seed)]

    def _task(
        self, base: GameConfig, options: dict[str, list[Any]], short: dict[str, str], places: tuple[int, ...]
    ) -> Task:
        """The task that has, in each bucket, the value at its place."""
        chosen = {path: values[place] for (path, values), place in zip(options.items(), places, strict=True)}
        said = {
            short[path]: _said(value, place)
            for (path, value), place in zip(chosen.items(), places, strict=True)
        }
        label = ",".join(f"{name}={text}" for name, text in said.items())
        return Task(label, _changed(base, chosen), values=said)

    def _values(self, path: str) -> list[Any]:
        bucket = self.buckets[path]
        return bucket if isinstance(bucket, list) else bucket.values(self.span_values)

    def _combinations(self, options: dict[str, list[Any]], seed: int) -> list[tuple[int, ...]]:
        """Places of the values of each task."""
        sizes = [len(values) for values in options.values()]
        if prod(sizes) <= self.num_tasks:
            return list(product(*map(range, sizes)))
        rng, found = np.random.default_rng([seed % 2**64, len(sizes)]), set[tuple[int, ...]]()
        while len(found) < self.num_tasks:
            found.add(tuple(int(rng.integers(size)) for size in sizes))
        return sorted(found)


def _changed(game: GameConfig, values: dict[str, Any]) -> GameConfig:
    changed = game.model_copy(deep=True)
    try:
        return changed.override_all(values)
    except ValueError as error:
        raise ValueError(f"buckets: {error}") from None


def _short_names(paths: list[str]) -> dict[str, str]:
    """The ends of the paths, as short as tells them apart."""
    short = {}
    for path in paths:
        parts = path.split(".")
        ends = (".".join(parts[-count:]) for count in range(1, len(parts) + 1))
        others = [other for other in paths if other != path]
        short[path] = next(
            end for end in ends if end == path or not any(f".{other}".endswith(f".{end}") for other in others)
        )
    return short


def _said(value: Any, place: int) -> str:
    """A value in few letters; a map or another config by its place in the bucket."""
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value) if isinstance(value, int | str) else f"#{place}"
