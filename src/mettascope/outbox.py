"""Outbox: messages on their way to one websocket. Posting never waits, and a reader that stands still is dropped.

    async with Outbox(websocket) as outbox:
        async for message in incoming(websocket):
            outbox.post(answer(message))
            await outbox.room()

The block ends quietly when the reader was dropped, as it does when the reader left.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import TracebackType

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState


@dataclass(frozen=True)
class _Letter:
    content: bytes | str
    is_frame: bool


class Outbox:
    """Bounded queue with a task that sends it. All calls come from the websocket's event loop.

    Args:
        websocket: accepted already; nobody else sends on it while the outbox is open.
        max_frames: frames that may wait. One more, and all of them are dropped.
        max_bytes: of all that waits, except that a single message may have any size. More drops first the frames,
            then the reader.
        timeout_s: the reader is dropped if a single message cannot be handed to its connection for so long.
    """

    def __init__(
        self,
        websocket: WebSocket,
        max_frames: int = 32,
        max_bytes: int = 32 * 2**20,
        timeout_s: float = 10.0,
    ) -> None:
        self._websocket = websocket
        self._max_frames = max_frames
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s
        self._letters: deque[_Letter] = deque()
        self._num_bytes = 0
        self._num_frames = 0
        self._has_letters = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._owner: asyncio.Task[object] | None = None
        self._sender: asyncio.Task[None] | None = None
        self.num_dropped_frames = 0
        self.is_dropped = False
        """The reader stood still, or let too much pile up."""
        self._is_over = False

    def post(self, message: bytes | str) -> None:
        """Queue a message that must arrive, in its order."""
        if not self._fits(message):
            self._drop_frames()
        if not self._fits(message):
            self._drop_reader()
        self._queue(_Letter(message, is_frame=False))

    def post_frame(self, frame: bytes) -> None:
        """Queue a frame that need not arrive: if too many wait, the reader is too slow for them and gets none of these.

        The frames that it gets later begin at a tick that it does not have: then it asks for a key frame.
        """
        if self._num_frames >= self._max_frames or not self._fits(frame):
            self._drop_frames()
        if self._fits(frame):
            self._queue(_Letter(frame, is_frame=True))
        else:
            self.num_dropped_frames += 1

    async def room(self) -> None:
        """Wait until no more than half of what may wait does: before reading a question whose answer may be long."""
        await self._has_room.wait()

    async def __aenter__(self) -> "Outbox":
        self._owner = asyncio.current_task()
        self._sender = asyncio.create_task(self._send_all())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        assert self._sender is not None and self._owner is not None
        was_cancelled = kind is asyncio.CancelledError
        self._sender.cancel()
        try:
            await asyncio.wait([self._sender])
        except asyncio.CancelledError:
            was_cancelled = True
        if self._sender.done() and not self._sender.cancelled() and (failure := self._sender.exception()):
            raise failure
        # Our own cancellation ends here; one from elsewhere, e.g. of a server that stops, goes on.
        is_only_ours = self.is_dropped and self._owner.uncancel() == 0
        if was_cancelled and not is_only_ours:
            raise asyncio.CancelledError
        return was_cancelled

    def _fits(self, message: str | bytes) -> bool:
        return not self._letters or self._num_bytes + len(message) <= self._max_bytes

    def _queue(self, letter: _Letter) -> None:
        if self._is_over:
            return
        self._letters.append(letter)
        self._count(letter, 1)
        self._has_letters.set()

    def _count(self, letter: _Letter, sign: int) -> None:
        self._num_bytes += sign * len(letter.content)
        self._num_frames += sign * letter.is_frame
        if self._num_bytes <= self._max_bytes // 2:
            self._has_room.set()
        else:
            self._has_room.clear()

    def _drop_frames(self) -> None:
        kept = deque(letter for letter in self._letters if not letter.is_frame)
        for letter in self._letters:
            if letter.is_frame:
                self._count(letter, -1)
                self.num_dropped_frames += 1
        self._letters = kept

    def _drop_reader(self) -> None:
        if self.is_dropped:
            return
        self.is_dropped = True
        self._end()
        if self._owner is not None:
            self._owner.cancel()

    def _end(self) -> None:
        """From now on nothing waits, neither messages nor their owner."""
        self._is_over = True
        self._letters.clear()
        self._has_room.set()

    async def _send_all(self) -> None:
        try:
            while True:
                await self._has_letters.wait()
                while self._letters:
                    if self._websocket.application_state is not WebSocketState.CONNECTED:
                        return  # its owner has closed it
                    await self._send(self._take())
                self._has_letters.clear()
        except TimeoutError:
            self._drop_reader()
        except WebSocketDisconnect:
            pass  # whoever receives from the websocket hears of it, too
        except Exception:
            self._drop_reader()
            raise
        finally:
            self._end()

    def _take(self) -> _Letter:
        letter = self._letters.popleft()
        self._count(letter, -1)
        return letter

    async def _send(self, letter: _Letter) -> None:
        async with asyncio.timeout(self._timeout_s):
            if isinstance(letter.content, str):
                await self._websocket.send_text(letter.content)
            else:
                await self._websocket.send_bytes(letter.content)


async def incoming(websocket: WebSocket) -> AsyncIterator[str | bytes]:
    """Yield what the other side says, text or bytes, until it leaves."""
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        content = message.get("text")
        yield message["bytes"] if content is None else content
