"""The Hub's own library against a stand-in for the Hub on this machine."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from metta.common.errors import MachineError, UserError
from metta.policy.stores import Store, open_store
from metta.policy.stores.hub import _ATTEMPTS
from tests.policy.stores.hub_server import (
    LARGE_BYTES,
    PAGE,
    READER,
    REPOSITORY,
    HubServer,
    hub_server,
    use_hub,
)
from tests.policy.stores.servers import Line

# The library's way to its HTTP library for large files.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=.*:DeprecationWarning")

FILES = {"run/run:v1.mpt": b"one", "run/run:v2.mpt": b"two" * 100, "README.md": b"hello"}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with hub_server(FILES) as server:
        use_hub(server.port, tmp_path, monkeypatch)
        yield server


def open_repository(name: str = REPOSITORY) -> Store:
    return open_store(f"hf://{name}")[0]


def write(path: Path, size: int) -> Path:
    path.write_bytes(bytes(range(256)) * (size // 256) + b"x" * (size % 256))
    return path


@pytest.mark.parametrize("revision", ["", "@main", "@v1"])
def test_files_and_folders(hub: HubServer, revision: str) -> None:
    store, key = open_store(f"hf://{REPOSITORY}{revision}/run/run:v2.mpt")
    assert key == "run/run:v2.mpt"
    assert store.sizes("run") == {"run:v1.mpt": 3, "run:v2.mpt": 300}
    assert store.sizes("") == {"README.md": 5}
    assert store.sizes("nowhere") == {}
    assert store.fetch("run/run:v9.mpt") is None
    path = store.fetch(key)
    assert path is not None
    assert (path.name, path.read_bytes()) == ("run:v2.mpt", FILES["run/run:v2.mpt"])


def test_lists_more_than_one_page(hub: HubServer) -> None:
    hub.files.update({f"many/k{number}": b"1" for number in range(2 * PAGE + 5)})
    assert open_repository().sizes("many") == {f"k{number}": 1 for number in range(2 * PAGE + 5)}


def test_what_was_read_once_is_there_without_the_hub(hub: HubServer) -> None:
    store, key = open_store(f"hf://{REPOSITORY}/run/run:v1.mpt")
    store.fetch(key)
    hub.stop()
    path = store.fetch(key)
    assert path is not None
    assert path.read_bytes() == b"one"
    with pytest.raises(MachineError, match=r"\Ahf://someone/arena/run/run:v2\.mpt: [^\n]+\Z"):
        store.fetch("run/run:v2.mpt")
    with pytest.raises(MachineError, match=r"\Ahf://someone/arena: [^\n]+\Z"):
        store.sizes("run")


@pytest.mark.parametrize("size", [0, 10, LARGE_BYTES, 100_000, 11_000_000])
def test_what_is_written_is_what_is_read(hub: HubServer, size: int, tmp_path: Path) -> None:
    store, path = open_repository(), write(tmp_path / "run:v3.mpt", size)
    store.put(path, "run/run:v3.mpt")
    assert hub.files == {**FILES, "run/run:v3.mpt": path.read_bytes()}
    assert hub.commits == ["Add run:v3.mpt"]
    assert store.sizes("run")["run:v3.mpt"] == size
    copy = store.fetch("run/run:v3.mpt")
    assert copy is not None
    assert copy.read_bytes() == path.read_bytes()


def test_a_file_is_replaced_and_the_same_one_is_no_commit(hub: HubServer, tmp_path: Path) -> None:
    store = open_repository()
    for size in (5000, 6000, 6000):
        store.put(write(tmp_path / "a", size), "run/a")
        copy = store.fetch("run/a")
        assert copy is not None
        assert copy.stat().st_size == size
    assert len(hub.commits) == 2


def test_what_is_deleted_is_gone(hub: HubServer) -> None:
    for _ in range(2):
        open_repository().delete("run/run:v1.mpt")
        assert set(hub.files) == {"run/run:v2.mpt", "README.md"}
    assert hub.commits == ["Remove run:v1.mpt"]


def test_writing_shows_nothing_to_the_user(
    hub: HubServer, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Bars and warnings of the library would run through the training's display."""
    hub.busy = lambda request: "preupload" in request and len(hub.requests) % 2 == 1
    open_repository().put(write(tmp_path / "a", 5000), "run/a")
    assert len([request for request in hub.requests if "preupload" in request]) > 1
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


@pytest.mark.parametrize("step", ["tree", "preupload", "batch", "PUT /upload", "verify", "commit"])
def test_a_hub_that_is_busy_is_asked_again(hub: HubServer, step: str, tmp_path: Path) -> None:
    refused: list[str] = []

    def busy(request: str) -> bool:
        if step in request and len(refused) < 2:
            refused.append(request)
        return step in request and len(refused) < 2

    hub.busy = busy
    store, path = open_repository(), write(tmp_path / "a", 5000)
    store.put(path, "run/a")
    assert store.sizes("run")["a"] == 5000
    assert len(refused) == 2


@pytest.mark.parametrize("step", ["preupload", "batch", "PUT /upload", "commit"])
def test_attempts_end_and_nothing_is_seen(hub: HubServer, step: str, tmp_path: Path) -> None:
    hub.busy = lambda request: step in request
    store = open_repository()
    with pytest.raises(MachineError, match=r"\Ahf://someone/arena: [^\n]*503[^\n]*\Z"):
        store.put(write(tmp_path / "a", 5000), "run/a")
    asked = [request for request in hub.requests if step in request]
    assert _ATTEMPTS <= len(asked) <= 6 * _ATTEMPTS  # the library asks most things six times itself
    assert hub.files == FILES


@pytest.mark.parametrize("broken_at", [0, 1500, 3000, 3_000_000, 5_300_000, 11_002_000])
def test_an_upload_that_breaks_off_is_never_seen(
    hub: HubServer, broken_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(hub.port)
    use_hub(line.port, tmp_path, monkeypatch)
    store, path = open_repository(), write(tmp_path / "new", 11_000_000)
    line.rule = lambda number, sent: sent <= broken_at
    with pytest.raises(MachineError, match=r"\Ahf://someone/arena: [^\n]+\Z"):
        store.put(path, "run/run:v2.mpt")
    assert hub.files == FILES
    line.rule = lambda number, sent: True
    store.put(path, "run/run:v2.mpt")
    assert hub.files == {**FILES, "run/run:v2.mpt": path.read_bytes()}
    line.close()


def test_mistakes_are_one_line(hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a", 10)
    nowhere = (
        r"\Ahf://someone/else: there is no such repository, or it is private and HF_TOKEN may not see it\Z"
    )
    for ask in (lambda store: store.fetch("x.mpt"), lambda store: store.put(path, "x")):
        with pytest.raises(UserError, match=nowhere):
            ask(open_repository("someone/else"))
    with pytest.raises(UserError, match=r"\Ahf://someone/arena: there is no such revision"):
        open_repository(f"{REPOSITORY}@v9").put(path, "x")
    with pytest.raises(UserError, match="needs an owner and a name"):
        open_store("hf://someone")
    with pytest.raises(UserError, match=r"\Ahf://someone/arena/runs/a:v5\.mpt: [^\n]+\Z"):
        open_repository().put(path, "runs/a:v5.mpt")
    for token, status in ((READER, 403), ("hf_nobody", 401), ("", 403)):
        monkeypatch.setenv("HF_TOKEN", token)
        with pytest.raises(
            UserError, match=rf"\Ahf://someone/arena: refused \({status}\): HF_TOKEN [^\n]+\Z"
        ):
            open_repository().put(path, "x")
    assert hub.files == FILES


def test_chunks(hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where its library has Xet, contents go to a store of chunks, here a folder; the commit names their SHA-256."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", False)
    monkeypatch.setenv("HF_XET_CACHE", str(tmp_path / "xet"))
    path = write(tmp_path / "a", 100_000)
    hub.chunks = f"local://{tmp_path / 'chunks'}"
    hub.blobs[hashlib.sha256(path.read_bytes()).hexdigest()] = path.read_bytes()  # as if they had been joined
    open_repository().put(path, "run/a")
    assert hub.files["run/a"] == path.read_bytes()
    hub.chunks = "nothing://that.works"
    with pytest.raises(MachineError, match=r"\Ahf://someone/arena: [^\n]+\Z"):
        open_repository().put(write(tmp_path / "b", 100_000), "run/b")
