"""The web application: the page, its websocket, and what is fetched by address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from mettagrid.config.base import explain
from mettagrid.one_line import one_line
from mettascope.routes.archives import download_archive, kept_archive
from mettascope.routes.atlas import atlas, looks
from mettascope.routes.replays import download_replay, list_replays, open_replay, upload_replay
from mettascope.routes.worlds import Workshop, world_routes
from mettascope.viewer import Viewer
from mettascope.visitor import Visitor


def create_app(viewer: Viewer, replays: Path | None = None) -> Starlette:
    """The application without the guard and the page's files, which `serve` puts around it.

    Args:
        viewer: what there is to see; routes find it in `app.state.viewer`.
        replays: folder whose replay files can be opened by name; None for no such folder.
    """
    app = Starlette(routes=routes(), exception_handlers={ValueError: _refused}, lifespan=_lifespan)
    app.state.viewer = viewer
    app.state.replays = replays
    app.state.workshop = Workshop()
    return app


def routes() -> list[BaseRoute]:
    """Every route; all lie behind the guard."""
    return [
        WebSocketRoute("/ws", _talk),
        Route("/api/branches/{branch:int}/atlas.png", atlas),
        Route("/api/branches/{branch:int}/replay", download_replay),
        Route("/api/branches/{branch:int}/archive", download_archive),
        Route("/api/archives/{archive:int}", kept_archive),
        Route("/api/branches/{branch:int}/looks", looks),
        Route("/api/replays", list_replays),
        Route("/api/replays", upload_replay, methods=["POST"]),
        Route("/api/replays/open", open_replay, methods=["POST"]),
        *world_routes(),
    ]


async def _talk(websocket: WebSocket) -> None:
    await websocket.accept()
    may_control = bool(getattr(websocket.state, "may_control", False))
    await Visitor(websocket, websocket.app.state.viewer, may_control).talk()


async def _refused(request: Request, error: Exception) -> Response:
    """A mistake of whoever asked, as one line."""
    line = explain(error) if isinstance(error, ValidationError) else str(error)
    return JSONResponse({"error": one_line(line, 1000)}, status_code=400)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    app.state.viewer.stop()
