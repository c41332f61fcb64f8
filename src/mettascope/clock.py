"""Clock: lets a branch go on at a chosen speed and shows every watcher the frames."""

import asyncio
import contextlib
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
        self._changed = asyncio.Event()  # wakes the task that waits for its next step
        self._stepping = asyncio.Lock()

    @property
    def is_running(self) -> bool:
        """Whether the branch goes on by itself."""
        return self._task is not None and self.speed > 0

    def run(self, speed: float) -> None:
        """Goes on at `speed` steps per second."""
        self.speed = speed
        self._changed.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def pause(self) -> None:
        """Stands still after the present step."""
        self.speed = 0.0
        self._changed.set()

    async def settle(self) -> None:
        """Waits for the present step after a pause, and until its frame was shown."""
        if self._task is not None and self.speed == 0:
            await asyncio.shield(self._task)

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
        try:
            while self.branch.is_live and self.speed > 0:
                if due >= 1:
                    await self._step(int(due))
                    due %= 1
                await self._wait(due)
                now = time.monotonic()
                due, last = due + (now - last) * self.speed, now
        finally:
            self._task = None
        if self.speed > 0:  # nobody stopped it: the episode has ended
            self.speed = 0.0
            self._tell()

    async def _wait(self, due: float) -> None:
        """Waits for the next step, or until somebody changes the speed."""
        self._changed.clear()
        if self.speed > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(1 / _FRAMES_PER_SECOND, (1 - due) / self.speed)):
                    await self._changed.wait()
