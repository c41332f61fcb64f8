"""Random numbers as a function of (seed, world, episode): no generator, so nothing to save, and no order to keep."""

import numpy as np
from numpy.typing import NDArray

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def uniform_shares(seed: int, worlds: NDArray[np.int64], episodes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each pair of world and episode, float64 of their shape."""
    key = _mix(np.full(np.shape(worlds), seed % 2**64, np.uint64))
    key = _mix(key ^ np.asarray(worlds).astype(np.uint64))
    key = _mix(key ^ np.asarray(episodes).astype(np.uint64))
    return (key >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64 (Steele, Lea and Flood 2014): every bit of the result depends on every bit of the value."""
    mixed = values + _STEP
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    return mixed ^ (mixed >> np.uint64(31))
