"""Pages for tests: visitors of a real server, who talk to it as the page does, without a browser."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websockets
from websockets.sync.client import ClientConnection, connect

from mettascope.app import create_app
from mettascope.server.serve import Running, serve_in_thread
from mettascope.viewer import Viewer
from tests.mettascope.server.asking import make_page


class Page:
    """One visitor. Asks, and remembers the last news of each sort."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.news: dict[str, dict[str, Any]] = {}
        self.num_frames = 0

    def ask(self, do: str, **what: Any) -> None:
        """Sends a question."""
        self._socket.send(json.dumps({"do": do, **what}))

    def hear(self, say: str) -> dict[str, Any]:
        """Reads on until news of this sort come, and returns them."""
        while True:
            message = self._socket.recv(timeout=20)
            if isinstance(message, bytes):
                self.num_frames += 1
                continue
            told = json.loads(message)
            self.news[told["say"]] = told
            if told["say"] == say:
                return told
            assert told["say"] != "error", told["text"]

    def refusal(self, do: str, **what: Any) -> str:
        """Sends a question that must be refused, and returns the line that says why."""
        self.ask(do, **what)
        return str(self.hear("error")["text"])


class Pages:
    """Opens pages of one server."""

    def __init__(self, running: Running) -> None:
        self._running = running

    @contextmanager
    def open(self, may_control: bool = True, watch: int | None = 1) -> Iterator[Page]:
        """A page until the block ends; it watches a branch already."""
        origin = self._running.address.origin()
        with connect(
            f"ws://127.0.0.1:{self._running.address.port}/ws",
            origin=websockets.Origin(origin),
            additional_headers={"Cookie": self._cookie(may_control)},
            compression=None,
            max_size=None,
        ) as socket:
            page = Page(socket)
            page.hear("welcome")
            if watch is not None:
                page.ask("watch", branch=watch)
                page.hear("branch")
            yield page

    def request(self, method: str, path: str, body: bytes = b"", may_control: bool = True) -> tuple[int, Any]:
        """Status and JSON of an HTTP request by the page."""
        headers = {"Origin": self._running.address.origin(), "Cookie": self._cookie(may_control)}
        status, _, content = self._send(method, path, body, headers)
        return status, json.loads(content)

    def _cookie(self, may_control: bool) -> str:
        tokens = self._running.tokens
        token = json.dumps({"token": tokens.control if may_control else tokens.watch}).encode()
        headers = {"Origin": self._running.address.origin(), "Content-Type": "application/json"}
        status, cookie, content = self._send("POST", "/session", token, headers)
        assert status == 200, content
        return cookie

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self._running.address.port)
        line.request(method, path, body, headers)
        answer = line.getresponse()
        content = answer.read()
        line.close()
        return answer.status, (answer.headers["set-cookie"] or "").split(";")[0], content


@contextmanager
def served(viewer: Viewer, folder: Path) -> Iterator[Pages]:
    """A server until the block ends; `folder` is for the page, which nobody looks at."""
    with serve_in_thread(create_app(viewer), make_page(folder / "page")) as running:
        yield Pages(running)
