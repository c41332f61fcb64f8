"""Replay files from and to the page."""

import asyncio
import tempfile
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mettagrid.config.nearest import did_you_mean
from mettagrid.replay_file import SUFFIX, write_replay
from mettascope.archive import Archive, pack_archive
from mettascope.archive.opening import unpack_episode
from mettascope.branch import Branch
from mettascope.routes.archives import archive_response
from mettascope.viewer import Viewer

_LARGEST = 64 << 20
_MOST = 500  # names in the list
_SUFFIXES = (SUFFIX, ".baked", ".json.z")


async def upload_replay(request: Request) -> Response:
    """Opens the replay file that the request's body holds; answers with the number of its branch.

    What needs no engine (an archive, a replay of the original) is answered with an archive, which the page opens.
    """
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > _LARGEST:
            raise ValueError(f"a replay file has at most {_LARGEST >> 20} MiB")
    name = Path(request.query_params.get("name", f"replay{SUFFIX}")).name[:200]
    return await _opened(request, bytes(data), name)


async def _opened(request: Request, data: bytes, name: str) -> Response:
    viewer: Viewer = request.app.state.viewer
    opened = await asyncio.to_thread(_open, viewer, data, name)
    if isinstance(opened, bytes):
        return archive_response(opened)
    viewer.tell_list()
    return JSONResponse({"branch": opened})


async def list_replays(request: Request) -> Response:
    """Names of the replay files that lie in the run folder, newest first."""
    found = await asyncio.to_thread(_found, request.app.state.replays)
    return JSONResponse({"replays": list(found)})


async def open_replay(request: Request) -> Response:
    """Opens a file of that list (`?name=`)."""
    found = await asyncio.to_thread(_found, request.app.state.replays)
    name = request.query_params.get("name", "")
    if name not in found:
        raise ValueError(f"there is no replay {name!r} in the run folder; {did_you_mean(name, found)}")
    return await _opened(request, await asyncio.to_thread(_read, found[name]), name)


async def download_replay(request: Request) -> Response:
    """The recording of a branch as a replay file."""
    viewer: Viewer = request.app.state.viewer
    branch = viewer.branches[request.path_params["branch"]]
    data = await asyncio.to_thread(_file_of, branch)
    headers = {"Content-Disposition": f'attachment; filename="{branch.game.name}-{branch.number}{SUFFIX}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


def _found(folder: Path | None) -> dict[str, Path]:
    """The replay files below a folder by their names in it; links that lead elsewhere are left out."""
    if folder is None or not folder.is_dir():
        return {}
    root = folder.resolve()
    paths = [path for path in root.rglob("*") if path.name.endswith(_SUFFIXES) and path.is_file()]
    inside = [path for path in paths if path.resolve().is_relative_to(root)]
    newest = sorted(inside, key=lambda path: path.stat().st_mtime, reverse=True)[:_MOST]
    return {path.relative_to(root).as_posix(): path for path in newest}


def _read(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"a replay file has at most {_LARGEST >> 20} MiB")
    return path.read_bytes()


def _open(viewer: Viewer, data: bytes, name: str) -> int | bytes:
    """The number of a branch, or the bytes of an archive's file."""
    episode = unpack_episode(data, name)
    if isinstance(episode, Archive):
        return pack_archive(episode)
    return viewer.branches.open(episode, name).number


def _file_of(branch: Branch) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write_replay(Path(folder) / f"branch{SUFFIX}", branch.replay()).read_bytes()
