import math

import numpy as np
import pytest

from metta.sim.statistics import bootstrap_interval, episode_means, expanded_tail, ratio, student_quantile


def test_episode_means_equal_the_slow_definition():
    rng = np.random.default_rng(0)
    metrics = rng.normal(size=(3, 4, 2)).astype(np.float32)
    agents = np.array([True, False, True, True])
    for episode in range(3):
        for metric in range(2):
            slow = sum(float(metrics[episode, agent, metric]) for agent in (0, 2, 3)) / 3
            assert episode_means(metrics, agents)[episode, metric] == pytest.approx(slow)


def test_episode_means_need_an_agent():
    with pytest.raises(ValueError, match="at least one agent"):
        episode_means(np.zeros((1, 2, 1)), np.array([False, False]))


def test_the_interval_equals_the_slow_definition():
    values = np.array([1.0, 2.0, 4.0, 8.0, 3.0])
    rng = np.random.default_rng(7)
    picks = rng.integers(0, 5, (2000, 5))
    means = np.array([sum(float(values[pick]) for pick in row) / 5 for row in picks])
    tail = expanded_tail(5)
    expected = (np.quantile(means, tail), np.quantile(means, 1 - tail))
    assert bootstrap_interval(values, seed=7) == pytest.approx(expected)


def test_equal_seeds_give_equal_intervals():
    values = np.arange(12.0)
    assert bootstrap_interval(values, seed=1) == bootstrap_interval(values, seed=1)
    assert bootstrap_interval(values, seed=1) != bootstrap_interval(values, seed=2)


@pytest.mark.parametrize("num_values", [5, 10, 30])
def test_intervals_hold_the_true_mean_about_as_often_as_they_say(num_values: int):
    rng = np.random.default_rng(100 + num_values)
    num_trials = 500
    hits = 0
    for trial in range(num_trials):
        low, high = bootstrap_interval(rng.normal(3.0, 2.0, num_values), seed=trial)
        hits += low <= 3.0 <= high
    # The standard error of the share is 0.01; with 5 values the true share is 0.92.
    assert 0.88 <= hits / num_trials <= 0.985


def test_one_value_has_no_interval():
    assert all(math.isnan(end) for end in bootstrap_interval(np.array([1.0]), seed=0))


def test_equal_values_have_an_interval_of_width_zero():
    assert bootstrap_interval(np.full(6, 2.5), seed=0) == (2.5, 2.5)


@pytest.mark.parametrize("values", [np.array([1.0, math.nan]), np.zeros((2, 2))])
def test_values_that_are_no_sample_are_refused(values: np.ndarray):
    with pytest.raises(ValueError, match="finite"):
        bootstrap_interval(values, seed=0)


@pytest.mark.parametrize(
    ("degrees", "quantile"),
    [(1, 12.7062), (2, 4.30265), (3, 3.18245), (4, 2.77645), (9, 2.26216), (29, 2.04523)],
)
def test_quantiles_equal_the_printed_tables(degrees: int, quantile: float):
    assert student_quantile(0.975, degrees) == pytest.approx(quantile, rel=4e-3)


def test_blocks_do_not_change_the_number_of_resamples():
    values = np.random.default_rng(0).normal(size=3000)
    low, high = bootstrap_interval(values, seed=0)
    half = 1.96 * values.std() / math.sqrt(3000)
    assert (high - low) / 2 == pytest.approx(half, rel=0.1)


def test_a_ratio_needs_a_baseline_above_zero():
    assert ratio(3.0, 1.5) == 2.0
    assert ratio(3.0, None) is None
    assert ratio(3.0, 0.0) is None
    assert ratio(3.0, -1.0) is None
