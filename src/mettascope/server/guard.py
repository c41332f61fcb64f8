"""Guard: the outermost layer of the viewer's server. What it does not let through, the application never sees.

It asks everyone: is the address ours (Host: against DNS rebinding), does our own page ask (Origin), and what does the
cookie allow. Only the built page and the exchange of a token for a cookie answer without one.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mettascope.server.address import Address
from mettascope.server.page_files import PageFiles
from mettascope.server.tokens import Right, Tokens, cookie_header

SESSION_PATH = "/session"
_MAX_TOKEN_BYTES = 1024
_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; connect-src 'self'{socket}; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Limits:
    """How much one server takes from its visitors."""

    max_body_bytes: int = 64 * 2**20
    """Of one request; a replay of the original's JSON kind has some tens of megabytes."""
    body_timeout_s: float = 60.0
    """For a whole request body to arrive."""
    max_message_bytes: int = 2**20
    """Of one message that a websocket receives; more closes it with code 1009."""
    max_websockets: int = 1500
    """Open at the same time."""
    ping_interval_s: float = 20.0
    """A websocket is asked so often whether it is there, and has as long to answer."""


class _Refusal(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Guard:
    """ASGI middleware that refuses by default.

    Routes behind it read `request.state.may_control` (a bool): requests other than GET arrive only with True, and a
    websocket must ask it before it obeys a message that changes something.

    Args:
        app: what is guarded.
        page: the built page; answered to everybody who asks by one of our names, so it holds no secret.
        tokens: the secrets of this server.
        address: where it listens.
        limits: how much it takes.
    """

    def __init__(
        self, app: ASGIApp, page: PageFiles, tokens: Tokens, address: Address, limits: Limits | None = None
    ) -> None:
        self._app = app
        self._page = page
        self._tokens = tokens
        self._address = address
        self._limits = limits or Limits()
        self._cookie_name = f"mettascope-{address.port}"
        self.num_websockets = 0
        """How many are open now."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] not in ("http", "websocket"):
            raise RuntimeError(f"the viewer's server does not know scope {scope['type']!r}")
        headers = _Headers(scope["headers"])
        host = self._own_host(scope, headers)
        send = _with_security_headers(send, host)
        try:
            if host is None:
                raise _Refusal(
                    403, "this server is not asked by its own address: use the one that it printed"
                )
            _check_origin(scope, headers, host)
            if scope["type"] == "websocket":
                await self._pass_websocket(scope, headers, receive, send)
            else:
                await self._pass_request(scope, headers, receive, send)
        except _Refusal as refusal:
            await JSONResponse({"error": refusal.reason}, refusal.status)(scope, receive, send)

    def _own_host(self, scope: Scope, headers: "_Headers") -> str | None:
        """Return the one host that was asked for, None if it is not ours."""
        local = scope.get("server")
        hosts = [host.lower() for host in headers.all("host")]
        is_ours = len(hosts) == 1 and self._address.is_ours(hosts[0], local[0] if local else None)
        return hosts[0] if is_ours else None

    async def _pass_request(self, scope: Scope, headers: "_Headers", receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        if method not in _METHODS:
            raise _Refusal(405, f"there is no method {method} here")
        if method == "GET" and path in self._page:
            await self._page(scope, receive, send)
            return
        # A page of another port of this machine counts as the same site, so its pictures would carry our cookie.
        if headers.first("sec-fetch-site") not in ("", "same-origin", "none"):
            raise _Refusal(403, "only this server's own page may ask that")
        if path == SESSION_PATH and method == "POST":
            await self._give_cookie(scope, headers, receive, send)
            return
        right = self._right(headers)
        if path == SESSION_PATH and method == "GET":
            await JSONResponse(_session(right))(scope, receive, send)
            return
        if method != "GET" and right < Right.CONTROL:
            raise _Refusal(403, "you may watch, not change: that needs the address with the control token")
        receive = await self._read_whole(headers, receive, self._limits.max_body_bytes)
        await self._app(_allowing(scope, right), receive, send)

    async def _pass_websocket(self, scope: Scope, headers: "_Headers", receive: Receive, send: Send) -> None:
        right = self._right(headers)
        if self.num_websockets >= self._limits.max_websockets:
            raise _Refusal(503, f"{self.num_websockets} are watching already: no more fit")
        self.num_websockets += 1
        try:
            await self._app(_allowing(scope, right), receive, send)
        finally:
            self.num_websockets -= 1

    def _right(self, headers: "_Headers") -> Right:
        right = self._tokens.right_of_cookies(headers.raw("cookie"), self._cookie_name)
        if right is Right.NONE:
            raise _Refusal(401, "open the address that the program printed: it has the token")
        return right

    async def _give_cookie(self, scope: Scope, headers: "_Headers", receive: Receive, send: Send) -> None:
        """Exchange a token for a cookie; whoever may control already keeps that."""
        whole = await self._read_whole(headers, receive, _MAX_TOKEN_BYTES)
        right = self._tokens.right_of_token(_token_in((await whole())["body"]))
        if right is Right.NONE:
            raise _Refusal(
                401, "this token is not valid (any more): use the address that the program printed"
            )
        right = max(right, self._tokens.right_of_cookies(headers.raw("cookie"), self._cookie_name))
        cookie = cookie_header(self._cookie_name, self._tokens.cookie_of(right))
        await JSONResponse(_session(right), headers={"set-cookie": cookie})(scope, receive, send)

    async def _read_whole(self, headers: "_Headers", receive: Receive, max_bytes: int) -> Receive:
        """Read the body, and return a `receive` that gives it at once."""
        too_much = _Refusal(413, f"a request may have {max_bytes} bytes")
        length = headers.first("content-length")
        if length and not _is_at_most(length, max_bytes):
            raise too_much
        body = bytearray()
        try:
            async with asyncio.timeout(self._limits.body_timeout_s):
                async for part in _parts(receive):
                    body += part
                    if len(body) > max_bytes:
                        raise too_much
        except TimeoutError:
            raise _Refusal(408, "the request took too long to arrive") from None
        return _giving(bytes(body), receive)


class _Headers:
    """Request headers by name; the middleware must see every value, as a proxy or application might use another."""

    def __init__(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[str, list[bytes]] = {}
        for name, value in headers:
            self._values.setdefault(name.decode("latin-1").lower(), []).append(value)

    def raw(self, name: str) -> list[bytes]:
        return self._values.get(name, [])

    def all(self, name: str) -> list[str]:
        return [value.decode("latin-1") for value in self.raw(name)]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")


def content_policy(host: str | None) -> str:
    """Return the Content-Security-Policy of a page that was asked for at this host of ours.

    WebGL needs nothing, pictures that the page makes itself need blob:, and older browsers do not count a websocket
    of the same address as 'self'.
    """
    return _POLICY.format(socket=f" ws://{host}" if host else "")


def _check_origin(scope: Scope, headers: _Headers, host: str) -> None:
    """The page that asks must come from the very address that it asks: no other site, no other port."""
    origins = headers.all("origin")
    is_reading = scope["type"] == "http" and scope["method"] == "GET"
    if not origins and is_reading:
        return
    if len(origins) != 1 or origins[0].lower() != f"http://{host}":
        raise _Refusal(403, "only this server's own page may ask that")


def _with_security_headers(send: Send, host: str | None) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            message.setdefault("headers", [])
            headers = MutableHeaders(scope=message)
            headers.update(_HEADERS)
            headers.setdefault("cache-control", "no-store")
            headers["content-security-policy"] = content_policy(host)
        await send(message)

    return send_with_headers


def _allowing(scope: Scope, right: Right) -> Scope:
    state: Mapping[str, object] = scope.get("state") or {}
    return {**scope, "state": {**state, "may_control": right >= Right.CONTROL}}


def _session(right: Right) -> dict[str, bool]:
    return {"may_control": right >= Right.CONTROL}


def _is_at_most(number: str, most: int) -> bool:
    return len(number) < 20 and number.isdecimal() and int(number) <= most


def _token_in(body: bytes) -> str:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise _Refusal(400, 'send {"token": "..."}') from None
    token = content.get("token") if isinstance(content, dict) else None
    if not isinstance(token, str):
        raise _Refusal(400, 'send {"token": "..."}')
    return token


async def _parts(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _Refusal(400, "the request ended before its body did")
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


def _giving(body: bytes, receive: Receive) -> Receive:
    is_given = False

    async def give() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give
