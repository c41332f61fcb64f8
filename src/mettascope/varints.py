"""Whole numbers in as few bytes as they need (LEB128), many at a time.

Seven bits a byte, the lowest first; the highest bit of a byte says that another one follows. Signed numbers are folded
first: 0, -1, 1, -2 become 0, 1, 2, 3.
"""

import numpy as np
from numpy.typing import NDArray

_BITS = 7
_MOST_BYTES = 5  # numbers below 2**35
_MOST = 2 ** (_BITS * _MOST_BYTES)
_LIMITS = np.array([2 ** (_BITS * k) for k in range(1, _MOST_BYTES)])  # from here on one byte more


def pack(numbers: NDArray[np.int64]) -> bytes:
    """The bytes of numbers in 0 .. 2**35 - 1.

    Raises:
        ValueError: one is negative or larger.
    """
    if numbers.size == 0:
        return b""
    if int(numbers.min()) < 0 or int(numbers.max()) >= _MOST:
        raise ValueError(f"numbers must be in 0..{_MOST - 1}")
    lengths = 1 + np.searchsorted(_LIMITS, numbers, side="right")
    starts = np.cumsum(lengths) - lengths
    packed = np.zeros(int(lengths.sum()), np.uint8)
    for k in range(int(lengths.max())):
        has = lengths > k
        more = np.where(lengths[has] > k + 1, 0x80, 0)
        packed[starts[has] + k] = ((numbers[has] >> (_BITS * k)) & 0x7F) | more
    return packed.tobytes()


def unpack(data: bytes) -> NDArray[np.int64]:
    """The numbers that `pack` wrote, int64.

    Raises:
        ValueError: the last number is cut, or one is longer than 5 bytes.
    """
    stream = np.frombuffer(data, np.uint8)
    if stream.size == 0:
        return np.zeros(0, np.int64)
    is_last = stream < 0x80
    if not is_last[-1]:
        raise ValueError("the last number has been cut")
    ends = np.flatnonzero(is_last)
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts + 1
    if int(lengths.max()) > _MOST_BYTES:
        raise ValueError(f"a number has more than {_MOST_BYTES} bytes")
    numbers = np.zeros(len(ends), np.int64)
    for k in range(int(lengths.max())):
        has = lengths > k
        numbers[has] |= (stream[starts[has] + k].astype(np.int64) & 0x7F) << (_BITS * k)
    return numbers


def fold(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Signed numbers as unsigned ones, small stays small."""
    return np.where(numbers < 0, -2 * numbers - 1, 2 * numbers)


def unfold(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """What `fold` was given."""
    return np.where(numbers & 1, -(numbers + 1) // 2, numbers // 2)
