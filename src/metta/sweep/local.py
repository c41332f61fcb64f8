"""Runs trials as processes of this machine."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from metta.sweep.display import SweepDisplay
from metta.sweep.job import start_job
from metta.sweep.tracker import SECONDS_TO_SAVE, Follow, Tracker


@dataclass
class _Process:
    trial: Follow
    process: "subprocess.Popen[bytes]"
    stop_by: float | None = None

    def ask_to_stop(self) -> None:
        """Let the run save and end; the second time, see that it does."""
        if self.stop_by is None:
            self.process.terminate()
            self.stop_by = time.monotonic() + SECONDS_TO_SAVE
        elif time.monotonic() > self.stop_by:
            self.process.kill()

    def exit_code(self) -> int | None:
        """Return None while it runs."""
        code = self.process.poll()
        if code is not None and self.process.stdin is not None:
            self.process.stdin.close()
        return code

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()
        self.exit_code()


def run_locally(tracker: Tracker, display: SweepDisplay, should_stop: Callable[[], bool]) -> None:
    """Run trials until there are enough, or until asked to stop: then those that run save, and go on next time."""
    config = tracker.config
    ends_at = time.monotonic() + 3600.0 * config.max_hours if config.max_hours else None
    left_over = tracker.left_over(should_stop)
    running: list[_Process] = []
    try:
        while True:
            may_start = not should_stop() and (ends_at is None or time.monotonic() < ends_at)
            while may_start and len(running) < config.max_parallel_jobs:
                trial = left_over.pop(0) if left_over else tracker.next_trial()
                if trial is None:
                    break
                running.append(_start(tracker, trial))
            if not running:
                return
            running = [entry for entry in running if not _is_over(entry, tracker, display, should_stop())]
            display.update([entry.trial for entry in running])
            _sleep(config.poll_seconds, running, should_stop)
    finally:
        for entry in running:
            entry.kill()


def _start(tracker: Tracker, trial: Follow) -> _Process:
    process = start_job(tracker.plan.folder.run(trial.run).path, tracker.plan.recipe, trial.settings)
    return _Process(trial, process)


def _is_over(entry: _Process, tracker: Tracker, display: SweepDisplay, must_stop: bool) -> bool:
    """Look at a trial; return whether it has ended. What ended because the sweep stops stays open."""
    code = entry.exit_code()
    if code is None:
        tracker.look(entry.trial)
        if entry.trial.is_beaten or must_stop:
            entry.ask_to_stop()
        return False
    was_asked = entry.stop_by is not None and not entry.trial.is_beaten
    if code != 0 and was_asked:
        return True
    tracker.finish(entry.trial, code)
    display.trial_ended(entry.trial.number)
    return True


def _sleep(seconds: float, running: list[_Process], should_stop: Callable[[], bool]) -> None:
    """Wait until the next look, less if a process ends or a signal comes."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not running or any(entry.exit_code() is not None for entry in running):
            return
        if should_stop() and any(entry.stop_by is None for entry in running):
            return
        time.sleep(min(0.05, seconds))
