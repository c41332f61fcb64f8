"""Sessions of a run in processes that are forked from this warm one: they start in milliseconds.

A session is the `metta` command with its exit code and all that it prints; what it reports by a pipe comes from hooks
around the real functions.
"""

import contextlib
import io
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from metta.cli.main import main
from metta.policy.checkpoint import read_checkpoint
from metta.policy.uri import list_checkpoints
from metta.rl.components.checkpointer import Checkpointer
from metta.rl.run_folder import RunFolder
from metta.rl.trainer_state_file import read_state

RECIPE = "tests.battery.recipe.endless"
SAVING, SAVED, EPOCH = b"s", b"S", b"e"
Prepare = Callable[[], object]


class Session:
    """A running `metta` command.

    Args:
        folder: of the run.
        settings: `key=value`.
        prepare: called in the process before the command.
    """

    def __init__(
        self, folder: RunFolder, settings: Sequence[str] = (), prepare: Prepare = lambda: None
    ) -> None:
        self._output = folder.path.parent.with_suffix(".log")  # not where the run's disk may be full
        self._pipe, reporting = os.pipe()
        self.epochs = 0
        self.saved = 0
        words = [RECIPE, f"run={folder.run}", f"system.data_dir={folder.path.parent}", *settings]
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._pipe)
            _live(words, self._output, reporting, prepare)
        os.close(reporting)

    def wait_for(self, kind: bytes, count: int = 1) -> bool:
        """Read reports until the n-th of a kind came; False if the session ended before."""
        while count:
            report = os.read(self._pipe, 9)
            if not report:
                return False
            self._note(report)
            count -= report[:1] == kind
        return True

    def end(self, number: int | None = None, patience: float = 60.0) -> int:
        """Send a signal, wait for the end; return the exit code, minus the signal's number if that ended it.

        Raises:
            AssertionError: it took too long; it is killed then.
        """
        if number is not None:
            os.kill(self.pid, number)
        until = time.monotonic() + patience
        done = 0
        while not done and time.monotonic() < until:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            time.sleep(0.001)
        if not done:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            raise AssertionError(f"the session did not end within {patience} s; it printed\n{self.printed()}")
        while report := os.read(self._pipe, 9):
            self._note(report)
        os.close(self._pipe)
        return os.waitstatus_to_exitcode(status)

    def printed(self) -> str:
        """Return what it printed so far."""
        return self._output.read_text(errors="replace")

    def _note(self, report: bytes) -> None:
        number = int.from_bytes(report[1:], "big")
        if report[:1] == EPOCH:
            self.epochs = number
        if report[:1] == SAVED:
            self.saved = number


def warm() -> None:
    """Import here, once, all that every session needs: PyTorch's optimizers alone take a second."""
    torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))])
    with contextlib.redirect_stdout(io.StringIO()):
        main([RECIPE, "--dry-run"])


def _live(words: Sequence[str], output: Path, reporting: int, prepare: Prepare) -> None:
    """Be the command, and end the process with its exit code."""
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(file, 1)
    os.dup2(file, 2)
    torch.set_num_threads(1)
    _report_to(reporting)
    prepare()
    code = 1
    with contextlib.suppress(SystemExit):
        try:
            code = main(list(words))
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        finally:
            sys.stdout.flush()
            os._exit(code)


def _report_to(pipe: int) -> None:
    """Report every finished epoch, and every save before it begins and when it is acknowledged."""
    write, look = Checkpointer._write, Checkpointer.on_epoch_end

    def reporting_write(self: Checkpointer, progress: object) -> None:
        epoch = progress.epoch.to_bytes(8, "big")
        os.write(pipe, SAVING + epoch)
        write(self, progress)
        os.write(pipe, SAVED + epoch)

    def reporting_look(self: Checkpointer, report: object) -> None:
        look(self, report)
        os.write(pipe, EPOCH + report.progress.epoch.to_bytes(8, "big"))

    Checkpointer._write, Checkpointer.on_epoch_end = reporting_write, reporting_look


def saved_epoch(folder: RunFolder) -> int:
    """Read all that a run left, as strictly as the program does; return the epoch from which it goes on (0 = anew)."""
    epochs = [read_checkpoint(path)[1].epoch for path in list_checkpoints(folder.checkpoints).values()]
    states = sorted(folder.trainer_state.glob("e*"))
    found = [read_state(state)[0].progress.epoch for state in states]
    assert set(found) <= set(epochs), f"{folder.trainer_state} has a state without its checkpoint"
    return max(found, default=0)


def leftovers(folder: RunFolder) -> list[Path]:
    """Return the files that somebody has begun and not finished; a state that is being written counts as one."""
    hidden = [path for path in folder.path.rglob(".*") if path.name != ".lock"]
    return [path for path in hidden if not any(parent in hidden for parent in path.parents)]
