"""Stream: random numbers as a function of a key. A scene's children get streams of their own."""

import numpy as np

from mettagrid import _core

_mix = _core.maps.mix
_TOP = 2.0**-53


class Stream:
    """Random numbers of one scene: the same key, the same numbers.

    A child's numbers do not depend on how many numbers its parent took, nor on its siblings.
    """

    __slots__ = ("_count", "_key")

    def __init__(self, key: int) -> None:
        """Begins the stream of a key, an integer of 64 bits."""
        self._key = key
        self._count = 0

    def child(self, index: int) -> "Stream":
        """The stream of the child of that number."""
        return Stream(_mix(self._key, (1 << 32) + index))

    def key(self) -> int:
        """64 random bits, for example as the key of a function of the core."""
        self._count += 1
        return _mix(self._key, self._count)

    def unit(self) -> float:
        """A number from 0 to 1, 1 excluded."""
        return (self.key() >> 11) * _TOP

    def below(self, bound: int) -> int:
        """A whole number from 0 to `bound` - 1."""
        return (self.key() >> 32) * bound >> 32

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def order(self, count: int) -> list[int]:
        """The numbers 0 to `count` - 1 in random order."""
        order = _core.maps.shuffled(self._key, self._count, count)
        self._count += max(count - 1, 0)
        return order

    def generator(self) -> np.random.Generator:
        """A generator of NumPy, for whole arrays of numbers. To make one takes longer than to draw a small map."""
        return np.random.Generator(np.random.PCG64(self.key()))
