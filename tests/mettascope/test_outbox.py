"""The outbox against websockets that take nothing, little, or everything."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Message
from starlette.websockets import WebSocket

from mettascope.outbox import Outbox, incoming


class Reader:
    """The other side of a websocket: takes what is sent while its gate is open."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.taken: list[bytes | str] = []
        self.to_say: asyncio.Queue[Message] = asyncio.Queue()
        self.has_begun = asyncio.Event()
        self.failure: Exception | None = None

    async def receive(self) -> Message:
        return await self.to_say.get()

    async def send(self, message: Message) -> None:
        if message["type"] != "websocket.send":
            return
        self.has_begun.set()
        await self.gate.wait()
        if self.failure:
            raise self.failure
        self.taken.append(message.get("bytes") or message.get("text") or "")

    def leave(self) -> None:
        self.to_say.put_nowait({"type": "websocket.disconnect", "code": 1000})


async def accepted(reader: Reader) -> WebSocket:
    websocket = WebSocket({"type": "websocket", "path": "/ws", "headers": []}, reader.receive, reader.send)
    reader.to_say.put_nowait({"type": "websocket.connect"})
    await websocket.accept()
    return websocket


def play(story: Callable[[Reader, WebSocket], Awaitable[None]]) -> None:
    async def run() -> None:
        reader = Reader()
        await asyncio.wait_for(story(reader, await accepted(reader)), timeout=60)

    asyncio.run(run())


async def until_sent(reader: Reader, count: int) -> None:
    while len(reader.taken) < count:
        await asyncio.sleep(0)


def test_everything_arrives_in_order_at_a_reader_that_reads() -> None:
    async def story(reader: Reader, websocket: WebSocket) -> None:
        reader.gate.set()
        async with Outbox(websocket, max_frames=3) as outbox:
            for number in range(100):
                outbox.post(f"words {number}")
                outbox.post_frame(b"frame %d" % number)
                await until_sent(reader, 2 * number + 2)
        assert reader.taken[:4] == ["words 0", b"frame 0", "words 1", b"frame 1"]
        assert len(reader.taken) == 200
        assert outbox.num_dropped_frames == 0
        assert not outbox.is_dropped

    play(story)


def test_slow_reader_loses_waiting_frames_and_nothing_else() -> None:
    async def story(reader: Reader, websocket: WebSocket) -> None:
        async with Outbox(websocket, max_frames=3) as outbox:
            outbox.post("on its way")
            await reader.has_begun.wait()
            for number in range(8):
                outbox.post_frame(b"frame %d" % number)
                outbox.post(f"words {number}")
            reader.gate.set()
            await until_sent(reader, 11)
        words = [f"words {number}" for number in range(8)]
        assert reader.taken == ["on its way", *words[:6], b"frame 6", "words 6", b"frame 7", "words 7"]
        assert outbox.num_dropped_frames == 6

    play(story)


def test_bytes_are_limited_by_dropping_frames_first() -> None:
    async def story(reader: Reader, websocket: WebSocket) -> None:
        async with Outbox(websocket, max_bytes=100) as outbox:
            outbox.post_frame(b"x" * 1000)  # any size, when nothing waits
            await reader.has_begun.wait()
            for _ in range(4):
                outbox.post_frame(b"f" * 30)
            assert outbox.num_dropped_frames == 3
            outbox.post("w" * 80)
            assert outbox.num_dropped_frames == 4
            outbox.post_frame(b"f" * 30)
            assert outbox.num_dropped_frames == 5
            reader.gate.set()
            await until_sent(reader, 2)
        assert reader.taken == [b"x" * 1000, "w" * 80]
        assert not outbox.is_dropped

    play(story)


def test_reader_that_lets_answers_pile_up_is_dropped() -> None:
    async def story(reader: Reader, websocket: WebSocket) -> None:
        async with Outbox(websocket, max_bytes=100) as outbox:
            outbox.post("on its way")
            await reader.has_begun.wait()
            outbox.post("w" * 60)
            outbox.post("w" * 60)
            assert outbox.is_dropped
            async for _ in incoming(websocket):
                raise AssertionError("it goes on")
        assert reader.taken == []

    play(story)


def test_frozen_reader_is_dropped_and_its_handler_ends_quietly() -> None:
    async def story(reader: Reader, websocket: WebSocket) -> None:
        async with Outbox(websocket, timeout_s=0.01) as outbox:
            outbox.post_frame(b"frame")
            async for _ in incoming(websocket):
                raise AssertionError("it said something")
            raise AssertionError("it was not dropped")
        assert outbox.is_dropped
        outbox.post("nobody reads this")
        outbox.post_frame(b"nor this")
        await outbox.room()
        task = asyncio.current_task()
        assert task is not None and task.cancelling() == 0

    play(story)


def test_reader_that_leaves_ends_the_block() -> None:
    async def story(reader: Reader, websocket: WebSocket) -> None:
        async with Outbox(websocket) as outbox:
            outbox.post("never taken")
            reader.to_say.put_nowait({"type": "websocket.receive", "text": "words"})
            reader.to_say.put_nowait({"type": "websocket.receive", "bytes": b"bytes"})
            reader.leave()
            assert [message async for message in incoming(websocket)] == ["words", b"bytes"]
        assert not outbox.is_dropped

    play(story)


def test_connection_that_breaks_while_sending_is_heard_of_by_receiving() -> None:
    async def story(reader: Reader, websocket: WebSocket) -> None:
        reader.failure = ConnectionResetError()
        reader.gate.set()
        async with Outbox(websocket, max_bytes=100) as outbox:
            outbox.post("lost")
            await reader.has_begun.wait()
            for _ in range(10):
                outbox.post("w" * 60)
                await outbox.room()  # must not wait for a sender that is gone
            reader.leave()
            assert [message async for message in incoming(websocket)] == []

    play(story)


def test_room_waits_for_half_of_the_limit() -> None:
    async def story(reader: Reader, websocket: WebSocket) -> None:
        async with Outbox(websocket, max_bytes=100) as outbox:
            outbox.post("on its way")
            await reader.has_begun.wait()
            outbox.post("w" * 40)
            await outbox.room()
            outbox.post("w" * 20)
            waiting = asyncio.ensure_future(outbox.room())
            await asyncio.sleep(0)
            assert not waiting.done()
            reader.gate.set()
            await waiting
        assert reader.taken[0] == "on its way"

    play(story)


def test_cancellation_from_elsewhere_goes_on() -> None:
    async def story(reader: Reader, websocket: WebSocket) -> None:
        async def handle() -> None:
            async with Outbox(websocket):
                reader.has_begun.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(handle())
        await reader.has_begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    play(story)


def test_errors_of_the_block_and_of_sending_go_on() -> None:
    async def story(reader: Reader, websocket: WebSocket) -> None:
        with pytest.raises(ZeroDivisionError):
            async with Outbox(websocket):
                raise ZeroDivisionError
        reader.failure = LookupError("ours")
        reader.gate.set()
        with pytest.raises(LookupError, match="ours"):
            async with Outbox(websocket) as outbox:
                outbox.post("words")
                async for _ in incoming(websocket):
                    raise AssertionError("it said something")

    play(story)
