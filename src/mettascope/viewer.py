"""Viewer: what one server shows: its branches, their clocks, and who watches."""

import asyncio
import json
import zlib
from typing import Any, Protocol

import numpy as np

from mettascope.branch import Branch
from mettascope.branches import Branches
from mettascope.clock import Clock
from mettascope.hands import Hands
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
        self._hands: Hands[Watcher] = Hands()

    def join(self, watcher: Watcher) -> None:
        """Somebody opened the page."""
        self._watchers[watcher] = set()

    async def part(self, watcher: Watcher) -> None:
        """Somebody closed it: agents that they played go back to their policies."""
        self._watchers.pop(watcher, None)
        branches = {branch.number: branch for branch in self.branches}
        for number, agent in self._hands.part(watcher):
            await asyncio.to_thread(branches[number].release, agent)
            self.tell_state(branches[number])

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
        branch = self.branches[number]
        self._hands.take(number, agent, watcher)
        try:
            await asyncio.to_thread(branch.take, agent)
        except ValueError:
            self._hands.release(number, agent, watcher)
            raise
        self.tell_choices(branch)

    async def release(self, number: int, agent: int, watcher: Watcher) -> None:
        """Gives an agent back to its policy."""
        if self._hands.release(number, agent, watcher):
            branch = self.branches[number]
            await asyncio.to_thread(branch.release, agent)
            self.tell_choices(branch)

    async def act(self, number: int, agent: int, action: int, watcher: Watcher) -> None:
        """Lets an agent that is played by hand do something; a branch that stands still makes a step.

        Raises:
            ValueError: they do not play this agent, or there is no such action.
        """
        if not self._hands.has(number, agent, watcher):
            raise ValueError(f"agent {agent} is not yours: take it over first")
        await asyncio.to_thread(self.branches[number].act, agent, action)
        clock = self.clock(number)
        if not clock.is_running:
            await clock.step(1)

    async def restart(self, number: int, seed: int | None) -> Branch:
        """Begins the episode of a branch anew; those who play by hand go on with it.

        Raises:
            ValueError: there is no such branch, or it cannot be begun.
        """
        self.clock(number).pause()
        branch = await asyncio.to_thread(self.branches.restart, number, seed)
        for agent in self._hands.in_branch(number):
            await asyncio.to_thread(branch.take, agent)
        self.tell_watchers(number, {"say": "branch"} | branch.describe() | self.state(branch))
        self.tell_choices(branch)
        return branch

    def close(self, number: int) -> None:
        """Forgets a branch; nobody plays in it any more."""
        self.clock(number).pause()
        self.branches.close(number)
        self._clocks.pop(number, None)
        for owner in self._hands.drop_branch(number):
            owner.post(json_text(_choices_message(number, [])))
        for numbers in self._watchers.values():
            numbers.discard(number)

    def tell_choices(self, branch: Branch) -> None:
        """Tells those who play by hand in a branch what their agents can choose, if that has changed."""
        for owner, choices in self._hands.news(branch.number, branch.choices):
            owner.post(json_text(_choices_message(branch.number, choices)))

    def tell_state(self, branch: Branch) -> None:
        """Tells all who watch a branch how it is."""
        self.tell_watchers(branch.number, {"say": "state"} | self.state(branch))

    def tell_seats(self, branch: Branch) -> None:
        """Tells all who watch a branch which policy plays each agent."""
        self.tell_watchers(branch.number, {"say": "seats", "branch": branch.number, "seats": branch.seats})

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
        self.tell_choices(branch)
        message = frame_message(branch.number, frame)
        for watcher, numbers in self._watchers.items():
            if branch.number in numbers:
                watcher.post_frame(message)


def _choices_message(number: int, choices: list[tuple[int, list[int]]]) -> dict[str, Any]:
    mine = [{"agent": agent, "actions": actions} for agent, actions in choices]
    return {"say": "hands", "branch": number, "mine": mine}


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
