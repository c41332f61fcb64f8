"""One trial in a process of its own.

    python -m metta.sweep.job FOLDER

reads FOLDER/trial.json, builds the recipe's tool and runs it. The process ends with the one that started it: that one
holds the other end of its standard input.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from metta.common.errors import CommandError
from metta.sweep.recipe import TrainRecipe
from mettagrid.whole_file import whole_file

JOB_FILE, LOG_FILE = "trial.json", "log.txt"
_FORMAT = {"format": "metta.sweep_trial", "version": 1}


def start_job(
    folder: Path, recipe: TrainRecipe, settings: Mapping[str, Any], cwd: str | None = None
) -> "subprocess.Popen[bytes]":
    """Start a trial in the folder of its run; the same folder again goes on where the run stopped.

    Args:
        folder: of the run.
        recipe: what is trained.
        settings: by dotted path.
        cwd: where tasks of the user are found; None = here.
    """
    job = {**_FORMAT, "module": recipe.module, "entrypoint": recipe.entrypoint, "settings": dict(settings)}
    with whole_file(folder / JOB_FILE) as temporary:
        temporary.write_text(json.dumps(job, indent=1))
    with (folder / LOG_FILE).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "metta.sweep.job", str(folder)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            start_new_session=True,  # Ctrl-C is for the sweep, which asks its trials to save
        )


def last_line(folder: Path) -> str:
    """Return the last line that a trial has written, "" if none."""
    log = folder / LOG_FILE
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1].strip() if lines else ""


def read_job(folder: Path) -> tuple[TrainRecipe, dict[str, Any]]:
    """Return the recipe and the settings of a trial.

    Raises:
        ValueError: the file is of another version.
    """
    job = json.loads((folder / JOB_FILE).read_text())
    if {key: job.get(key) for key in _FORMAT} != _FORMAT:
        raise ValueError(f"{folder / JOB_FILE}: this program reads version 1 of the format metta.sweep_trial")
    return TrainRecipe(job["module"], job["entrypoint"]), job["settings"]


def main() -> int:
    """Run the trial of the folder on the command line; returns its exit code."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())  # as the command line does, for tasks of the user
    recipe, settings = read_job(Path(sys.argv[1]))
    try:
        return recipe.build(settings).invoke() or 0
    except CommandError as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _end_with_parent() -> None:
    """Wait until the parent is gone; then stop as if it had asked for it."""
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
