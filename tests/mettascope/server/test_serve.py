"""The real server on a real port: what is let in, limits, and how it starts and ends."""

import asyncio
import contextlib
import http.client
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import websockets
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import ClientConnection, connect

from metta.common.errors import MachineError, UserError
from mettascope.outbox import Outbox, incoming
from mettascope.server import connection
from mettascope.server import serve as serving
from mettascope.server.guard import Limits
from mettascope.server.serve import Running, ServerSettings, serve_in_thread
from tests.mettascope.server.asking import make_page
from tests.mettascope.server.sample_app import SampleApp


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    settings = ServerSettings(port=0, limits=Limits(max_message_bytes=1000, max_websockets=3))
    with serve_in_thread(SampleApp().app, make_page(tmp_path / "page"), settings) as running:
        yield running


def session_cookie(running: Running, token: str) -> str:
    """Open the page as a browser does: exchange the token for a cookie."""
    line = http.client.HTTPConnection("127.0.0.1", running.address.port)
    headers = {"Origin": running.address.origin(), "Content-Type": "application/json"}
    line.request("POST", "/session", json.dumps({"token": token}), headers)
    answer = line.getresponse()
    assert answer.status == 200, answer.read()
    line.close()
    return answer.headers["set-cookie"].split(";")[0]


def open_websocket(running: Running, token: str) -> ClientConnection:
    return connect(
        f"ws://127.0.0.1:{running.address.port}/ws",
        origin=websockets.Origin(running.address.origin()),
        additional_headers={"Cookie": session_cookie(running, token)},
        compression=None,
        max_size=None,
    )


def test_token_opens_the_websocket(running: Running) -> None:
    with open_websocket(running, running.tokens.watch) as websocket:
        websocket.send("words")
        assert websocket.recv() == "words"
        websocket.send(b"\x00\xff")
        assert websocket.recv() == b"\x00\xff"


def test_bad_handshakes_are_refused(running: Running, capfd: pytest.CaptureFixture[str]) -> None:
    url, own = f"ws://127.0.0.1:{running.address.port}/ws", running.address.origin()
    good = {"Cookie": session_cookie(running, running.tokens.control)}
    for origin, headers in [(None, good), (own, {}), ("http://evil.example", good), ("null", good)]:
        page = origin and websockets.Origin(origin)
        with (
            pytest.raises(websockets.InvalidStatus) as refusal,
            connect(url, origin=page, additional_headers=headers),
        ):
            pass
        assert refusal.value.response.status_code in (401, 403)
        assert b"error" in refusal.value.response.body
    assert capfd.readouterr().err == ""
    assert running.guard.num_websockets == 0


def test_raw_nonsense_does_not_stop_the_server(running: Running) -> None:
    nonsense = [
        b"", b"\r\n\r\n", b"\x00" * 1000, b"GET", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\r\nA: " + b"a" * 100_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"CONNECT a:1 HTTP/1.1\r\n\r\n",
    ]  # fmt: skip
    for request in nonsense:
        with socket.create_connection(("127.0.0.1", running.address.port), timeout=10) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            received = b""
            try:
                while part := connection.recv(65536):
                    received += part
            except ConnectionResetError:
                pass
        assert not received.startswith(b"HTTP/1.1 2"), request
    assert session_cookie(running, running.tokens.watch)


def test_oversized_and_broken_messages_close(running: Running, capfd: pytest.CaptureFixture[str]) -> None:
    for message, fragments, code in [
        ("x" * 1001, False, 1009), (b"x" * 10_000_000, False, 1009), (["x" * 600, "x" * 600], True, 1009),
    ]:  # fmt: skip
        with open_websocket(running, running.tokens.control) as websocket:
            with contextlib.suppress(websockets.ConnectionClosed):  # it was closed before all was sent
                websocket.send(message)
            with pytest.raises(websockets.ConnectionClosed) as closed:
                websocket.recv()
        assert closed.value.rcvd is None or closed.value.rcvd.code == code, fragments
    with open_websocket(running, running.tokens.control) as websocket:
        websocket.send(b"\xff\xfe", text=True)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            websocket.recv()
    with open_websocket(running, running.tokens.control) as websocket:
        websocket.send("x" * 1000)
        assert websocket.recv() == "x" * 1000
    assert "Traceback" not in capfd.readouterr().err


def test_frozen_reader_is_dropped_and_cut_off(tmp_path: Path) -> None:
    """It reads nothing while frames keep coming; closing would first wait until it has read what is left."""
    flood = Flood()
    with serve_in_thread(flood.app, make_page(tmp_path / "page")) as running:
        with socket.create_connection(("127.0.0.1", running.address.port)) as frozen:
            frozen.sendall(handshake(running))
            assert frozen.recv(12) == b"HTTP/1.1 101"
            assert flood.is_over.wait(60)
            assert flood.was_dropped
            assert flood.num_dropped_frames > 0
            # What was on its way arrives, and then the end: the server holds the connection no longer.
            with contextlib.suppress(ConnectionResetError):
                while frozen.recv(2**20):
                    pass
        assert running.guard.num_websockets == 0
        assert session_cookie(running, running.tokens.watch)


def test_reader_that_answers_no_ping_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Messages are on their way that will never be read, and nobody waits for that."""
    monkeypatch.setattr(connection, "SECONDS_TO_CLOSE", 0.1)
    flood = Flood(num_frames=200)
    settings = ServerSettings(port=0, limits=Limits(ping_interval_s=0.1))
    with serve_in_thread(flood.app, make_page(tmp_path / "page"), settings) as running:
        with socket.create_connection(("127.0.0.1", running.address.port)) as silent:
            silent.sendall(handshake(running))
            assert flood.is_over.wait(60)
        assert not flood.was_dropped
    assert capfd.readouterr().err == ""


def handshake(running: Running) -> bytes:
    cookie = session_cookie(running, running.tokens.watch)
    lines = [
        "GET /ws HTTP/1.1", f"Host: 127.0.0.1:{running.address.port}", f"Origin: {running.address.origin()}",
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", f"Cookie: {cookie}", "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


class Flood:
    """An application that sends one reader frames, without end or so many, until it is gone."""

    def __init__(self, num_frames: int | None = None) -> None:
        self.is_over = threading.Event()
        self.was_dropped = False
        self.num_dropped_frames = 0
        self.app = Starlette(routes=[WebSocketRoute("/ws", self._send)])
        self._num_frames = num_frames

    async def _send(self, websocket: WebSocket) -> None:
        await websocket.accept()
        async with Outbox(websocket, timeout_s=60 if self._num_frames else 0.2) as outbox:
            for _ in range(self._num_frames) if self._num_frames else itertools.count():
                outbox.post_frame(bytes(100_000))
                await asyncio.sleep(0)
            async for _ in incoming(websocket):
                raise AssertionError("it said something")
        self.was_dropped, self.num_dropped_frames = outbox.is_dropped, outbox.num_dropped_frames
        self.is_over.set()


def test_more_watchers_than_fit_are_refused(running: Running) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(open_websocket(running, running.tokens.watch))
        with (
            pytest.raises(websockets.InvalidStatus) as refusal,
            open_websocket(running, running.tokens.watch),
        ):
            pass
        assert refusal.value.response.status_code == 503


def test_usual_port_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    page, app = make_page(tmp_path / "page"), SampleApp().app
    with serve_in_thread(app, page) as first:
        port = first.address.port
        monkeypatch.setattr(serving, "USUAL_PORT", port)
        with serve_in_thread(app, page, ServerSettings()) as second:
            assert second.address.port != port
        assert f"port {port} is taken" in capsys.readouterr().err
        with pytest.raises(MachineError, match=f"cannot listen at 127.0.0.1, port {port}: "):
            serve_in_thread(app, page, ServerSettings(port=port)).__enter__()
    with pytest.raises(UserError, match="host=no address: there is no such address"):
        serve_in_thread(app, page, ServerSettings(host="no address")).__enter__()


PROGRAM = """
import sys
from pathlib import Path
from mettascope.server.page_files import PageFiles
from mettascope.server.serve import ServerSettings, serve
from tests.mettascope.server.sample_app import SampleApp
settings = ServerSettings(host=sys.argv[2], port=0, open_browser=False)
sys.exit(serve(SampleApp().app, PageFiles(Path(sys.argv[1])), settings))
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_end_it_cleanly_while_somebody_watches(tmp_path: Path, number: int, code: int) -> None:
    make_page(tmp_path / "page")
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "page"), "127.0.0.1"]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            watch_and_end(server, number)
            assert server.wait(timeout=60) == code
            assert server.stderr is not None and server.stderr.read() == ""
        finally:
            server.kill()


def watch_and_end(server: subprocess.Popen[str], number: int) -> None:
    assert server.stdout is not None
    control, watch = server.stdout.readline(), server.stdout.readline()
    assert control.startswith("watch and control: http://127.0.0.1:")
    assert watch.startswith("only watch:        http://127.0.0.1:")
    origin, token = control.split()[-1].split("/#token=")
    line = http.client.HTTPConnection(origin.removeprefix("http://"))
    line.request("POST", "/session", json.dumps({"token": token}), {"Origin": origin})
    cookie = line.getresponse().headers["set-cookie"].split(";")[0]
    line.close()
    url, page = f"ws{origin.removeprefix('http')}/ws", websockets.Origin(origin)
    with connect(url, origin=page, additional_headers={"Cookie": cookie}) as websocket:
        server.send_signal(number)
        with pytest.raises(websockets.ConnectionClosed):
            websocket.recv()


def test_other_hosts_are_warned_of(capsys: pytest.CaptureFixture, tmp_path: Path) -> None:
    settings = ServerSettings(host="0.0.0.0", port=0)
    with serve_in_thread(SampleApp().app, make_page(tmp_path / "page"), settings) as running:
        serving._announce(running)
    captured = capsys.readouterr()
    assert captured.err.startswith(f"warning: whoever reaches http://{socket.gethostname()}:")
    assert len(captured.err.splitlines()) == 1
    assert running.tokens.control not in captured.err


def test_no_browser_without_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    assert not serving.has_browser()
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("BROWSER", os.fsdecode(sys.executable))
    monkeypatch.setattr(serving.webbrowser, "_tryorder", None)
    assert serving.has_browser()
