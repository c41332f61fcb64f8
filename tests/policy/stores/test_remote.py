"""Which checkpoint an address in a store means; the store is a dictionary here."""

from pathlib import Path

import pytest

from metta.policy import remote
from metta.policy.architectures.fast import FastConfig
from metta.policy.checkpoint import CheckpointMetadata, save_checkpoint
from metta.policy.stores import Store
from metta.policy.uri import load_policy, resolve_uri
from tests.policy.games import make_spec

KEYS = [
    "runs/first/checkpoints/first:v5.mpt",
    "runs/first/checkpoints/first:v10.mpt",
    "runs/first/config.yaml",
    "flat/second:v1.mpt",
    "flat/second:v2.mpt",
    "flat/third:v7.mpt",
    "single.mpt",
    "root:v3.mpt",
]


class KeysStore(Store):
    """A store with fixed keys; every file is the same checkpoint."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.asked: list[str] = []

    def sizes(self, folder: str) -> dict[str, int]:
        return {Path(key).name: 1 for key in KEYS if key.rpartition("/")[0] == folder}

    def fetch(self, key: str) -> Path | None:
        self.asked.append(key)
        return self._file if key in KEYS else None

    def put(self, path: Path, key: str) -> None:
        raise AssertionError(f"{key}: loading a policy writes nothing")

    def delete(self, key: str) -> None:
        raise AssertionError(f"{key}: loading a policy deletes nothing")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeysStore:
    policy = FastConfig(channels=2, hidden=4).build(make_spec())
    store = KeysStore(save_checkpoint(tmp_path / "x.mpt", policy, CheckpointMetadata()))
    monkeypatch.setattr(remote, "open_store", lambda uri: (store, uri.removeprefix("s3://b").strip("/")))
    return store


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("runs/first/checkpoints/first:v5.mpt", "runs/first/checkpoints/first:v5.mpt"),
        ("runs/first/checkpoints/first:v5", "runs/first/checkpoints/first:v5.mpt"),
        ("runs/first/checkpoints/first:latest", "runs/first/checkpoints/first:v10.mpt"),
        ("runs/first/checkpoints", "runs/first/checkpoints/first:v10.mpt"),
        ("runs/first", "runs/first/checkpoints/first:v10.mpt"),
        ("runs/first/", "runs/first/checkpoints/first:v10.mpt"),
        ("runs/first:v5", "runs/first/checkpoints/first:v5.mpt"),
        ("runs/first:latest", "runs/first/checkpoints/first:v10.mpt"),
        ("flat/second:latest", "flat/second:v2.mpt"),
        ("flat/third:v7.pt", "flat/third:v7.mpt"),
        ("single.mpt", "single.mpt"),
        ("", "root:v3.mpt"),
        ("root:latest", "root:v3.mpt"),
    ],
)
def test_addresses(store: KeysStore, address: str, key: str) -> None:
    resolve_uri(f"s3://b/{address}")
    assert store.asked[-1] == key


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("runs/first:v7", "no version 7 of run 'first'; there are v5, v10"),
        ("flat/secnod:v1", "there is no such checkpoint or folder; did you mean second:v1.mpt"),
        ("singel.mpt", "did you mean single.mpt?"),
        ("elsewhere/x.mpt", "there is nothing to choose from"),
        ("runs", "there is no such checkpoint or folder"),
    ],
)
def test_mistakes_are_one_line_with_what_exists(store: KeysStore, address: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"\As3://b/[^\n]+\Z") as caught:
        resolve_uri(f"s3://b/{address}")
    assert message in str(caught.value)


def test_a_policy_is_loaded_from_a_store(store: KeysStore) -> None:
    assert load_policy("s3://b/flat/third:latest", make_spec()).spec == make_spec()
