"""Archives to the page: those that the server was asked to show, and branches as archives."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from mettascope.archive import SUFFIX, bake, pack_archive
from mettascope.branch import Branch
from mettascope.viewer import Viewer


async def kept_archive(request: Request) -> Response:
    """An archive that the server keeps for its pages, as a file's bytes."""
    viewer: Viewer = request.app.state.viewer
    return archive_response(viewer.branches.archive(request.path_params["archive"]).data)


async def download_archive(request: Request) -> Response:
    """The recording of a branch as an archive."""
    viewer: Viewer = request.app.state.viewer
    branch = viewer.branches[request.path_params["branch"]]
    response = archive_response(await asyncio.to_thread(_bake, branch))
    name = f"{branch.game.name}-{branch.number}{SUFFIX}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def archive_response(data: bytes) -> Response:
    """The bytes of an archive's file."""
    return Response(data, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})


def _bake(branch: Branch) -> bytes:
    return pack_archive(bake(branch.replay(), title=branch.title))
