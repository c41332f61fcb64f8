"""The Hub, against a small server on this machine that answers as it does: trees, files, nothing."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from metta.common.errors import MachineError, UserError
from metta.policy.stores import open_store

FILES = {"run/run:v1.mpt": b"one", "run/run:v2.mpt": b"two" * 100, "README.md": b"hello"}
COMMIT = "a" * 40
REPOSITORY = "someone/arena"


class Hub(BaseHTTPRequestHandler):
    """`/api/models/<repository>/tree/<revision>/<folder>` and `/<repository>/resolve/<revision>/<file>`."""

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).strip("/")
        tree, resolve = f"api/models/{REPOSITORY}/tree/", f"{REPOSITORY}/resolve/"
        if path.startswith(tree):
            self._answer_tree(path.removeprefix(tree).partition("/")[2])
        elif path.startswith(resolve):
            self._answer_file(path.removeprefix(resolve).partition("/")[2])
        else:
            self._send(404, b"", {"X-Error-Code": "RepoNotFound"})

    def _answer_tree(self, folder: str) -> None:
        names = [name for name in FILES if name.rpartition("/")[0] == folder]
        if not names:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        entries = [
            {"type": "file", "oid": "0" * 40, "size": len(FILES[name]), "path": name} for name in names
        ]
        folders = [] if folder else [{"type": "directory", "oid": "0" * 40, "size": 0, "path": "run"}]
        self._send(200, json.dumps(entries + folders).encode(), {"Content-Type": "application/json"})

    def _answer_file(self, name: str) -> None:
        if name not in FILES:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})
            return
        tag = hashlib.sha1(FILES[name]).hexdigest()
        self._send(200, FILES[name], {"ETag": f'"{tag}"', "X-Repo-Commit": COMMIT})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("revision", ["", "@main", "@v1"])
def test_files_and_folders(hub: ThreadingHTTPServer, revision: str) -> None:
    store, key = open_store(f"hf://{REPOSITORY}{revision}/run/run:v2.mpt")
    assert key == "run/run:v2.mpt"
    assert store.sizes("run") == {"run:v1.mpt": 3, "run:v2.mpt": 300}
    assert store.sizes("") == {"README.md": 5}
    assert store.sizes("nowhere") == {}
    assert store.fetch("run/run:v9.mpt") is None
    path = store.fetch(key)
    assert path is not None
    assert (path.name, path.read_bytes()) == ("run:v2.mpt", FILES["run/run:v2.mpt"])


def test_what_was_read_once_is_there_without_the_hub(
    hub: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda seconds: None)  # between attempts
    store, key = open_store(f"hf://{REPOSITORY}/run/run:v1.mpt")
    store.fetch(key)
    hub.shutdown()
    hub.server_close()
    path = store.fetch(key)
    assert path is not None
    assert path.read_bytes() == b"one"
    with pytest.raises(MachineError, match=r"\Ahf://someone/arena/run/run:v2\.mpt: [^\n]+\Z"):
        store.fetch("run/run:v2.mpt")
    with pytest.raises(MachineError, match=r"\Ahf://someone/arena: [^\n]+\Z"):
        store.sizes("run")


def test_mistakes_are_one_line(hub: ThreadingHTTPServer) -> None:
    store, _ = open_store("hf://someone/else")
    with pytest.raises(
        UserError, match=r"\Ahf://someone/else: there is no such repository, or it is private\Z"
    ):
        store.fetch("x.mpt")
    with pytest.raises(UserError, match="needs an owner and a name"):
        open_store("hf://someone")
