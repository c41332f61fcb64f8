"""Copies checkpoints to a store while the run goes on, whether or not the store answers."""

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from metta.common.errors import CommandError
from metta.policy.stores import Store
from metta.policy.uri import list_checkpoints
from metta.rl.components.component import Component
from metta.rl.remote_state import RemoteState
from metta.rl.report import EpochReport, Progress

_CLOCK_SLACK_S = 2.0  # some file systems keep times in whole seconds


class RemoteCopies(Component):
    """Sees to it that every checkpoint of the run is in the store, too.

    A thread compares and copies whenever there is a new checkpoint, those that an earlier attempt or session missed
    included. A store that does not answer is told in one line, and once more when it answers again; training never
    waits for it but at the end. Stands behind the checkpointer.

    Args:
        store: where to.
        prefix: folder in the store.
        checkpoints: the run's folder of checkpoints.
        say: shows a line to the user.
        last_wait_s: how long the end of the run waits for the last copies.
        state: the run's trainer state in the store, if that is copied, too.
    """

    def __init__(
        self,
        store: Store,
        prefix: str,
        checkpoints: Path,
        say: Callable[[str], None],
        last_wait_s: float,
        state: RemoteState | None = None,
    ) -> None:
        self._store, self._prefix, self._checkpoints = store, prefix, checkpoints
        self._say, self._last_wait_s = say, last_wait_s
        self._state = state
        self._started_at = time.time() - _CLOCK_SLACK_S
        self._known: set[str] = set()  # that were there when the thread was last woken
        self._sent: set[str] = set()  # by this session
        self._is_failing = False
        self._bug: BaseException | None = None
        self._wake, self._is_ending = threading.Event(), False
        self._thread = threading.Thread(target=self._work, name="remote copies", daemon=True)

    def on_start(self, progress: Progress) -> None:
        """Begin with what an earlier session missed."""
        self._thread.start()
        self._look()

    def on_epoch_end(self, report: EpochReport) -> None:
        """Wake the thread if there is a new checkpoint."""
        self._look()

    def on_stop(self, progress: Progress) -> None:
        """Wait for the last copies, but not for ever; say what is missing."""
        self._is_ending = True
        self._wake.set()
        self._thread.join(self._last_wait_s)
        self._raise_bug()
        if self._thread.is_alive() or self._is_failing:
            self._say(
                f"checkpoints of this run are not all copied to the store; they are in {self._checkpoints}, and the "
                "same command copies them"
            )

    def close(self) -> None:
        """Let the thread end; it does not keep the process alive."""
        self._is_ending = True
        self._wake.set()

    def _look(self) -> None:
        self._raise_bug()
        names = {path.name for path in list_checkpoints(self._checkpoints).values()}
        if not names <= self._known:
            self._known |= names
            self._wake.set()

    def _raise_bug(self) -> None:
        if self._bug is not None:
            raise self._bug

    def _work(self) -> None:
        try:
            is_last = False
            while not is_last:
                self._wake.wait()
                self._wake.clear()
                is_last = self._is_ending  # read before the pass: what is there now is in the pass
                self._copy_missing()
        except BaseException as error:
            self._bug = error  # raised by the main thread

    def _copy_missing(self) -> None:
        try:
            # The state as it is now, before its checkpoint and those before it: it goes last.
            with nullcontext() if self._state is None else self._state.packed() as packed:
                missing = self._copy_checkpoints()
                if self._state is not None and packed is not None:
                    self._state.put(packed)
        except (CommandError, OSError) as error:
            if not self._is_failing:
                self._say(f"{error}; checkpoints are not copied for now, training goes on")
            self._is_failing = True
            return
        if self._is_failing:
            self._say(f"the store answers again: {missing} more checkpoints are copied")
        self._is_failing = False

    def _copy_checkpoints(self) -> int:
        """Copy those that are not in the store; return how many."""
        there = self._store.sizes(self._prefix)
        local = list_checkpoints(self._checkpoints).values()
        missing = [path for path in local if path.exists() and not self._is_there(path, there)]
        for path in missing:
            self._store.put(path, f"{self._prefix}/{path.name}" if self._prefix else path.name)
            self._sent.add(path.name)
        return len(missing)

    def _is_there(self, path: Path, there: dict[str, int]) -> bool:
        """A file of this session may have the name and size of one of an older run, so it is sent once."""
        stat = path.stat()
        is_new = stat.st_mtime >= self._started_at and path.name not in self._sent
        return not is_new and there.get(path.name) == stat.st_size
