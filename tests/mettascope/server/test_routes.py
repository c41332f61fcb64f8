"""Every route of the viewer, and of a sample with routes of every kind: nobody gets in with one thing wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from mettascope.app import create_app
from mettascope.branches import Branches
from mettascope.server.guard import Guard
from mettascope.server.tokens import Right, Tokens
from mettascope.viewer import Viewer
from tests.mettascope.server.asking import ORIGIN, ask, cookie, guarded, make_page, open_websocket
from tests.mettascope.server.sample_app import SampleApp

PARAMETERS = {
    "int": "1",
    "str": "x",
    "path": "a/b",
    "float": "1.5",
    "uuid": "3f6cf4f7-3a3b-4c5e-8a2f-0d9b5e4a1c2d",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OWN = {"origin": ORIGIN}

Door = tuple[str, str]  # method ("WS": a websocket), path


def doors(routes: list[BaseRoute], prefix: str = "") -> Iterator[Door]:
    """Every method and address under which something might answer."""
    for route in routes:
        if isinstance(route, Mount):
            assert route.routes, f"{route.path} is an application of its own, whose routes nobody knows"
            yield from doors(route.routes, prefix + filled(route))
        elif isinstance(route, WebSocketRoute):
            yield "WS", prefix + filled(route)
        else:
            assert isinstance(route, Route), f"a kind of route that this test does not know: {route}"
            for method in METHODS:
                yield method, prefix + filled(route)


def filled(route: Route | WebSocketRoute | Mount) -> str:
    """A path of this route, with values for its parameters."""
    path = route.path_format
    for name, convertor in route.param_convertors.items():
        kind = type(convertor).__name__.removesuffix("Convertor").lower()
        path = path.replace(
            "{" + name + "}", PARAMETERS.get({"string": "str", "integer": "int"}.get(kind, kind), "x")
        )
    return path.replace("/{path}", "") if isinstance(route, Mount) else path


class Inside:
    """Stands behind the guard in place of the application, and counts."""

    def __init__(self) -> None:
        self.reached: list[Door] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached.append((scope.get("method", "WS"), scope["path"]))
        answer = WebSocketClose() if scope["type"] == "websocket" else Response()
        await answer(scope, receive, send)


@pytest.fixture(params=["viewer", "sample"])
def all_doors(request: pytest.FixtureRequest) -> list[Door]:
    app = create_app(Viewer(Branches())) if request.param == "viewer" else SampleApp().app
    found = [door for door in doors(app.routes) if door[1] not in ("/", "/session")]
    assert {"/ws"} < {path for _, path in found}
    assert not any("{" in path for _, path in found)
    return [*found, ("GET", "/nothing"), ("POST", "/nothing"), ("WS", "/nothing")]


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
def guard(inside: Inside, tmp_path: Path) -> Guard:
    return guarded(inside, make_page(tmp_path / "page"))[0]


@pytest.fixture
def tokens(guard: Guard) -> Tokens:
    return guard._tokens


def knock(guard: Guard, door: Door, headers: dict[str, str]) -> int:
    method, path = door
    if method == "WS":
        return open_websocket(guard, path, headers).status
    return ask(guard, path, method, headers).status


def test_nobody_gets_in_with_one_thing_wrong(
    guard: Guard, tokens: Tokens, inside: Inside, all_doors: list[Door]
) -> None:
    good = {**OWN, **cookie(tokens, Right.CONTROL)}
    wrong = [
        {},
        OWN,
        {**OWN, **cookie(Tokens(), Right.CONTROL)},
        {**OWN, "cookie": "mettascope-8765=" + tokens.control},
        {**OWN, "authorization": "Bearer " + tokens.control},
        {**good, "host": "evil.example:8765"},
        {**good, "host": "evil.example:8765", "origin": "http://evil.example:8765"},
        {**good, "host": ""},
        {**good, "origin": "http://evil.example"},
        {**good, "origin": "http://localhost:8765"},
        {**good, "origin": "null"},
    ]
    for door in all_doors:
        for headers in wrong:
            assert knock(guard, door, headers) in (401, 403, 405), (door, headers)
    assert not inside.reached


def test_missing_origin_is_for_reading_only(
    guard: Guard, tokens: Tokens, inside: Inside, all_doors: list[Door]
) -> None:
    for door in all_doors:
        knock(guard, door, cookie(tokens, Right.CONTROL))
    assert inside.reached == [door for door in all_doors if door[0] == "GET"]


def test_watchers_read_and_open_websockets(
    guard: Guard, tokens: Tokens, inside: Inside, all_doors: list[Door]
) -> None:
    for door in all_doors:
        knock(guard, door, {**OWN, **cookie(tokens, Right.WATCH)})
    assert inside.reached == [door for door in all_doors if door[0] in ("GET", "WS")]


def test_control_reaches_everything(
    guard: Guard, tokens: Tokens, inside: Inside, all_doors: list[Door]
) -> None:
    """The tests above refuse what would be let in, if that one thing were right."""
    for door in all_doors:
        knock(guard, door, {**OWN, **cookie(tokens, Right.CONTROL)})
    assert inside.reached == [door for door in all_doors if door[0] not in ("HEAD", "OPTIONS")]
