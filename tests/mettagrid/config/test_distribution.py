"""Distributions against slow or exact sums: quantiles, ends, weights, refusals."""

import math
from collections import Counter
from statistics import NormalDist, fmean, pstdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mettagrid.config.base import explain
from mettagrid.config.distribution import (
    Beta,
    Choice,
    Distribution,
    Exponential,
    LogUniform,
    Normal,
    Uniform,
    numbers,
)

ADAPTER = TypeAdapter(Distribution)
CONTINUOUS = [
    Uniform(0.5, 2.5),
    LogUniform(0.1, 1000),
    Normal(3, 2, 0, 5),
    Normal(0, 1, 1, 6),
    Beta(2, 5, -1, 3),
    Beta(0.3, 0.4),
    Beta(300, 500),
    Exponential(2, 7),
]
TAILS = [Normal(0, 1, 4, 6), Normal(0, 1, -6, -4), Beta(0.05, 0.05), Beta(1000, 0.05), Exponential(0.01, 100)]


def drawn(distribution, n: int) -> np.ndarray:
    """Sorted draws by NumPy's own algorithms; what lies outside is drawn again."""
    rng = np.random.default_rng(1)
    match distribution:
        case Uniform(low=low, high=high):
            values = rng.uniform(low, high, n)
        case LogUniform(low=low, high=high):
            values = np.exp(rng.uniform(np.log(low), np.log(high), n))
        case Normal(mean=mean, std=std):
            values = rng.normal(mean, std, n)
        case Beta(a=a, b=b, low=low, high=high):
            values = low + (high - low) * rng.beta(a, b, n)
        case Exponential(mean=mean):
            values = rng.exponential(mean, n)
    low = getattr(distribution, "low", 0.0)
    return np.sort(values[(values >= low) & (values <= distribution.high)])


@pytest.mark.parametrize("distribution", CONTINUOUS, ids=repr)
def test_quantiles_are_those_of_many_draws(distribution):
    draws = drawn(distribution, 400_000)
    below = np.searchsorted(draws, distribution.values(8)) / len(draws)
    assert below == pytest.approx((np.arange(8) + 0.5) / 8, abs=0.005)


@pytest.mark.parametrize("distribution", [*CONTINUOUS, *TAILS], ids=repr)
def test_values_rise_and_stay_inside(distribution):
    values = distribution.values(1024)
    assert len(values) == 1024
    assert values == sorted(values)
    assert getattr(distribution, "low", 0) <= values[0] <= values[-1] <= distribution.high


def test_known_quantiles():
    assert Uniform(0.0, 1.0).values(4) == [0.125, 0.375, 0.625, 0.875]
    assert LogUniform(1, 10000).values(2) == pytest.approx([10, 1000])
    assert Exponential(1, 700).quantile(0.5) == pytest.approx(math.log(2))
    assert Normal(0, 1).quantile(0.975) == pytest.approx(1.959964)
    assert Normal(1, 2, low=1).quantile(0.5) == pytest.approx(1 + 2 * NormalDist().inv_cdf(0.75))
    arcsine = [math.sin(math.pi * (i + 0.5) / 20) ** 2 for i in range(10)]
    assert Beta(0.5, 0.5).values(10) == pytest.approx(arcsine, abs=1e-5)
    assert Beta(2, 1).values(10) == pytest.approx([math.sqrt((i + 0.5) / 10) for i in range(10)], abs=1e-5)


def test_a_normal_distribution_has_its_mean_and_deviation():
    values = Normal(10, 3, -100, 100).values(1000)
    assert (fmean(values), pstdev(values)) == (pytest.approx(10), pytest.approx(3, rel=0.01))
    assert Normal(5, 1, 5, 5).values(3) == [5, 5, 5]


@given(low=st.integers(-50, 50), width=st.integers(0, 60), n=st.integers(1, 100))
def test_whole_numbers_are_equally_likely(low, width, n):
    values = Uniform(low, low + width).values(n)
    assert all(isinstance(value, int) for value in values)
    if width < n:
        assert values == list(range(low, low + width + 1))
    else:
        assert len(values) == n
        assert max(Counter(values).values()) == 1


def test_large_ranges_of_whole_numbers_are_cut_evenly():
    assert Uniform(0, 99).values(10) == [5, 15, 25, 35, 45, 55, 65, 75, 85, 95]


@given(
    weights=st.lists(st.floats(0.001, 1000) | st.integers(1, 9), min_size=1, max_size=20),
    n=st.integers(20, 300),
)
def test_options_come_as_often_as_their_weights_say(weights, n):
    options = [f"option_{i}" for i in range(len(weights))]
    counts = Counter(Choice(options, weights).values(n))
    assert list(counts) == options  # every one at least once
    number, total = sum(counts.values()), sum(weights)
    assert number <= n
    if all(weight == int(weight) for weight in weights) and total <= n:
        assert list(counts.values()) == weights
    else:
        assert number == n
        raised = sum(1 - weight * n / total for weight in weights if weight * n / total < 1)
        for weight, count in zip(weights, counts.values(), strict=True):
            assert abs(count - weight * n / total) < 1 + raised


def test_options_without_weights_are_alike():
    assert Choice([3, "red", 0.5]).values(99) == [3, "red", 0.5]
    assert Choice(["a", "b"], [2, 1]).values(99) == ["a", "a", "b"]


@given(st.sampled_from([*CONTINUOUS, Normal(0, 1), Choice([1, 0.5, "red"], [1, 2.5, 3]), Uniform(1, 9)]))
def test_distributions_survive_json(distribution):
    again = ADAPTER.validate_json(distribution.model_dump_json())
    assert again == distribution
    assert again.values(7) == distribution.values(7)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Uniform(3, 2), "low 3 is above high 2"),
        (lambda: Uniform(0, math.inf), "high: Input should be a finite number"),
        (lambda: LogUniform(0, 2), "low: Input should be greater than 0 (got 0)"),
        (lambda: Normal(0, 1, 20, 30), "next to nothing of it lies between 20 and 30: move the mean nearer"),
        (lambda: Beta(0, 1), "a: Input should be greater than or equal to 0.05 (got 0)"),
        (lambda: Choice([]), "options: List should have at least 1 item after validation, not 0"),
        (lambda: Choice([1, 2], [1]), "1 weights for 2 options"),
        (lambda: Choice([1, 2], [1, 0]), "weights.1: Input should be greater than 0 (got 0)"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(make, message):
    with pytest.raises(ValidationError) as error:
        make()
    assert message in explain(error.value)


def test_options_must_fit_and_be_numbers_where_numbers_are_meant():
    with pytest.raises(ValueError, match=r"^options: 3 options, at most 2 fit$"):
        Choice([1, 2, 3]).values(2)
    with pytest.raises(ValueError, match=r"^'red' is a name, and numbers are needed$"):
        numbers(Choice([1, "red"]), 9)
    assert numbers(Choice([1, 2.5]), 9) == [1, 2.5]


def test_the_tail_of_a_normal_distribution_is_that_of_its_mirror_image():
    far = Normal(0, 1, 4, 6).values(50)
    mirrored = Normal(0, 1, -6, -4).values(50)
    assert far == pytest.approx([-value for value in reversed(mirrored)])
    bell = NormalDist()
    expected = bell.inv_cdf(bell.cdf(-6) + 0.5 * (bell.cdf(-4) - bell.cdf(-6)))
    assert Normal(0, 1, -6, -4).quantile(0.5) == pytest.approx(expected)
