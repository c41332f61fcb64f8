"""RecordedWorld: a replay that can be looked at tick by tick, and that may grow while somebody plays it."""

import threading
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mettagrid.batch import BatchEnv
from mettagrid.replay import Replay, ReplayPlayer
from mettascope.columns import Column, Values, columns_of, read_columns, zeros
from mettascope.frames import encode_frame, pack_chunk

CHUNK_TICKS = 50
"""Frames of a chunk that the page asks for at a time."""


class RecordedWorld:
    """Any tick of a replay as frames. Safe to call from several threads; they take turns.

    Args:
        replay: what was recorded so far.

    Raises:
        ValueError: the replay does not fit its game as the rules are today.
    """

    def __init__(self, replay: Replay) -> None:
        self._player = ReplayPlayer(replay, with_events=True)
        self._turn = threading.Lock()
        self.columns: list[Column] = columns_of(self._player.env)
        self.empty: Values = zeros(self.columns)

    @property
    def replay(self) -> Replay:
        """What was recorded so far."""
        return self._player.replay

    @property
    def first_tick(self) -> int:
        """The earliest tick that can be seen."""
        return self.replay.first_tick

    @property
    def last_tick(self) -> int:
        """The latest tick that can be seen."""
        return self.replay.last_tick

    @property
    def env(self) -> BatchEnv:
        """A batch of one world of this game, wherever it stands: for names and shapes."""
        return self._player.env

    def grow(self, replay: Replay) -> None:
        """Goes on with a longer recording of the same episode."""
        with self._turn:
            self._player.follow(replay)

    def key_frame(self, tick: int) -> bytes:
        """The whole world at `tick`.

        Raises:
            ValueError: there is no such tick, or the world is not what was recorded.
        """
        with self._turn:
            values, events = self._read(tick)
            return encode_frame(tick, self.empty, values, events=events)

    def chunk(self, first: int, count: int) -> bytes:
        """The frames of `count` ticks from `first` on (fewer at the end): a key frame and what changes.

        Raises:
            ValueError: there is no tick `first`, or the world is not what was recorded.
        """
        with self._turn:
            return pack_chunk(self._frames(first, min(count, self.last_tick - first + 1)))

    def _frames(self, first: int, count: int) -> Iterator[bytes]:
        before, events = self._read(first)
        yield encode_frame(first, self.empty, before, events=events)
        for tick in range(first + 1, first + count):
            after, events = self._read(tick)
            yield encode_frame(tick, before, after, base=tick - 1, events=events)
            before = after

    def _read(self, tick: int) -> tuple[Values, NDArray[np.void]]:
        events = self._player.events(tick)
        return read_columns(self._player.view()), events
