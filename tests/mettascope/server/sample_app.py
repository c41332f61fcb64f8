"""A small application with every kind of route, which counts what reaches it."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from mettascope.outbox import Outbox, incoming


class SampleApp:
    """What came through the guard is in `seen`, as (path, may_control)."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bool]] = []
        self.bodies: list[bytes] = []
        self.app = Starlette(
            routes=[
                Route("/", self.answer),
                Route("/assets/{name}", self.answer),
                Route("/session", self.answer, methods=["GET", "POST", "DELETE"]),
                Route("/api/games", self.answer, methods=["GET", "POST"]),
                Route(
                    "/api/games/{name}/cells/{x:int}", self.answer, methods=["GET", "PUT", "PATCH", "DELETE"]
                ),
                Mount("/files", routes=[Route("/{path:path}", self.answer)]),
                WebSocketRoute("/ws", self.echo),
                WebSocketRoute("/api/worlds/{name}/ws", self.echo),
            ]
        )

    async def answer(self, request: Request) -> Response:
        self.seen.append((request.url.path, request.state.may_control))
        self.bodies.append(await request.body())
        return JSONResponse({"path": request.url.path})

    async def echo(self, websocket: WebSocket) -> None:
        self.seen.append((websocket.url.path, websocket.state.may_control))
        await websocket.accept()
        async with Outbox(websocket) as outbox:
            async for message in incoming(websocket):
                outbox.post(message)
