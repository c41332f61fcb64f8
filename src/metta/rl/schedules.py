"""Settings that change while training: by agent-steps, by a metric, and passes by how far the policy moves."""

import math
from typing import Any, Literal

import torch
from pydantic import Field, model_validator

from metta.rl.ranks import mean_over_ranks
from mettagrid.config.base import Config
from mettagrid.config.nearest import did_you_mean


class ScheduleConfig(Config):
    """A number in the trainer's settings that changes: a weight, a coefficient, a share."""

    path: str = Field(min_length=1, description="below `trainer`, e.g. losses.distillation.weight")
    style: Literal["linear", "cosine", "metric"] = Field(
        default="linear", description="over agent-steps, in a line or half a cosine; or by a metric's value"
    )
    start: float = Field(allow_inf_nan=False, description="value at `begin`")
    end: float = Field(allow_inf_nan=False, description="value at `until` and after")
    begin: float = Field(
        default=0.0, allow_inf_nan=False, description="agent-steps (or the metric) at which `start` holds"
    )
    until: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="agent-steps (or the metric) at which `end` holds; none = total_timesteps",
    )
    metric: str | None = Field(
        default=None, description="name of the metric, e.g. episode/heart.gained or rollout/reward"
    )
    smoothing: float = Field(
        default=0.9, ge=0.0, lt=1.0, description="share of the old in the metric's running mean, per epoch"
    )

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "ScheduleConfig":
        if self.style == "metric" and (self.metric is None or self.until is None):
            raise ValueError(
                "a schedule by metric needs `metric`, and `until`: the value at which `end` holds"
            )
        if self.style != "metric" and self.metric is not None:
            raise ValueError(f"metric={self.metric} is for style=metric; style is {self.style}")
        if self.until == self.begin:
            raise ValueError(f"begin and until are both {self.begin}; there is no way between them")
        return self

    def value_at(self, place: float, total_timesteps: int) -> float:
        """Return the value at so many agent-steps, or at that value of the metric.

        start + (end - start) x, or start + (end - start) (1 - cos(pi x)) / 2, with x in 0..1 from begin to until.
        """
        until = total_timesteps if self.until is None else self.until
        way = min(1.0, max(0.0, (place - self.begin) / (until - self.begin)))
        if self.style == "cosine":
            way = 0.5 * (1.0 - math.cos(math.pi * way))
        return self.start + (self.end - self.start) * way


class UpdateEpochsConfig(Config):
    """Lets `update_epochs` rise while the policy moves little, and fall when it moves far."""

    target_kl: float = Field(
        default=0.015, gt=0.0, description="divergence of an epoch's updates that is aimed at"
    )
    tolerance: float = Field(default=0.3, ge=0.0, lt=1.0, description="relative; within it nothing changes")
    smallest: int = Field(default=1, ge=1, description="fewest passes")
    largest: int = Field(default=8, ge=1, description="most passes")
    epoch_interval: int = Field(default=5, ge=1, description="epochs over whose mean it decides")

    def next_count(self, count: int, divergence: float) -> int:
        """Return how many passes to make after `count` of them led to a divergence."""
        if divergence > self.target_kl * (1.0 + self.tolerance):
            count -= 1
        elif divergence < self.target_kl * (1.0 - self.tolerance):
            count += 1
        return min(self.largest, max(self.smallest, count))


def find_setting(root: Config, path: str) -> tuple[Config, str]:
    """Return the config that holds the number at a dotted path, and the name of its field.

    Raises:
        ValueError: one line: there is no such setting, or it is no number.
    """
    owner: Any = root
    *above, last = path.split(".")
    for depth, name in enumerate([*above, last]):
        known = owner if isinstance(owner, dict) else type(owner).model_fields
        if name not in known:
            where = ".".join(above[:depth]) or "trainer"
            raise ValueError(f"schedules: {path}: {where} has no {name!r}; {did_you_mean(name, known)}")
        value = owner[name] if isinstance(owner, dict) else getattr(owner, name)
        if depth < len(above):
            if not isinstance(value, Config | dict):
                raise ValueError(f"schedules: {path}: {'.'.join(above[: depth + 1])} has no parts")
            owner = value
        elif isinstance(owner, dict) or isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"schedules: {path} is not a number that can change")
    return owner, last


def check_schedule(root: Config, schedule: ScheduleConfig) -> None:
    """Refuse a schedule whose setting does not exist or could not have its first or last value.

    Raises:
        ValueError: one line.
    """
    owner, name = find_setting(root, schedule.path)
    for value in (schedule.start, schedule.end):
        number = _fitting(getattr(owner, name), value)
        try:
            type(owner).model_validate({**vars(owner), name: number})
        except ValueError as error:
            reason = str(error).split("[type=")[0].splitlines()[-1].strip()
            raise ValueError(f"schedules: {schedule.path} cannot be {number}: {reason}") from None


class Schedules:
    """Applies schedules to a trainer's settings, once per epoch.

    Args:
        schedules: what changes, and how.
        update_epochs: how passes are tuned; None = not.
        root: the trainer's settings, of which it is the only one to change anything.
        total_timesteps: agent-steps of the run.
    """

    def __init__(
        self,
        schedules: list[ScheduleConfig],
        update_epochs: UpdateEpochsConfig | None,
        root: Config,
        total_timesteps: int,
    ) -> None:
        self._schedules = [(schedule, *find_setting(root, schedule.path)) for schedule in schedules]
        self._tuning = update_epochs
        self._root: Any = root
        self._total = total_timesteps
        self._means: dict[str, float] = {}  # by the number of the schedule
        self._divergences: list[float] = []

    def apply(self, num_agent_steps: int) -> None:
        """Before an epoch: give every setting the value that it has now."""
        for number, (schedule, owner, name) in enumerate(self._schedules):
            place = num_agent_steps if schedule.style != "metric" else self._means.get(str(number))
            value = schedule.start if place is None else schedule.value_at(place, self._total)
            # Not validated again: two shares that trade places would be refused halfway.
            vars(owner)[name] = _fitting(getattr(owner, name), value)

    def note(self, metrics: dict[str, float]) -> None:
        """After an epoch: look at its metrics."""
        for number, (schedule, _, _) in enumerate(self._schedules):
            if schedule.metric in metrics:
                old, new = self._means.get(str(number)), metrics[schedule.metric]
                self._means[str(number)] = (
                    new if old is None else schedule.smoothing * old + (1.0 - schedule.smoothing) * new
                )
        if self._tuning is not None:
            self._tune(self._tuning, metrics)

    def state(self) -> dict[str, Any]:
        """Return what a resumed run needs, as JSON can hold it."""
        passes = self._root.update_epochs if self._tuning is not None else None
        return {"means": dict(self._means), "divergences": list(self._divergences), "update_epochs": passes}

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what `state` gave."""
        self._means, self._divergences = dict(state["means"]), list(state["divergences"])
        if self._tuning is not None and state["update_epochs"] is not None:
            self._root.update_epochs = state["update_epochs"]

    def _tune(self, tuning: UpdateEpochsConfig, metrics: dict[str, float]) -> None:
        found = [value for name, value in metrics.items() if name.endswith(".approx_kl")]
        if found:
            self._divergences.append(max(found))
        if len(self._divergences) >= tuning.epoch_interval:
            mean = sum(self._divergences) / len(self._divergences)
            agreed = mean_over_ranks(torch.tensor(mean, dtype=torch.float64)).item()
            self._root.update_epochs = tuning.next_count(self._root.update_epochs, agreed)
            self._divergences.clear()


def _fitting(old: Any, value: float) -> float:
    return round(value) if isinstance(old, int) else value
