"""Asks an ASGI application without a network, with every header under our control."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message

from mettascope.server.address import Address
from mettascope.server.guard import Guard, Limits
from mettascope.server.page_files import PageFiles
from mettascope.server.tokens import Right, Tokens

PORT = 8765
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"


@dataclass
class Answer:
    """What came back; a websocket's handshake that was let in has status 101."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    app: ASGIApp,
    path: str = "/",
    method: str = "GET",
    headers: dict[str, str] | list[tuple[str, str]] | None = None,
    body: bytes = b"",
    **scope: Any,
) -> Answer:
    """One HTTP request; `Host` is the server's own unless headers has another ("" leaves it out)."""
    parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    return ask_in_parts(app, path, method, headers, parts, **scope)


def ask_in_parts(
    app: ASGIApp,
    path: str,
    method: str,
    headers: dict[str, str] | list[tuple[str, str]] | None,
    parts: list[Message],
    **scope: Any,
) -> Answer:
    """The same with a body that arrives piece by piece."""
    return asyncio.run(_talk(app, {**_scope("http", path, headers), "method": method, **scope}, parts))


def open_websocket(
    app: ASGIApp, path: str = "/ws", headers: dict[str, str] | list[tuple[str, str]] | None = None
) -> Answer:
    """One websocket handshake, after which the client leaves."""
    parts: list[Message] = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}]
    extensions = {"websocket.http.response": {}}
    scope = {**_scope("websocket", path, headers), "subprotocols": [], "extensions": extensions}
    return asyncio.run(_talk(app, scope, parts))


def cookie(tokens: Tokens, right: Right, port: int = PORT) -> dict[str, str]:
    """The header of somebody who exchanged a token."""
    return {"cookie": f"mettascope-{port}={tokens.cookie_of(right)}"}


def make_page(folder: Path) -> PageFiles:
    """A page as a builder writes it."""
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(
        "<!doctype html><script type=module src=/assets/index-aB3_x-9z.js></script>"
    )
    (folder / "assets" / "index-aB3_x-9z.js").write_text("console.log('page')")
    return PageFiles(folder)


def guarded(app: ASGIApp, page: PageFiles, limits: Limits | None = None) -> tuple[Guard, Tokens]:
    """The application behind a guard that listens at HOST."""
    tokens = Tokens()
    return Guard(app, page, tokens, Address("127.0.0.1", PORT), limits), tokens


def _scope(kind: str, path: str, headers: dict[str, str] | list[tuple[str, str]] | None) -> dict[str, Any]:
    given = list(headers.items() if isinstance(headers, dict) else headers or [])
    if not any(name == "host" for name, _ in given):
        given.append(("host", HOST))
    raw = [
        (name.encode(), value.encode("latin-1"))
        for name, value in given
        if not (name == "host" and not value)
    ]
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "ws" if kind == "websocket" else "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": raw,
        "client": ("127.0.0.1", 40000),
        "server": ("127.0.0.1", PORT),
        "state": {},
    }


async def _talk(app: ASGIApp, scope: dict[str, Any], parts: list[Message]) -> Answer:
    waiting = list(parts)
    answer = Answer(status=0)

    async def receive() -> Message:
        if waiting:
            return waiting.pop(0)
        return {
            "type": "http.disconnect" if scope["type"] == "http" else "websocket.disconnect",
            "code": 1000,
        }

    async def send(message: Message) -> None:
        if message["type"] == "websocket.accept":
            answer.status = 101
        elif message["type"].endswith("http.response.start"):
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        elif message["type"].endswith("http.response.body"):
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer
