"""Viewer: what one server shows: its branches, their clocks, and who watches."""

import asyncio
import json
import zlib
from typing import Any, Protocol

import numpy as np

from mettascope.branch import Branch
from mettascope.branches import Branches
from mettascope.clock import Clock
from mettascope.varints import pack

_FRAME, _CHUNK, _SURVEY, _DEFLATED_FRAME = 0, 1, 2, 3  # what binary messages begin with
_LARGE = 4096  # bytes; from here on a frame is deflated


class Watcher(Protocol):
    """Somebody with a page."""

    def post(self, message: bytes | str) -> None:
        """Sends a message soon."""

    def post_frame(self, frame: bytes) -> None:
        """Sends a frame soon; those who are too slow for it do not get it."""


class Viewer:
    """The server's state. All methods are for its event loop.

    Args:
        branches: what is open.
    """

    def __init__(self, branches: Branches) -> None:
        self.branches = branches
        self._clocks: dict[int, Clock] = {}
        self._watchers: dict[Watcher, set[int]] = {}
        self._owners: dict[tuple[int, int], Watcher] = {}  # (branch, agent) -> who plays it by hand

    def join(self, watcher: Watcher) -> None:
        """Somebody opened the page."""
        self._watchers[watcher] = set()

    async def part(self, watcher: Watcher) -> None:
        """Somebody closed it: agents that they played go back to their policies."""
        self._watchers.pop(watcher, None)
        for (number, agent), owner in list(self._owners.items()):
            if owner is watcher:
                await self.release(number, agent, watcher)

    def watch(self, watcher: Watcher, number: int) -> None:
        """Sends them the head frames of a branch from now on."""
        self._watchers[watcher].add(self.branches[number].number)

    def leave(self, watcher: Watcher, number: int) -> None:
        """Sends them no more of it."""
        self._watchers[watcher].discard(number)

    def clock(self, number: int) -> Clock:
        """The clock of a branch."""
        branch = self.branches[number]
        clock = self._clocks.get(number)
        if clock is None or clock.branch is not branch:
            if clock is not None:
                clock.pause()
            clock = Clock(branch, lambda frame: self._show(branch, frame), lambda: self.tell_state(branch))
            self._clocks[number] = clock
        return clock

    def state(self, branch: Branch) -> dict[str, Any]:
        """What changes while a branch goes on."""
        clock = self._clocks.get(branch.number)
        is_own = clock is not None and clock.branch is branch
        return branch.state() | {"speed": clock.speed if clock is not None and is_own else 0.0}

    async def take(self, number: int, agent: int, watcher: Watcher) -> None:
        """Lets somebody play an agent.

        Raises:
            ValueError: nobody can, or somebody else does.
        """
        owner = self._owners.get((number, agent), watcher)
        if owner is not watcher:
            raise ValueError(f"agent {agent} is played by somebody else")
        await asyncio.to_thread(self.branches[number].take, agent)
        self._owners[number, agent] = watcher

    async def release(self, number: int, agent: int, watcher: Watcher) -> None:
        """Gives an agent back to its policy."""
        if self._owners.get((number, agent)) is watcher:
            del self._owners[number, agent]
            await asyncio.to_thread(self.branches[number].release, agent)

    async def act(self, number: int, agent: int, action: int, watcher: Watcher) -> None:
        """Lets an agent that is played by hand do something; a branch that stands still makes a step.

        Raises:
            ValueError: they do not play this agent, or there is no such action.
        """
        if self._owners.get((number, agent)) is not watcher:
            raise ValueError(f"agent {agent} is not yours: take it over first")
        await asyncio.to_thread(self.branches[number].act, agent, action)
        clock = self.clock(number)
        if not clock.is_running:
            await clock.step(1)

    def tell_state(self, branch: Branch) -> None:
        """Tells all who watch a branch how it is."""
        self.tell_watchers(branch.number, {"say": "state"} | self.state(branch))

    def tell_watchers(self, number: int, message: dict[str, Any]) -> None:
        """Sends a message to all who watch a branch."""
        for watcher, numbers in self._watchers.items():
            if number in numbers:
                watcher.post(json_text(message))

    def list(self) -> list[dict[str, Any]]:
        """How all branches are."""
        return [self.state(branch) for branch in self.branches]

    def tell_list(self) -> None:
        """Tells everybody what is open."""
        self.tell_all({"say": "branches", "branches": self.list()})

    def stop(self) -> None:
        """Stops all clocks."""
        for clock in self._clocks.values():
            clock.pause()

    def tell_all(self, message: dict[str, Any]) -> None:
        """Sends a message to everybody."""
        for watcher in self._watchers:
            watcher.post(json_text(message))

    def _show(self, branch: Branch, frame: bytes) -> None:
        message = frame_message(branch.number, frame)
        for watcher, numbers in self._watchers.items():
            if branch.number in numbers:
                watcher.post_frame(message)


def json_text(message: dict[str, Any]) -> str:
    """A message to the page as text."""
    return json.dumps(message, separators=(",", ":"))


def frame_message(number: int, frame: bytes) -> bytes:
    """A frame of a branch as the page gets it."""
    if len(frame) < _LARGE:
        return pack(np.array([_FRAME, number], np.int64)) + frame
    return pack(np.array([_DEFLATED_FRAME, number], np.int64)) + zlib.compress(frame, 1)


def chunk_message(number: int, first: int, chunk: bytes) -> bytes:
    """The chunk of a branch that begins with tick `first`, deflated, as the page gets it."""
    return pack(np.array([_CHUNK, number, first], np.int64)) + zlib.compress(chunk, 1)


def survey_message(number: int, block: bytes) -> bytes:
    """A block of a branch's survey, deflated, as the page gets it."""
    return pack(np.array([_SURVEY, number], np.int64)) + zlib.compress(block, 1)
