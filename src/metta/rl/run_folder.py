"""The folder of a run: its names, and the lock that keeps a second process out."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from metta.common.errors import UserError
from mettagrid.whole_file import UNFINISHED

_RUN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def check_run_name(name: str) -> str:
    """Return the name if it can name a run.

    It becomes a folder and, as `<run>:v<epoch>.mpt`, part of file names and URIs.

    Raises:
        ValueError: with what would be right.
    """
    if not _RUN_NAME.fullmatch(name):
        suggestion = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._-")[:100]
        hint = f"; for example {suggestion!r}" if suggestion else ""
        raise ValueError(
            f"run={name!r} cannot name a folder: use letters, digits, '.', '_', '-', first a letter or "
            f"digit, at most 100{hint}"
        )
    return name


class RunFolder:
    """Paths of one run. Makes nothing until `lock`.

    Args:
        data_dir: folder of all runs.
        run: the run's name.
    """

    def __init__(self, data_dir: Path, run: str) -> None:
        self.run = check_run_name(run)
        self.path = data_dir / run
        self.config_path = self.path / "config.yaml"
        self.checkpoints = self.path / "checkpoints"
        self.trainer_state = self.path / "trainer_state"
        self.metrics = self.path / "metrics"
        self.episodes = self.path / "episodes"
        self.replays = self.path / "replays"
        self.stats = self.path / "stats.duckdb"

    def checkpoint(self, epoch: int) -> Path:
        """Return the path of an epoch's checkpoint."""
        return self.checkpoints / f"{self.run}:v{epoch}.mpt"

    def is_trained(self) -> bool:
        """Return whether there is a state from which training goes on."""
        return self.newest_state() is not None

    def newest_state(self) -> Path | None:
        """Return the folder of the newest state, None if there is none."""
        return max(self.trainer_state.glob("e*"), default=None)

    def is_held(self) -> bool:
        """Return whether some process trains the run now."""
        if not (self.path / ".lock").exists():
            return False
        descriptor = os.open(self.path / ".lock", os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Make the folder and hold it alone; the lock goes with the process, however that ends.

        Raises:
            UserError: another process holds it.
        """
        for folder in (
            self.path,
            self.checkpoints,
            self.trainer_state,
            self.metrics,
            self.episodes,
            self.replays,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _take_lock(descriptor, self)
            self._remove_leftovers()
            yield
        finally:
            os.close(descriptor)

    def _remove_leftovers(self) -> None:
        """Remove files that a killed session did not finish; only whoever trains writes to these folders."""
        for folder in (self.checkpoints, self.trainer_state, self.metrics, self.episodes):
            for path in folder.glob(UNFINISHED):
                path.unlink()
        for path in self.path.glob(f".config{UNFINISHED[1:]}"):
            path.unlink()
        for state in self.trainer_state.glob(".e*.writing"):
            shutil.rmtree(state)
        if self.is_trained():  # else the old one is all there is
            for state in self.trainer_state.glob(".e*.old"):
                shutil.rmtree(state)


def _take_lock(descriptor: int, folder: RunFolder) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
        raise UserError(
            f"run {folder.run!r} is being trained by another process (pid {holder}, {folder.path}/.lock); "
            "choose another name or wait for it"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
