"""Replay files from and to the page."""

import asyncio
import tempfile
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mettagrid.replay_file import SUFFIX, read_replay, write_replay
from mettascope.branch import Branch
from mettascope.viewer import Viewer

_LARGEST = 64 << 20


async def upload_replay(request: Request) -> Response:
    """Opens the replay file that the request's body holds; answers with the number of its branch."""
    viewer: Viewer = request.app.state.viewer
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > _LARGEST:
            raise ValueError(f"a replay file has at most {_LARGEST >> 20} MiB")
    name = Path(request.query_params.get("name", f"replay{SUFFIX}")).name[:200]
    branch = await asyncio.to_thread(_open, viewer, bytes(data), name)
    viewer.tell_list()
    return JSONResponse({"branch": branch})


async def download_replay(request: Request) -> Response:
    """The recording of a branch as a replay file."""
    viewer: Viewer = request.app.state.viewer
    branch = viewer.branches[request.path_params["branch"]]
    data = await asyncio.to_thread(_file_of, branch)
    headers = {"Content-Disposition": f'attachment; filename="{branch.game.name}-{branch.number}{SUFFIX}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


def _open(viewer: Viewer, data: bytes, name: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{SUFFIX}"
        path.write_bytes(data)
        try:
            replay = read_replay(path)
        except ValueError as error:
            raise ValueError(str(error).replace(str(path), name)) from None
    return viewer.branches.open(replay, name).number


def _file_of(branch: Branch) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write_replay(Path(folder) / f"branch{SUFFIX}", branch.replay()).read_bytes()
