"""SumTree: draws from many weights, and changes single ones, in O(log n)."""

import numpy as np
from numpy.typing import NDArray


class SumTree:
    """A binary tree whose leaves are weights and whose nodes are the sums of their two children.

    Every node is computed from its children and never adjusted by differences. So rounding errors do not add up, and
    the tree depends on its weights alone: one that is built from saved weights draws the same.

    Args:
        num_leaves: how many weights, at least 1.
    """

    def __init__(self, num_leaves: int) -> None:
        if num_leaves < 1:
            raise ValueError(f"num_leaves must be at least 1, got {num_leaves}")
        self.num_leaves = num_leaves
        self._depth = max(0, num_leaves - 1).bit_length()
        self._first_leaf = 1 << self._depth
        self._sums = np.zeros(2 * self._first_leaf)  # node i has the children 2i and 2i + 1; the root is 1

    @property
    def weights(self) -> NDArray[np.float64]:
        """float64 [n], a view that is not to be written."""
        return self._sums[self._first_leaf : self._first_leaf + self.num_leaves]

    @property
    def total(self) -> float:
        """The sum of all weights."""
        return float(self._sums[1])

    def set_all(self, weights: NDArray[np.float64]) -> None:
        """Replace all weights, in O(n)."""
        _check(weights)
        self.weights[:] = weights
        first = self._first_leaf
        while first > 1:
            level = self._sums[first : 2 * first]
            self._sums[first // 2 : first] = level[0::2] + level[1::2]
            first //= 2

    def set(self, leaves: NDArray[np.int64], weights: NDArray[np.float64]) -> None:
        """Replace the weights of k different leaves, in O(k log n)."""
        _check(weights)
        self.weights[leaves] = weights
        nodes = np.asarray(leaves) + self._first_leaf
        for _ in range(self._depth):
            nodes = np.unique(nodes // 2)
            self._sums[nodes] = self._sums[2 * nodes] + self._sums[2 * nodes + 1]

    def find(self, shares: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return for each share (0 to 1) the leaf in whose part of the sum it lies; never one of weight 0.

        Raises:
            ValueError: all weights are 0.
        """
        if self.total <= 0.0:
            raise ValueError("all weights are 0: there is nothing to draw from")
        rest = np.asarray(shares, np.float64) * self.total
        nodes = np.ones(rest.shape, np.int64)
        for _ in range(self._depth):
            left, right = self._sums[2 * nodes], self._sums[2 * nodes + 1]
            goes_right = ((rest >= left) & (right > 0.0)) | (left <= 0.0)
            rest = np.where(goes_right, rest - left, rest)
            nodes = 2 * nodes + goes_right
        return nodes - self._first_leaf


def _check(weights: NDArray[np.float64]) -> None:
    if not (np.isfinite(weights).all() and (weights >= 0.0).all()):
        raise ValueError("weights must be finite and not negative")
