"""Frames: a world at one tick in a few bytes, as what differs from another tick; see `docs/formats/baked.md`.

A frame is a run of varints (`varints.py`):

    tick, base, then per column that differs: its number, how many of its values differ, the gaps between their places,
    the folded differences; then the number of columns as end mark; then how many events there are, and for each field
    of events the folded differences from one event to the next.

`base` is 0 for a key frame (which differs from all zeros) and 1 + the tick of the frame before it otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mettagrid.events import COLUMNS, EVENT
from mettascope.columns import Values
from mettascope.varints import fold, pack, unfold, unpack

NO_EVENTS: NDArray[np.void] = np.zeros(0, EVENT)


@dataclass(frozen=True)
class Frame:
    """A decoded frame: the world's columns at a tick, and what happened in the step that led there."""

    tick: int
    values: Values
    events: NDArray[np.void]


def encode_frame(
    tick: int, before: Values, after: Values, base: int | None = None, events: NDArray[np.void] = NO_EVENTS
) -> bytes:
    """The frame of `tick`.

    Args:
        tick: of the world.
        before: the columns that the reader has, those of tick `base`; all zeros for a key frame.
        after: the columns at `tick`.
        base: the tick of `before`; None makes a key frame.
        events: of dtype `EVENT`, what happened in the step that led to `tick`.
    """
    parts = [np.array([tick, 0 if base is None else base + 1], np.int64)]
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        places = np.flatnonzero(old != new)
        if places.size:
            head = np.array([number, places.size], np.int64)
            parts += [head, np.diff(places, prepend=0), fold(new[places] - old[places])]
    parts += [np.array([len(after), len(events)], np.int64), fold(_numbers(events))]
    return pack(np.concatenate(parts))


def decode_frame(data: bytes, before: Values) -> Frame:
    """Reads one frame.

    Args:
        data: what `encode_frame` wrote.
        before: the columns that it was written against; they are not changed.

    Raises:
        ValueError: the bytes are no frame of a world with these columns.
    """
    return _decode(unpack(data), [values.copy() for values in before])


def pack_chunk(frames: Iterable[bytes]) -> bytes:
    """Frames of successive ticks, the first one a key frame, each with its length before it."""
    return b"".join(pack(np.array([len(frame)], np.int64)) + frame for frame in frames)


def unpack_chunk(data: bytes, empty: Values) -> list[Frame]:
    """The frames of a chunk.

    Args:
        data: what `pack_chunk` wrote.
        empty: all zeros.

    Raises:
        ValueError: the bytes are no chunk of a world with these columns.
    """
    frames: list[Frame] = []
    at = 0
    while at < len(data):
        length, at = _read_length(data, at)
        if at + length > len(data):
            raise ValueError("a chunk has been cut")
        before = frames[-1].values if frames else empty
        frames.append(decode_frame(data[at : at + length], before))
        at += length
    return frames


def _read_length(data: bytes, at: int) -> tuple[int, int]:
    end = at
    while end < len(data) and data[end] >= 0x80:
        end += 1
    return int(unpack(data[at : end + 1])[0]), end + 1


def _decode(numbers: NDArray[np.int64], values: Values) -> Frame:
    at = 2
    try:
        while (column := int(numbers[at])) != len(values):
            count = int(numbers[at + 1])
            places = np.cumsum(_slice(numbers, at + 2, count))
            np.add.at(values[column], places, unfold(_slice(numbers, at + 2 + count, count)))
            at += 2 + 2 * count
        num_events = int(numbers[at + 1])
        events = unfold(_slice(numbers, at + 2, num_events * len(COLUMNS)))
    except IndexError:
        raise ValueError("a frame does not fit the world that it should show") from None
    return Frame(int(numbers[0]), values, _events(events))


def _numbers(events: NDArray[np.void]) -> NDArray[np.int64]:
    columns = np.stack([events[name] for name in COLUMNS]).astype(np.int64)
    return np.diff(columns, axis=1, prepend=0).ravel()


def _events(numbers: NDArray[np.int64]) -> NDArray[np.void]:
    columns = numbers.reshape(len(COLUMNS), -1).cumsum(axis=1)
    events = np.zeros(columns.shape[1], EVENT)
    for name, column in zip(COLUMNS, columns, strict=True):
        events[name] = column.astype(np.int32)
    return events


def _slice(numbers: NDArray[np.int64], first: int, count: int) -> NDArray[np.int64]:
    if first + count > len(numbers):
        raise ValueError("a frame has been cut")
    return numbers[first : first + count]
