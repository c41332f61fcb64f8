"""The pictures that the page draws worlds with."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mettagrid.render.atlas import look_table, paint_atlas
from mettascope.viewer import Viewer


async def atlas(request: Request) -> Response:
    """The sprite atlas of a branch's game as PNG (`?palette=dark`)."""
    viewer: Viewer = request.app.state.viewer
    game = viewer.branches[request.path_params["branch"]].game
    painted = await asyncio.to_thread(paint_atlas, game, palette=_palette(request))
    return Response(painted.png, media_type="image/png", headers={"Cache-Control": "no-store"})


async def looks(request: Request) -> Response:
    """How a branch's game looks in another palette (`?palette=dark`); the description has the light one."""
    viewer: Viewer = request.app.state.viewer
    game = viewer.branches[request.path_params["branch"]].game
    return JSONResponse(await asyncio.to_thread(look_table, game, _palette(request)))


def _palette(request: Request) -> str:
    return request.query_params.get("palette", "light")
