"""The folder of a sweep: its names, its lock, and the settings that it was begun with.

train_dir/sweeps/<name>/sweep.json        settings of the sweep
                        study.journal     trials, Optuna's journal
                        results.duckdb    the same as tables
                        runs/<run>/       one ordinary run for each trial
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from metta.common.errors import UserError
from metta.rl.run_config import first_difference, value_at
from metta.rl.run_folder import RunFolder
from metta.sweep.config import FREE
from mettagrid.whole_file import whole_file

_FORMAT = {"format": "metta.sweep", "version": 1}
_FREE_OF_SYSTEM = ("num_threads", "data_dir")


class SweepFolder:
    """Paths of one sweep. Makes nothing until `lock`."""

    def __init__(self, data_dir: Path, name: str) -> None:
        self.name = name
        self.path = data_dir / "sweeps" / name
        self.settings = self.path / "sweep.json"
        self.journal = self.path / "study.journal"
        self.results = self.path / "results.duckdb"
        self.runs = self.path / "runs"

    def run(self, run: str) -> RunFolder:
        """Return the folder of a trial's run."""
        return RunFolder(self.runs, run)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Make the folder and hold it alone; the lock goes with the process, however that ends.

        Raises:
            UserError: another process holds it.
        """
        self.runs.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise UserError(
                f"sweep {self.name!r} is run by another process ({self.path}/.lock); choose another sweep_name"
            ) from None
        finally:
            os.close(descriptor)

    def keep_settings(self, settings: dict[str, Any]) -> None:
        """Write the settings; those of a sweep that goes on must be the ones it was begun with.

        Raises:
            UserError: what decides about trials has changed (names the first such setting), or the file is damaged.
        """
        if self.settings.exists():
            self._check(self._read(), settings)
        with whole_file(self.settings) as temporary:
            temporary.write_text(json.dumps({**_FORMAT, "settings": settings}, indent=1))

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self.settings.read_text())
        except (ValueError, OSError) as error:
            raise UserError(f"{self.settings} cannot be read: {str(error)[:120]}") from None
        if not isinstance(kept, dict) or {key: kept.get(key) for key in _FORMAT} != _FORMAT:
            raise UserError(f"{self.settings}: this program reads version 1 of the format metta.sweep")
        return kept["settings"]

    def _check(self, before: dict[str, Any], now: dict[str, Any]) -> None:
        fixed_before, fixed_now = _fixed(before), _fixed(now)
        path = first_difference(fixed_before, fixed_now, "")
        if path is not None:
            path = path.removeprefix(".")
            old, new = value_at(fixed_before, path), value_at(fixed_now, path)
            raise UserError(
                f"sweep {self.name!r} was begun with {path}={old}, now it is {new}; "
                "choose another sweep_name, or leave it as it was"
            )


def _fixed(settings: dict[str, Any]) -> dict[str, Any]:
    fixed = {key: value for key, value in settings.items() if key not in FREE}
    system = {key: value for key, value in fixed["system"].items() if key not in _FREE_OF_SYSTEM}
    return {**fixed, "system": system}
