"""Checkpoints in a store beside those on the disk; the store is a dictionary that can fail."""

import threading
from pathlib import Path

import pytest

from metta.common.errors import MachineError
from metta.policy.stores import Store
from metta.rl.components.checkpointer import Checkpointer, CheckpointerConfig
from metta.rl.components.remote_copies import RemoteCopies
from metta.rl.run_folder import RunFolder
from tests.rl.runs import Listener, echo_trainer


class DictionaryStore(Store):
    """Fails as often as it is told to; counts what it is asked."""

    def __init__(self, failures: int = 0) -> None:
        self.files: dict[str, bytes] = {}
        self.failures = failures
        self.passes = threading.Semaphore(0)

    def sizes(self, folder: str) -> dict[str, int]:
        self.passes.release()
        if self.failures:
            self.failures -= 1
            raise MachineError("s3://b: no answer")
        return {key.rpartition("/")[2]: len(data) for key, data in self.files.items()}

    def fetch(self, key: str) -> Path | None:
        raise AssertionError(f"{key}: copying reads nothing back")

    def put(self, path: Path, key: str) -> None:
        self.files[key] = path.read_bytes()

    def delete(self, key: str) -> None:
        raise AssertionError(f"{key}: copying checkpoints deletes nothing")


def train(data_dir: Path, store: DictionaryStore, epochs: int = 4) -> list[str]:
    """Train with a checkpoint in every epoch, each of which waits for a look at the store; return what was said."""
    folder, trainer, said = RunFolder(data_dir, "run"), echo_trainer(epochs), list[str]()
    checkpointer = Checkpointer(CheckpointerConfig(epoch_interval=1), folder, trainer, lambda: None)
    copies = RemoteCopies(store, "runs/run", folder.checkpoints, said.append, last_wait_s=60)
    waiting = Listener(lambda report: store.passes.acquire(timeout=60))
    trainer.train([checkpointer, copies, waiting])
    copies.close()
    return said


def local_files(data_dir: Path) -> dict[str, bytes]:
    folder = RunFolder(data_dir, "run").checkpoints
    return {f"runs/run/{path.name}": path.read_bytes() for path in folder.iterdir()}


def test_every_checkpoint_is_copied(tmp_path: Path) -> None:
    store = DictionaryStore()
    assert train(tmp_path, store) == []
    assert len(store.files) == 4
    assert store.files == local_files(tmp_path)


def test_a_store_that_is_down_for_a_while_is_told_once_and_gets_all(tmp_path: Path) -> None:
    store = DictionaryStore(failures=2)
    failed, again = train(tmp_path, store)
    assert failed == "s3://b: no answer; checkpoints are not copied for now, training goes on"
    assert again.startswith("the store answers again: ")
    assert store.files == local_files(tmp_path)


def test_a_store_that_stays_down_costs_nothing_but_the_copies(tmp_path: Path) -> None:
    store = DictionaryStore(failures=10**9)
    told = train(tmp_path, store)
    assert len(told) == 2
    assert "are not all copied to the store" in told[1]
    assert (len(store.files), len(local_files(tmp_path))) == (0, 4)


def test_a_later_session_copies_what_is_missing(tmp_path: Path) -> None:
    train(tmp_path, DictionaryStore(failures=10**9))
    kept, store = local_files(tmp_path), DictionaryStore()
    folder, trainer = RunFolder(tmp_path, "run"), echo_trainer(0 + 1)
    trainer.progress.num_agent_steps = 10**9  # nothing is left to train
    copies = RemoteCopies(store, "runs/run", folder.checkpoints, lambda text: None, last_wait_s=60)
    trainer.train([copies])
    assert store.files == kept


def test_files_of_another_run_of_the_same_name_are_replaced(tmp_path: Path) -> None:
    """They have the same size."""
    store = DictionaryStore()
    train(tmp_path / "old", store, epochs=1)
    store.files = {key: bytes(len(data)) for key, data in store.files.items()}
    train(tmp_path / "new", store, epochs=1)
    assert store.files == local_files(tmp_path / "new")


def test_a_mistake_of_ours_in_the_thread_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = DictionaryStore()
    monkeypatch.setattr(store, "sizes", lambda folder: 1 // 0)
    folder, trainer = RunFolder(tmp_path, "run"), echo_trainer(2)
    checkpointer = Checkpointer(CheckpointerConfig(epoch_interval=1), folder, trainer, lambda: None)
    copies = RemoteCopies(store, "runs/run", folder.checkpoints, lambda text: None, last_wait_s=60)
    with pytest.raises(ZeroDivisionError):
        trainer.train([checkpointer, copies])
