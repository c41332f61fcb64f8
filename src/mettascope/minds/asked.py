"""AskedPolicy: what a policy would make of a recording, as if it had been there from shortly before.

It sees what the agents saw and does what they did; what it would have done itself is only noted.
"""

import threading

from mettagrid.replay import Replay
from mettascope.live import LiveWorld, Player
from mettascope.minds.notes import MindNotes

CHUNK_TICKS = 50
"""Ticks that are thought about at a time."""


class AskedPolicy:
    """Goes along a recording, chunk by chunk. Safe to call from several threads; they take turns.

    Args:
        player: who is asked.
    """

    def __init__(self, player: Player) -> None:
        self.player = player
        self._live: LiveWorld | None = None
        self._notes: MindNotes | None = None
        self._noted: set[int] = set()  # ticks
        self._turn = threading.Lock()

    @property
    def notes(self) -> MindNotes | None:
        """What it has made of the ticks so far; None before it was asked of any."""
        return self._notes

    def think(self, replay: Replay, tick: int) -> tuple[int, int]:
        """Notes what it makes of the chunk around a tick; returns the chunk's first tick and the one after its last.

        Its memory begins empty some ticks before the chunk, and goes on from chunk to chunk when they are asked for
        one after the other.

        Args:
            replay: the recording as it is now.
            tick: one of its ticks.

        Raises:
            ValueError: there is no such tick.
        """
        if not replay.first_tick <= tick <= replay.last_tick:
            raise ValueError(f"tick {tick} is not between {replay.first_tick} and {replay.last_tick}")
        first = max(tick - tick % CHUNK_TICKS, replay.first_tick)
        decided = replay.first_tick + len(replay.actions)  # what is done from this tick on is not known
        end = min(tick - tick % CHUNK_TICKS + CHUNK_TICKS, decided)
        with self._turn:
            if not self._noted.issuperset(range(first, end)):
                self._go(replay, first, end)
        return first, end

    def _go(self, replay: Replay, first: int, end: int) -> None:
        if self._live is None or self._live.tick != first:
            self._live = LiveWorld.resume(replay, first, self.player)
            self._notes = self._live.minds = self._notes or MindNotes(self._live.spec)
        for tick in range(first, end):
            self._live.step(recorded=replay.actions[tick - replay.first_tick])
            self._noted.add(tick)
