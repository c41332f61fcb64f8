"""PageFiles: the built page, held in memory and answered by exact name, so that no path leads outside of it."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

# The machine's own table of types differs between systems; a script of the wrong type is not run.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_SQUEEZED = {".css", ".html", ".js", ".json", ".map", ".svg", ".txt", ".wasm", ".webmanifest"}
_HASHED = re.compile(r"/assets/.+-[\w-]{8}\.\w+")
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class _File:
    content: bytes
    squeezed: bytes | None
    type: str
    caching: str


class PageFiles:
    """ASGI application that answers the files of a built page, and 404 to everything else.

    Args:
        folder: what the page's builder wrote, with `index.html` in it. Hidden files and links are left out.

    Raises:
        ValueError: no `index.html`, or a file of a kind that we have no type for.
    """

    def __init__(self, folder: Path) -> None:
        files = {f"/{path.relative_to(folder).as_posix()}": path for path in _visible(folder)}
        if "/index.html" not in files:
            raise ValueError(f"{folder} holds no built page: index.html is missing")
        self._table = {name: _read(name, path) for name, path in files.items()}
        self._table["/"] = self._table["/index.html"]

    def __contains__(self, path: str) -> bool:
        return path in self._table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET."""
        file = self._table.get(scope["path"])
        if file is None:
            await Response(status_code=404)(scope, receive, send)
            return
        headers = {"content-type": file.type, "cache-control": file.caching, "vary": "accept-encoding"}
        content = file.content
        if file.squeezed is not None and _takes_gzip(scope):
            headers["content-encoding"] = "gzip"
            content = file.squeezed
        await Response(content, headers=headers)(scope, receive, send)


def _visible(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _visible(path)
        elif path.is_file():
            yield path


def _read(name: str, path: Path) -> _File:
    kind = _TYPES.get(path.suffix)
    if kind is None:
        known = " ".join(sorted(_TYPES))
        raise ValueError(f"{path}: the page's server has no content type for this file; it knows {known}")
    content = path.read_bytes()
    squeezed = gzip.compress(content, mtime=0) if path.suffix in _SQUEEZED else None
    return _File(content, squeezed, kind, _FOREVER if _HASHED.fullmatch(name) else "no-store")


def _takes_gzip(scope: Scope) -> bool:
    accepted = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding").lower()
    offers = [offer.replace(b" ", b"") for offer in accepted.split(b",")]
    return any(offer == b"gzip" or (offer.startswith(b"gzip;") and offer != b"gzip;q=0") for offer in offers)
