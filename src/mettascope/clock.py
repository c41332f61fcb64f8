"""Clock: lets a branch go on at a chosen speed and shows every watcher the frames."""

import asyncio
import time
from collections.abc import Callable

from mettascope.branch import Branch

_FRAMES_PER_SECOND = 30.0
"""Faster than this nobody is shown anything; the world goes several steps between two frames."""


class Clock:
    """Drives one branch from the server's event loop; the steps themselves run in a thread.

    Args:
        branch: what goes on.
        show: is given each head frame.
        tell: is called when the clock stops by itself.
    """

    def __init__(self, branch: Branch, show: Callable[[bytes], None], tell: Callable[[], None]) -> None:
        self.branch = branch
        self.speed = 0.0  # steps per second; 0 stands still
        self._show, self._tell = show, tell
        self._task: asyncio.Task[None] | None = None
        self._stepping = asyncio.Lock()

    @property
    def is_running(self) -> bool:
        """Whether the branch goes on by itself."""
        return self._task is not None

    def run(self, speed: float) -> None:
        """Goes on at `speed` steps per second."""
        self.speed = speed
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def pause(self) -> None:
        """Stands still after the present step."""
        self.speed = 0.0
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def step(self, count: int) -> None:
        """Plays some steps now.

        Raises:
            ValueError: nobody plays in this branch.
        """
        while count > 0:
            count -= max(1, await self._step(count))

    async def _step(self, count: int) -> int:
        """Plays up to `count` steps, as many as there is time for before the next frame; returns how many."""
        async with self._stepping:
            before = self.branch.last_tick
            self._show(await asyncio.to_thread(self.branch.step, count))
            return self.branch.last_tick - before

    async def _run(self) -> None:
        due, last = 1.0, time.monotonic()
        while self.branch.is_live:
            if due >= 1:
                await self._step(int(due))
                due %= 1
            await asyncio.sleep(max(1 / _FRAMES_PER_SECOND, (1 - due) / self.speed))
            now = time.monotonic()
            due, last = due + (now - last) * self.speed, now
        self._task = None
        self.speed = 0.0
        self._tell()
