"""The sum tree against the slow obvious version: cumulated sums."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metta.curriculum.sum_tree import SumTree

WHOLE = st.lists(st.integers(0, 1000), min_size=1, max_size=70)
"""Whole weights: their sums are exact, so both versions must agree exactly."""


def slow_find(weights: list[int], share: float) -> int:
    """The first leaf whose cumulated sum lies above the share of the total."""
    target, reached = share * sum(weights), 0
    for leaf, weight in enumerate(weights):
        reached += weight
        if target < reached:
            return leaf
    raise AssertionError("the share is below 1")


def tree_of(weights: list[int]) -> SumTree:
    tree = SumTree(len(weights))
    tree.set_all(np.array(weights, float))
    return tree


@settings(deadline=None)
@given(WHOLE, st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=20))
def test_draws_are_those_of_cumulated_sums(weights: list[int], shares: list[float]):
    if sum(weights) > 0:
        found = tree_of(weights).find(np.array(shares))
        assert found.tolist() == [slow_find(weights, share) for share in shares]


@settings(deadline=None)
@given(WHOLE, st.data())
def test_changing_some_equals_setting_all(weights: list[int], data: st.DataObject):
    tree = tree_of(weights)
    changes = data.draw(st.dictionaries(st.integers(0, len(weights) - 1), st.integers(0, 1000), max_size=9))
    tree.set(np.array(list(changes), int), np.array(list(changes.values()), float))
    changed = [changes.get(leaf, weight) for leaf, weight in enumerate(weights)]
    np.testing.assert_array_equal(tree._sums, tree_of(changed)._sums)
    assert tree.total == sum(changed) and tree.weights.tolist() == changed


@settings(deadline=None)
@given(st.lists(st.sampled_from([0.0, 1e-12, 0.1, 0.3, 1e9]), min_size=1, max_size=40), st.floats(0, 1))
def test_what_has_no_weight_is_never_drawn(weights: list[float], share: float):
    tree = SumTree(len(weights))
    tree.set_all(np.array(weights))
    if tree.total > 0:
        assert weights[int(tree.find(np.array([share]))[0])] > 0


def test_nothing_to_draw_and_bad_weights_are_refused():
    tree = SumTree(3)
    with pytest.raises(ValueError, match="all weights are 0"):
        tree.find(np.array([0.5]))
    for bad in (-1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="finite and not negative"):
            tree.set(np.array([1]), np.array([bad]))
    with pytest.raises(ValueError, match="num_leaves must be at least 1"):
        SumTree(0)
