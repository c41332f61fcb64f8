"""Replay files from and to the page."""

import asyncio
import tempfile
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mettagrid.replay_file import SUFFIX, write_replay
from mettascope.archive import Archive, pack_archive
from mettascope.archive.opening import unpack_episode
from mettascope.branch import Branch
from mettascope.routes.archives import archive_response
from mettascope.viewer import Viewer

_LARGEST = 64 << 20


async def upload_replay(request: Request) -> Response:
    """Opens the replay file that the request's body holds; answers with the number of its branch.

    What needs no engine (an archive, a replay of the original) is answered with an archive, which the page opens.
    """
    viewer: Viewer = request.app.state.viewer
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > _LARGEST:
            raise ValueError(f"a replay file has at most {_LARGEST >> 20} MiB")
    name = Path(request.query_params.get("name", f"replay{SUFFIX}")).name[:200]
    opened = await asyncio.to_thread(_open, viewer, bytes(data), name)
    if isinstance(opened, bytes):
        return archive_response(opened)
    viewer.tell_list()
    return JSONResponse({"branch": opened})


async def download_replay(request: Request) -> Response:
    """The recording of a branch as a replay file."""
    viewer: Viewer = request.app.state.viewer
    branch = viewer.branches[request.path_params["branch"]]
    data = await asyncio.to_thread(_file_of, branch)
    headers = {"Content-Disposition": f'attachment; filename="{branch.game.name}-{branch.number}{SUFFIX}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


def _open(viewer: Viewer, data: bytes, name: str) -> int | bytes:
    """The number of a branch, or the bytes of an archive's file."""
    episode = unpack_episode(data, name)
    if isinstance(episode, Archive):
        return pack_archive(episode)
    return viewer.branches.open(episode, name).number


def _file_of(branch: Branch) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write_replay(Path(folder) / f"branch{SUFFIX}", branch.replay()).read_bytes()
