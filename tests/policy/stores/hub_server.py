"""A stand-in for the Hub on this machine: as much of its HTTP interface as reading and writing a repository takes.

Contents go the way of its large files (LFS): asked for by SHA-256, uploaded whole or in parts, verified, and then named
by a commit. Its newer store of chunks (Xet) is not here. Nothing leaves 127.0.0.1.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

REPOSITORY = "someone/arena"
WRITER, READER = "hf_writer", "hf_reader"
PAGE = 40  # entries of a folder that the server gives at a time
PART_BYTES = 5 << 20  # larger files are uploaded in parts
LARGE_BYTES = 1000  # smaller files travel in the commit itself
DENIED = {"X-Error-Message": "Authorization error."}
UNKNOWN = {"X-Error-Message": "Invalid credentials in Authorization header"}

Answer = tuple[int, Any, dict[str, str]]


class HubServer:
    """One repository with the branch main.

    Attributes:
        files: what the branch holds by path; replaced as a whole by a commit.
        commits: their messages.
        blobs: large contents by SHA-256, whether or not a commit names them.
        requests: `POST /api/...` of all that came.
        busy: of a request: whether it is answered with 503.
        chunks: address of the store of chunks.
    """

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files = dict(files or {})
        self.commits: list[str] = []
        self.blobs: dict[str, bytes] = {}
        self.requests: list[str] = []
        self.busy: Callable[[str], bool] = lambda request: False
        self.chunks = ""
        self._parts: dict[tuple[str, int], bytes] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": self}))
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def head(self) -> str:
        """Name of the newest commit; another state of the files has another."""
        state = [self.commits, {path: _oid(data) for path, data in self.files.items()}]
        return hashlib.sha1(json.dumps(state).encode()).hexdigest()

    def answer(self, method: str, address: str, body: bytes, token: str | None, host: str) -> Answer:
        """Answer a request: status, body (bytes or JSON) and headers."""
        path = unquote(urlsplit(address).path).strip("/")
        self.requests.append(f"{method} /{path}")
        if self.busy(self.requests[-1]):
            return 503, b"", {}
        if path.startswith("upload/"):  # a signed address: who has it may
            return self._take_content(path.split("/")[1:], body)
        if token not in (None, WRITER, READER):
            return 401, b"", UNKNOWN
        below = path.removeprefix("api/models/")
        if not below.startswith((f"{REPOSITORY}/", f"{REPOSITORY}.git/")):
            return (404 if token else 401), b"", {"X-Error-Code": "RepoNotFound"}
        what, _, rest = below.removeprefix(REPOSITORY).strip("/").partition("/")
        revision, _, name = rest.partition("/")
        if what != ".git" and revision not in ("main", "v1"):
            return 404, b"", {"X-Error-Code": "RevisionNotFound"}
        reads = what in ("tree", "resolve", "revision")
        url = f"http://{host}"
        return self._read(what, name, url + address) if reads else self._write(what, body, token, url)

    def _read(self, what: str, name: str, address: str) -> Answer:
        if what == "tree":
            start = parse_qs(urlsplit(address).query).get("cursor", ["0"])[0]
            return self._tree(name, int(start), address.partition("?")[0])
        if what == "resolve":
            return self._file(name)
        return 200, {"id": REPOSITORY, "sha": self.head}, {}

    def _write(self, what: str, body: bytes, token: str | None, host: str) -> Answer:
        if token != WRITER:
            return 403, b"", DENIED
        if what == "xet-write-token":
            return 200, {"accessToken": "", "exp": 1 << 40, "casUrl": self.chunks}, {}
        asked = [json.loads(line) for line in body.splitlines()]
        answers = {"preupload": self._modes, ".git": self._where_to, "commit": self._commit}
        return answers[what](asked, host)

    def _tree(self, folder: str, start: int, address: str) -> Answer:
        above = f"{folder}/" if folder else ""
        below = sorted(name.removeprefix(above) for name in self.files if name.startswith(above))
        names = list(dict.fromkeys(name.partition("/")[0] for name in below))
        if folder and not names:
            return 404, b"", {"X-Error-Code": "EntryNotFound"}
        page = [self._entry(above + name) for name in names[start : start + PAGE]]
        link = f'<{address}?cursor={start + PAGE}>; rel="next"'
        return 200, page, {"Link": link} if start + PAGE < len(names) else {}

    def _entry(self, path: str) -> dict[str, Any]:
        if path not in self.files:
            return {"type": "directory", "oid": "0" * 40, "size": 0, "path": path}
        return {"type": "file", "oid": _oid(self.files[path]), "size": len(self.files[path]), "path": path}

    def _file(self, name: str) -> Answer:
        state = {"X-Repo-Commit": self.head}
        if name not in self.files:
            return 404, b"", {"X-Error-Code": "EntryNotFound", **state}
        return 200, self.files[name], {"ETag": f'"{_oid(self.files[name])}"', **state}

    def _modes(self, asked: list[Any], host: str) -> Answer:
        """Say which files go which way, and what is there already."""
        files = [
            {
                "path": file["path"],
                "uploadMode": "lfs" if file["size"] >= LARGE_BYTES else "regular",
                "shouldIgnore": False,
                "oid": _oid(self.files[file["path"]]) if file["path"] in self.files else None,
            }
            for file in asked[0]["files"]
        ]
        return 200, {"files": files}, {}

    def _where_to(self, asked: list[Any], host: str) -> Answer:
        """Say where large contents go; to those that were there, when they are verified, nothing."""
        if "objects" not in asked[0]:
            there = len(self.blobs.get(asked[0]["oid"], b"")) == asked[0]["size"]
            return (200 if there else 404), {}, {}
        objects = []
        for wanted in asked[0]["objects"]:
            oid, size = wanted["oid"], wanted["size"]
            where = f"{host}/upload/{oid}"
            parts = {f"{n + 1:05}": f"{where}/{n + 1}" for n in range(-(-size // PART_BYTES))}
            header = {"chunk_size": str(PART_BYTES), **parts} if len(parts) > 1 else {}
            upload = {"href": where, "header": header}
            verify = {"href": f"{host}/{REPOSITORY}.git/info/lfs/verify"}
            actions = {"actions": {"upload": upload, "verify": verify}} if oid not in self.blobs else {}
            objects.append({"oid": oid, "size": size, **actions})
        return 200, {"transfer": "basic", "objects": objects}, {}

    def _take_content(self, place: list[str], body: bytes) -> Answer:
        """Keep a content, a part, or, when all are there, join the parts."""
        oid = place[0]
        if len(place) > 1:
            self._parts[oid, int(place[1])] = body
            return 200, b"", {"ETag": f'"{place[1]}"'}
        if body.startswith(b'{"'):
            numbers = [part["partNumber"] for part in json.loads(body)["parts"]]
            body = b"".join(self._parts[oid, number] for number in numbers)
        if hashlib.sha256(body).hexdigest() != oid:
            return 400, {"error": "not the SHA-256 that was told"}, {}
        self.blobs[oid] = body
        return 200, b"", {}

    def _commit(self, asked: list[Any], host: str) -> Answer:
        with self._lock:
            files, message = dict(self.files), ""
            for line in asked:
                kind, value = line["key"], line["value"]
                if kind == "header":
                    message = value["summary"]
                elif kind == "file":
                    files[value["path"]] = base64.b64decode(value["content"])
                elif kind == "lfsFile" and value["oid"] in self.blobs:
                    files[value["path"]] = self.blobs[value["oid"]]
                elif kind == "deletedFile":
                    if files.pop(value["path"], None) is None:
                        return 404, b"", {"X-Error-Code": "EntryNotFound"}
                else:
                    return 400, {"error": f"{kind} of what is not there"}, {}
            self.files = files
            self.commits.append(message)
            url = f"{host}/{REPOSITORY}/commit/{self.head}"
            return 200, {"commitUrl": url, "commitOid": self.head}, {}


def _oid(data: bytes) -> str:
    """SHA-256 of large files, Git's SHA-1 of others."""
    if len(data) >= LARGE_BYTES:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    hub: HubServer

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:  # the line broke
            return
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ") or None
        host = self.headers["Host"]
        status, data, headers = self.hub.answer(self.command, self.path, body, token, host)
        sent = data if isinstance(data, bytes) else json.dumps(data).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(sent))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(sent)

    do_GET = do_HEAD = do_POST = do_PUT = _serve


@contextmanager
def hub_server(files: dict[str, bytes] | None = None) -> Iterator[HubServer]:
    server = HubServer(files)
    try:
        yield server
    finally:
        server.stop()


def use_hub(port: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the Hub's library ask at a port, as the writer, use a folder, and not wait between attempts.

    It asks for nothing elsewhere: what it asks on its own for is answered with 404 here.
    """
    address = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("HF_ENDPOINT", address)
    monkeypatch.setenv("HF_TOKEN", WRITER)
    constants = {
        "ENDPOINT": address,
        "HUGGINGFACE_CO_URL_TEMPLATE": address + "/{repo_id}/resolve/{revision}/{filename}",
        "HF_HUB_CACHE": str(folder / "hub"),
        "HF_HUB_DISABLE_XET": True,
    }
    for name, value in constants.items():
        monkeypatch.setattr(f"huggingface_hub.constants.{name}", value)
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda seconds: None)
