"""The pictures that the page draws worlds with."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from mettagrid.render.atlas import paint_atlas
from mettascope.viewer import Viewer


async def atlas(request: Request) -> Response:
    """The sprite atlas of a branch's game as PNG."""
    viewer: Viewer = request.app.state.viewer
    game = viewer.branches[request.path_params["branch"]].game
    painted = await asyncio.to_thread(paint_atlas, game)
    return Response(painted.png, media_type="image/png", headers={"Cache-Control": "no-store"})
