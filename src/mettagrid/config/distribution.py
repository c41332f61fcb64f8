"""Distributions: numbers (or names) that are drawn, as small configs.

The core draws from a table of equally likely values. So a distribution is known by `values(count)`: its quantiles, at
most that many of them, each as likely as the others. Knows nothing of what is drawn.
"""

from math import exp, inf, log, log1p
from statistics import NormalDist
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from mettagrid.rules.word import Word

Number = int | Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]

_LEAST_MASS = 1e-12
"""Part of a normal distribution that must lie between its ends: below, rounding errors would draw the numbers."""
_BETA_POINTS = 65537
_BETA_REACH = 40.0
"""The grid on which a beta distribution is summed up: what lies beyond it has a probability of about exp(-40)."""


class _Continuous(Word):
    """A distribution that can say its quantiles."""

    def quantile(self, share: float) -> float:
        """The value below which that share (0..1) of all draws lies."""
        raise NotImplementedError

    def values(self, count: int) -> list[int | float]:
        """At most `count` equally likely values: the quantiles at (i + 0.5) / count."""
        return [self.quantile((i + 0.5) / count) for i in range(count)]


class Uniform(_Continuous):
    """Every number from `low` to `high` is equally likely: whole numbers if both ends are, else any."""

    op: Literal["uniform"] = Field("uniform", init=False)
    low: Number
    """Smallest value."""
    high: Number
    """Largest value."""

    @model_validator(mode="after")
    def _check(self) -> "Uniform":
        _check_ends(self.low, self.high)
        return self

    def quantile(self, share: float) -> int | float:
        """The value below which that share (0..1) of all draws lies."""
        if isinstance(self.low, int) and isinstance(self.high, int):
            return min(self.high, self.low + int(share * (self.high - self.low + 1)))
        return self.low + share * (self.high - self.low)

    def values(self, count: int) -> list[int | float]:
        """At most `count` equally likely values: all of a range of up to n whole numbers, else quantiles."""
        if isinstance(self.low, int) and isinstance(self.high, int) and self.high - self.low < count:
            return list(range(self.low, self.high + 1))
        return super().values(count)


class LogUniform(_Continuous):
    """The logarithm is uniform: 1 to 10 is as likely as 10 to 100."""

    op: Literal["log_uniform"] = Field("log_uniform", init=False)
    low: Positive
    """Smallest value, above 0."""
    high: Positive
    """Largest value."""

    @model_validator(mode="after")
    def _check(self) -> "LogUniform":
        _check_ends(self.low, self.high)
        return self

    def quantile(self, share: float) -> float:
        """The value below which that share (0..1) of all draws lies."""
        return _between(exp(log(self.low) + share * (log(self.high) - log(self.low))), self.low, self.high)


class Normal(_Continuous):
    """A normal distribution without what lies below `low` and above `high`."""

    op: Literal["normal"] = Field("normal", init=False)
    mean: Number
    """Mean of the whole distribution."""
    std: Positive
    """Standard deviation of the whole distribution."""
    low: Number | None = None
    """Smallest value that is drawn; None for no limit."""
    high: Number | None = None
    """Largest value that is drawn; None for no limit."""

    @model_validator(mode="after")
    def _check(self) -> "Normal":
        low, high = self._ends()
        _check_ends(low, high)
        if self._mass() < _LEAST_MASS and low != high:
            raise ValueError(f"next to nothing of it lies between {low} and {high}: move the mean nearer")
        return self

    def quantile(self, share: float) -> float:
        """The value below which that share (0..1) of all draws lies."""
        low, high = self._ends()
        sign, bottom, top = self._tail()
        part = bottom + (share if sign > 0 else 1 - share) * (top - bottom)
        if not 0 < part < 1:
            return low if share < 0.5 else high
        return _between(self.mean + sign * self.std * NormalDist().inv_cdf(part), low, high)

    def _ends(self) -> tuple[float, float]:
        low = -inf if self.low is None else self.low
        return low, inf if self.high is None else self.high

    def _mass(self) -> float:
        _, bottom, top = self._tail()
        return top - bottom

    def _tail(self) -> tuple[int, float, float]:
        """Sign and cumulated ends: the lower tail is exact to many digits, so the upper one is read mirrored."""
        low, high = ((end - self.mean) / self.std for end in self._ends())
        sign = 1 if low <= 0 else -1
        bottom, top = sorted((sign * low, sign * high))
        return sign, NormalDist().cdf(bottom), NormalDist().cdf(top)


class Beta(_Continuous):
    """A beta distribution, stretched from `low` to `high`: a = b = 1 is uniform, below 1 favours the ends."""

    op: Literal["beta"] = Field("beta", init=False)
    a: Annotated[float, Field(ge=0.05, le=1000)]
    """The larger, the nearer to `high`."""
    b: Annotated[float, Field(ge=0.05, le=1000)]
    """The larger, the nearer to `low`."""
    low: Number = 0
    """Smallest value."""
    high: Number = 1
    """Largest value."""

    @model_validator(mode="after")
    def _check(self) -> "Beta":
        _check_ends(self.low, self.high)
        return self

    def quantile(self, share: float) -> float:
        """The value below which that share (0..1) of all draws lies."""
        return self._at(np.array([share]))[0]

    def values(self, count: int) -> list[int | float]:
        """At most `count` equally likely values: the quantiles at (i + 0.5) / count."""
        return self._at((np.arange(count) + 0.5) / count)

    def _at(self, shares: np.ndarray) -> list[int | float]:
        """Quantiles by summing the density of t = log(x / (1 - x)): x^a (1 - x)^b, which is nowhere infinite."""
        t = np.linspace(-_BETA_REACH / min(1.0, self.a), _BETA_REACH / min(1.0, self.b), _BETA_POINTS)
        logs = -self.a * np.logaddexp(0, -t) - self.b * np.logaddexp(0, t)
        density = np.exp(logs - logs.max())
        sums = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
        x = np.exp(-np.logaddexp(0, -np.interp(shares, sums / sums[-1], t)))
        return (self.low + x * (self.high - self.low)).tolist()


class Exponential(_Continuous):
    """An exponential distribution from 0 without what lies above `high`: mostly little, seldom much."""

    op: Literal["exponential"] = Field("exponential", init=False)
    mean: Positive
    """Mean of the whole distribution."""
    high: Positive
    """Largest value that is drawn."""

    def quantile(self, share: float) -> float:
        """The value below which that share (0..1) of all draws lies."""
        return _between(-self.mean * log1p(-share * (1 - exp(-self.high / self.mean))), 0.0, self.high)


class Choice(Word):
    """One of several numbers or names, each as likely as the others or by its weight."""

    op: Literal["choice"] = Field("choice", init=False)
    options: Annotated[list[Number | str], Field(min_length=1)]
    """What is drawn from: numbers, or names where a name is meant."""
    weights: list[Positive] | None = None
    """How likely each is, relative to the others; None for all alike."""

    @model_validator(mode="after")
    def _check(self) -> "Choice":
        if self.weights is not None and len(self.weights) != len(self.options):
            raise ValueError(f"{len(self.weights)} weights for {len(self.options)} options")
        return self

    def values(self, count: int) -> list[int | float | str]:
        """At most `count` equally likely values: every option at least once, and as often as its weight says.

        Whole weights that add up to `count` or less are kept exactly; others are rounded to `count` values.

        Raises:
            ValueError: there are more options than `count`.
        """
        if len(self.options) > count:
            raise ValueError(f"options: {len(self.options)} options, at most {count} fit")
        counts = [1] * len(self.options) if self.weights is None else _counts(self.weights, count)
        return [option for option, number in zip(self.options, counts, strict=True) for _ in range(number)]


Distribution = Annotated[
    Uniform | LogUniform | Normal | Beta | Exponential | Choice, Field(discriminator="op")
]
"""Any distribution; `op` tells which."""


def numbers(distribution: Distribution, count: int) -> list[int | float]:
    """At most `count` equally likely numbers; ValueError if the distribution draws names."""
    values = distribution.values(count)
    if names := [value for value in values if isinstance(value, str)]:
        raise ValueError(f"'{names[0]}' is a name, and numbers are needed")
    return [value for value in values if not isinstance(value, str)]


def _check_ends(low: float, high: float) -> None:
    if low > high:
        raise ValueError(f"low {low} is above high {high}")


def _between(value: float, low: float, high: float) -> float:
    """Rounding errors must not lead out of the range."""
    return min(max(value, low), high)


def _counts(weights: list[float], n: int) -> list[int]:
    """How often each of several options comes in n values (or fewer, if the weights are small whole numbers)."""
    total = sum(weights)
    if total <= n and all(weight == int(weight) for weight in weights):
        return [int(weight) for weight in weights]
    shares = [weight * n / total for weight in weights]
    counts = [max(1, int(share)) for share in shares]
    while sum(counts) < n:
        counts[_farthest(shares, counts, 1)] += 1
    while sum(counts) > n:
        counts[_farthest(shares, counts, -1)] -= 1
    return counts


def _farthest(shares: list[float], counts: list[int], sign: int) -> int:
    """The option that is most below (sign 1) or above (sign -1) its share, and can give one away."""
    able = [i for i, count in enumerate(counts) if sign > 0 or count > 1]
    return max(able, key=lambda i: sign * (shares[i] - counts[i]))
