"""Outbox: what is on its way to one page. A page that does not read loses frames, never the server its memory."""

import asyncio
from collections import deque
from types import TracebackType
from typing import Self

from starlette.websockets import WebSocket, WebSocketDisconnect

_MOST_WAITING = 64


class Outbox:
    """Sends messages in order from a task of its own, so that `post` never waits.

    Args:
        websocket: accepted already.
    """

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._waiting: deque[bytes | str] = deque()
        self._has_some = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def post(self, message: bytes | str) -> None:
        """Sends a message soon. If too many wait, frames (bytes) are dropped: the page asks for a new key frame."""
        if len(self._waiting) >= _MOST_WAITING:
            self._waiting = deque(waiting for waiting in self._waiting if isinstance(waiting, str))
        self._waiting.append(message)
        self._has_some.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._send_all())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._task is not None
        self._task.cancel()

    async def _send_all(self) -> None:
        try:
            while True:
                await self._has_some.wait()
                while self._waiting:
                    message = self._waiting.popleft()
                    if isinstance(message, str):
                        await self._websocket.send_text(message)
                    else:
                        await self._websocket.send_bytes(message)
                self._has_some.clear()
        except WebSocketDisconnect:
            return
