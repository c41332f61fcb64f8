"""Distributions of a number, as a list of equally likely values: what is drawn anew for each episode, pair or map."""

from statistics import NormalDist
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from mettagrid.rules.word import Word

Number = int | float
_GRID = 4096


def quantile_points(count: int) -> np.ndarray:
    """The middles of `count` equal parts of 0..1."""
    return (np.arange(count) + 0.5) / count


class _Bounded(Word):
    """A distribution between two limits."""

    @model_validator(mode="after")
    def _check_limits(self) -> "_Bounded":
        low, high = getattr(self, "low", 0), getattr(self, "high", None)
        if high is not None and low > high:
            raise ValueError(f"low {low} is above high {high}")
        return self


class Uniform(_Bounded):
    """Every number from `low` to `high` is equally likely; whole numbers if both are."""

    op: Literal["uniform"] = Field("uniform", init=False)
    low: Number
    """The least."""
    high: Number
    """The most, included."""

    def values(self, count: int) -> list[Number]:
        """At most `count` equally likely values, ascending; every whole number of the range if that many are enough."""
        if isinstance(self.low, int) and isinstance(self.high, int):
            number = self.high - self.low + 1
            if number <= count:
                return list(range(self.low, self.high + 1))
            return [self.low + int(point * number) for point in quantile_points(count)]
        return [float(self.low + point * (self.high - self.low)) for point in quantile_points(count)]


class LogUniform(_Bounded):
    """The logarithm is uniform: as likely between 1 and 10 as between 10 and 100."""

    op: Literal["log_uniform"] = Field("log_uniform", init=False)
    low: Annotated[float, Field(gt=0)]
    """The least."""
    high: Annotated[float, Field(gt=0)]
    """The most."""

    def values(self, count: int) -> list[Number]:
        """`count` equally likely values, ascending."""
        return [float(self.low * (self.high / self.low) ** point) for point in quantile_points(count)]


class Normal(_Bounded):
    """A bell curve, cut off at its limits."""

    op: Literal["normal"] = Field("normal", init=False)
    mean: float
    """The middle, before it is cut off."""
    std: Annotated[float, Field(gt=0)]
    """Standard deviation, before it is cut off."""
    low: float = float("-inf")
    """The least."""
    high: float = float("inf")
    """The most."""

    def values(self, count: int) -> list[Number]:
        """`count` equally likely values, ascending."""
        bell = NormalDist(self.mean, self.std)
        first, last = (
            bell.cdf(limit) if np.isfinite(limit) else float(limit > 0) for limit in (self.low, self.high)
        )
        inside = first + quantile_points(count) * (last - first)
        return [min(max(bell.inv_cdf(min(max(p, 1e-12), 1 - 1e-12)), self.low), self.high) for p in inside]


class Beta(_Bounded):
    """Between `low` and `high`, with most of it near either end or in the middle, as `a` and `b` say."""

    op: Literal["beta"] = Field("beta", init=False)
    a: Annotated[float, Field(gt=0)]
    """Weight of the upper end."""
    b: Annotated[float, Field(gt=0)]
    """Weight of the lower end."""
    low: float = 0.0
    """The least."""
    high: float = 1.0
    """The most."""

    def values(self, count: int) -> list[Number]:
        """`count` equally likely values, ascending; the density is summed up on a grid."""
        edges = np.linspace(0, 1, _GRID + 1)
        middles = (edges[:-1] + edges[1:]) / 2
        log_density = (self.a - 1) * np.log(middles) + (self.b - 1) * np.log1p(-middles)
        mass = np.concatenate([[0.0], np.cumsum(np.exp(log_density - log_density.max()))])
        inside = np.interp(quantile_points(count), mass / mass[-1], edges)
        return [float(self.low + value * (self.high - self.low)) for value in inside]


class Exponential(_Bounded):
    """Mostly small, seldom large, cut off at `high`."""

    op: Literal["exponential"] = Field("exponential", init=False)
    mean: Annotated[float, Field(gt=0)]
    """The mean, before it is cut off."""
    high: Annotated[float, Field(gt=0)]
    """The most."""

    def values(self, count: int) -> list[Number]:
        """`count` equally likely values, ascending."""
        most = 1 - np.exp(-self.high / self.mean)
        return [float(-self.mean * np.log1p(-point * most)) for point in quantile_points(count)]


class Choice(Word):
    """One of some values: numbers, or names."""

    op: Literal["choice"] = Field("choice", init=False)
    options: Annotated[list[Number | str], Field(min_length=1)]
    """What can come."""
    weights: list[Annotated[float, Field(gt=0)]] | None = None
    """How likely each is, relative to the others; None for equally likely. Kept to one part in `count`."""

    @model_validator(mode="after")
    def _check_weights(self) -> "Choice":
        if self.weights is not None and len(self.weights) != len(self.options):
            raise ValueError(f"weights: {len(self.weights)} weights for {len(self.options)} options")
        return self

    def values(self, count: int) -> list[Number | str]:
        """At most `count` equally likely values: options are repeated by their weights, each at least once."""
        if self.weights is None:
            return list(self.options)
        ends = np.cumsum(self.weights) / sum(self.weights)
        points = quantile_points(max(1, count - len(self.options)))
        drawn = [self.options[int(index)] for index in np.searchsorted(ends, points)]
        return drawn + [option for option in self.options if option not in drawn]


Distribution = Annotated[
    Uniform | LogUniform | Normal | Beta | Exponential | Choice, Field(discriminator="op")
]
