"""S3 against moto's server, over a line that can break."""

import itertools
import urllib.request
from pathlib import Path

import pytest

from metta.common.errors import MachineError, UserError
from metta.policy.stores import open_store, s3, store
from metta.policy.stores.s3 import S3Store
from tests.policy.stores.servers import PAGE, Line, MotoServer

NUMBERS = itertools.count()
BUSY = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.fixture
def folder(line: Line) -> str:
    """A folder of the bucket that no other test uses."""
    return f"folder{next(NUMBERS)}"


@pytest.fixture
def bucket(line: Line) -> S3Store:
    return S3Store("bucket")


def write(path: Path, size: int) -> Path:
    path.write_bytes(bytes(range(256)) * (size // 256) + b"x" * (size % 256))
    return path


def put_plainly(moto: MotoServer, key: str, data: bytes, headers: dict[str, str] | None = None) -> None:
    """Store an object without any of the code that is tested."""
    kind = {"Content-Type": "application/octet-stream"}
    request = urllib.request.Request(
        f"{moto.url}/bucket/{key}", data, {**kind, **(headers or {})}, method="PUT"
    )
    urllib.request.urlopen(request).close()


@pytest.mark.parametrize("size", [0, 1, 100_000, 11_000_000])
def test_what_is_stored_is_what_is_read(bucket: S3Store, folder: str, size: int, tmp_path: Path) -> None:
    path = write(tmp_path / "run:v1.mpt", size)
    bucket.put(path, f"{folder}/run:v1.mpt")
    assert bucket.sizes(folder) == {"run:v1.mpt": size}
    copy = bucket.fetch(f"{folder}/run:v1.mpt")
    assert copy is not None
    assert (copy.name, copy.read_bytes()) == ("run:v1.mpt", path.read_bytes())


def test_what_is_deleted_is_gone(bucket: S3Store, folder: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        bucket.put(write(tmp_path / "x", 10), f"{folder}/{name}")
    for _ in range(2):
        bucket.delete(f"{folder}/a")
        assert bucket.sizes(folder) == {"b": 10}


def test_what_is_not_there(bucket: S3Store, folder: str) -> None:
    assert bucket.fetch(f"{folder}/x.mpt") is None
    assert bucket.sizes(folder) == {}


def test_lists_more_than_one_page(bucket: S3Store, folder: str, moto: MotoServer) -> None:
    """S3 gives 1,000 keys at a time, this server fewer."""
    count = 2 * PAGE + 5
    for number in range(count):
        put_plainly(moto, f"{folder}/k{number}", b"1")
    assert bucket.sizes(folder) == {f"k{number}": 1 for number in range(count)}


def test_a_copy_is_used_until_the_object_changes(
    bucket: S3Store, folder: str, line: Line, tmp_path: Path
) -> None:
    for size in (10, 20):
        bucket.put(write(tmp_path / "a", size), f"{folder}/a")
        first = bucket.fetch(f"{folder}/a")
        assert first is not None
        before = first.stat().st_mtime_ns
        assert bucket.fetch(f"{folder}/a") == first
        assert (first.stat().st_size, first.stat().st_mtime_ns) == (size, before)


def test_an_object_that_is_not_what_was_noted_is_refused(
    bucket: S3Store, folder: str, moto: MotoServer, tmp_path: Path
) -> None:
    put_plainly(moto, f"{folder}/a", b"changed", {"x-amz-meta-sha256": "0" * 64})
    with pytest.raises(MachineError, match="damaged on the way or in the store"):
        bucket.fetch(f"{folder}/a")
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_a_server_that_is_busy_is_asked_again(
    bucket: S3Store, folder: str, line: Line, tmp_path: Path
) -> None:
    line.rule = lambda number, sent: number > 2  # the first connections break at once
    bucket.put(write(tmp_path / "a", 1000), f"{folder}/a")
    assert bucket.sizes(folder) == {"a": 1000}
    assert line.connections > 2


def few_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    short = {name: s3._ATTEMPTS["retry_timeout"] / 1000 for name in ("init_backoff", "max_backoff")}
    monkeypatch.setattr(s3, "_ATTEMPTS", {**s3._ATTEMPTS, "backoff": {**short, "base": 2}})


def test_attempts_end(folder: str, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few_attempts(monkeypatch)
    line.answer = BUSY
    with pytest.raises(MachineError, match=r"\As3://bucket: [^\n]*503[^\n]*\Z"):
        S3Store("bucket").put(write(tmp_path / "a", 1000), f"{folder}/a")
    assert line.connections == 1 + s3._ATTEMPTS["max_retries"]


@pytest.mark.parametrize("broken_at", [0, 70_000, 3_000_000, 5_300_000, 11_900_000])
def test_an_upload_that_breaks_off_is_never_seen(
    folder: str, line: Line, broken_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parts of the first file never become an object; the older one stays."""
    few_attempts(monkeypatch)
    bucket = S3Store("bucket")
    old = write(tmp_path / "old", 500)
    bucket.put(old, f"{folder}/a")
    broken, fresh = S3Store("bucket"), S3Store("bucket")
    line.sent, line.rule = 0, lambda number, sent: sent <= broken_at
    with pytest.raises(MachineError):
        broken.put(write(tmp_path / "new", 12_000_000), f"{folder}/a")
    line.rule = lambda number, sent: True
    assert fresh.sizes(folder) == {"a": 500}
    copy = fresh.fetch(f"{folder}/a")
    assert copy is not None
    assert copy.read_bytes() == old.read_bytes()


def test_a_bucket_that_does_not_exist(line: Line) -> None:
    with pytest.raises(UserError, match=r"\As3://nowhere: refused: NoSuchBucket\Z"):
        S3Store("nowhere").sizes("x")


@pytest.mark.parametrize("uri", ["s3://", "ftp://x/y", "plain/path"])
def test_addresses_of_no_store(uri: str) -> None:
    with pytest.raises(UserError, match="not an address in a store"):
        open_store(uri)


def test_a_missing_library_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(store.importlib, "import_module", missing)
    with pytest.raises(UserError, match=r"s3://b: needs obstore: metta install s3"):
        S3Store("b")
