"""A run's trainer state in a store: what is there belongs together, whatever fails; the store is a folder here."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from metta.common.errors import MachineError, UserError
from metta.policy.checkpoint import read_header
from metta.policy.stores import Store
from metta.rl.components.checkpointer import Checkpointer, CheckpointerConfig
from metta.rl.components.remote_copies import RemoteCopies
from metta.rl.remote_state import RemoteState
from metta.rl.run_folder import RunFolder
from metta.rl.trainer_state import load_trainer_state
from metta.rl.trainer_state_file import HEADER, TENSORS, read_state
from tests.rl.runs import Listener, echo_trainer


class FolderStore(Store):
    """Says what it did; `fail` decides before anything is done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.done: list[str] = []
        self.fail: Callable[[], bool] = lambda: False

    def sizes(self, folder: str) -> dict[str, int]:
        paths = (self.folder / folder).glob("*")
        return {path.name: path.stat().st_size for path in paths if path.is_file()}

    def fetch(self, key: str) -> Path | None:
        return self.folder / key if (self.folder / key).exists() else None

    def put(self, path: Path, key: str) -> None:
        self._note("put", key)
        (self.folder / key).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, self.folder / key)

    def delete(self, key: str) -> None:
        self._note("delete", key)
        (self.folder / key).unlink(missing_ok=True)

    def _note(self, what: str, key: str) -> None:
        if self.fail():
            raise MachineError("s3://b: no answer")
        self.done.append(f"{what} {key.rpartition('/')[2].partition('-')[0]}")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def remote_state(store: Store, data_dir: Path) -> RemoteState:
    return RemoteState(store, "runs/run", "s3://b/runs/run", RunFolder(data_dir, "run"))


def train(data_dir: Path, store: FolderStore, epochs: int) -> str:
    """Train on a machine up to an epoch, waiting for the copies of each; return the SHA-256 of what the trainer has."""
    folder, trainer = RunFolder(data_dir, "run"), echo_trainer(epochs, optimizer__schedule="constant")
    with folder.lock():
        folder.config_path.write_text("run: run\n")
        load_trainer_state(folder.trainer_state, trainer)
        config = CheckpointerConfig(epoch_interval=1)
        checkpointer = Checkpointer(config, folder, trainer, lambda: None)
        prefix, state = "runs/run/checkpoints", remote_state(store, data_dir)
        copies = RemoteCopies(store, prefix, folder.checkpoints, lambda text: None, 60, state)
        passes = Listener(lambda report: copies._copy_missing())  # what its thread does, each epoch
        trainer.train([checkpointer, passes])
    return own_digest(data_dir)


def own_digest(data_dir: Path) -> str:
    newest = RunFolder(data_dir, "run").newest_state()
    assert newest is not None
    return read_state(newest)[0].sha256


def fetch(store: Store, data_dir: Path) -> int | None:
    folder = RunFolder(data_dir, "run")
    with folder.lock():
        return remote_state(store, data_dir).fetch_newer()


def states_in(store: FolderStore) -> list[Path]:
    return sorted((store.folder / "runs/run/trainer_state").glob("*"))


def test_a_state_follows_its_checkpoint_and_replaces_older_ones(store: FolderStore, tmp_path: Path) -> None:
    digest = train(tmp_path / "one", store, 3)
    assert store.done == [
        *["put run:v1.mpt", "put e00000001"],
        *["put run:v2.mpt", "put e00000002", "delete e00000001"],
        *["put run:v3.mpt", "put e00000003", "delete e00000002"],
    ]
    assert [path.name for path in states_in(store)] == [f"e00000003-{digest[:16]}.zip"]
    assert not list(RunFolder(tmp_path / "one", "run").trainer_state.glob(".*"))


def test_another_machine_goes_on_exactly(store: FolderStore, tmp_path: Path) -> None:
    whole = train(tmp_path / "whole", FolderStore(tmp_path / "other"), 5)
    train(tmp_path / "one", store, 2)
    assert fetch(store, tmp_path / "two") == 2
    here, there = RunFolder(tmp_path / "two", "run"), RunFolder(tmp_path / "one", "run")
    for path, source in ((here.checkpoint(2), there.checkpoint(2)), (here.config_path, there.config_path)):
        assert path.read_bytes() == source.read_bytes()
    assert train(tmp_path / "two", store, 5) == whole


def test_the_newer_one_wins(store: FolderStore, tmp_path: Path) -> None:
    assert fetch(store, tmp_path / "one") is None  # there is none
    train(tmp_path / "one", store, 2)
    assert fetch(store, tmp_path / "one") is None  # it is the same
    assert fetch(store, tmp_path / "two") == 2
    newer = train(tmp_path / "two", store, 4)
    assert fetch(store, tmp_path / "one") == 4
    assert own_digest(tmp_path / "one") == newer
    train(tmp_path / "one", FolderStore(tmp_path / "other"), 5)
    assert fetch(store, tmp_path / "one") is None  # this machine's is newer


def test_an_older_machine_does_not_replace_a_newer_state(store: FolderStore, tmp_path: Path) -> None:
    train(tmp_path / "one", store, 4)
    newest = [path.name for path in states_in(store)]
    train(tmp_path / "two", store, 2)
    assert [path.name for path in states_in(store)] == newest


@pytest.mark.parametrize("lasts", [1, 100])
@pytest.mark.parametrize("first", range(8))
def test_what_is_in_the_store_belongs_together_whenever_it_fails(
    store: FolderStore, first: int, lasts: int, tmp_path: Path
) -> None:
    """The store is away for one of its 8 changes, or for all from that one on."""
    changes: list[int] = []

    def fail() -> bool:
        changes.append(len(changes))
        return first <= changes[-1] < first + lasts

    store.fail = fail
    train(tmp_path / "one", store, 3)
    epoch = fetch(store, tmp_path / "two")
    assert (epoch is None) == (not states_in(store))
    if epoch is not None:
        folder = RunFolder(tmp_path / "two", "run")
        assert read_header(folder.checkpoint(epoch)).epoch == epoch
        assert load_trainer_state(folder.trainer_state, echo_trainer(3))
    if lasts == 1 and first < 5:  # there was another pass, which mends it
        assert epoch == 3
        assert len(states_in(store)) == 1


def pack(path: Path, files: dict[str, bytes], kind: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def damage(path: Path, how: str) -> None:
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    if how == "flipped":
        at = data.index(files[TENSORS]) + len(files[TENSORS]) // 2
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    elif how == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "compressed":
        pack(path, files, zipfile.ZIP_DEFLATED)
    elif how == "other tensors":
        pack(path, {**files, TENSORS: files[TENSORS] + b" "})
    else:
        pack(path, {name: data for name, data in files.items() if name != HEADER})


@pytest.mark.parametrize("how", ["flipped", "cut", "empty", "compressed", "other tensors", "missing member"])
def test_a_damaged_state_is_refused_in_one_line(store: FolderStore, how: str, tmp_path: Path) -> None:
    train(tmp_path / "one", store, 1)
    damage(states_in(store)[0], how)
    line = (
        r"\As3://b/runs/run/trainer_state/e00000001-\w+\.zip is damaged: [^\n]+; delete it to go on [^\n]+\Z"
    )
    with pytest.raises(UserError, match=line):
        fetch(store, tmp_path / "two")
    folder = RunFolder(tmp_path / "two", "run")
    assert not folder.is_trained()
    assert not list(folder.checkpoints.iterdir())


def test_a_state_without_its_checkpoint_is_refused(store: FolderStore, tmp_path: Path) -> None:
    train(tmp_path / "one", store, 1)
    (store.folder / "runs/run/checkpoints/run:v1.mpt").unlink()
    with pytest.raises(UserError, match=r"its checkpoint run:v1\.mpt is not in the store\Z"):
        fetch(store, tmp_path / "two")


def test_other_files_beside_it_are_left_alone(store: FolderStore, tmp_path: Path) -> None:
    train(tmp_path / "one", store, 1)
    other = store.folder / "runs/run/trainer_state/e99999999.zip"
    other.write_bytes(b"x")
    train(tmp_path / "one", store, 2)
    assert fetch(store, tmp_path / "two") == 2
    assert other.exists()
