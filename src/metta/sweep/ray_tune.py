"""Runs trials through Ray Tune: on this machine, or on the machines of a cluster that share the sweep's folder.

Tune decides where trials run. Which trial comes next, and which one is stopped, is the tracker's business as it is for
local processes; it reads the files of the runs. A trial is the same process as there; its actor only watches it.
"""

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ray
from ray import tune
from ray.tune.schedulers import FIFOScheduler, TrialScheduler
from ray.tune.search import Searcher

from metta.common.errors import CommandError
from metta.common.ray_cluster import connect
from metta.sweep.display import SweepDisplay
from metta.sweep.job import start_job
from metta.sweep.recipe import TrainRecipe
from metta.sweep.tracker import Follow, Tracker

_ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing leaves the machine unasked
    "RAY_CHDIR_TO_TRIAL_DIR": "0",
    "RAY_AIR_NEW_OUTPUT": "0",
    "TUNE_DISABLE_SIGINT_HANDLER": "1",  # Ctrl-C is the sweep's
    "TUNE_DISABLE_AUTO_CALLBACK_LOGGERS": "1",
    "TUNE_DISABLE_STRICT_METRIC_CHECKING": "1",
}
_RUNS_ON = "exit_code_none"


class _Chooser(Searcher):
    """Tune asks it for trials and tells it their ends."""

    def __init__(self, tracker: Tracker, display: SweepDisplay, should_stop: Callable[[], bool]) -> None:
        super().__init__(metric="polls", mode="max")
        self.tracker = tracker
        self.should_stop = should_stop
        self.trials: dict[str, Follow] = {}
        self.error: CommandError | None = None
        config = tracker.config
        self._display = display
        self._ends_at = time.monotonic() + 3600.0 * config.max_hours if config.max_hours else None
        self._left_over = tracker.left_over(should_stop)

    def suggest(self, trial_id: str) -> Any:
        """Return what the trial's actor needs; `FINISHED` when there are enough."""
        is_late = self._ends_at is not None and time.monotonic() > self._ends_at
        if self.must_end() or is_late:
            return Searcher.FINISHED
        trial = self._left_over.pop(0) if self._left_over else self.tracker.next_trial()
        if trial is None:
            return Searcher.FINISHED
        self.trials[trial_id] = trial
        recipe = self.tracker.plan.recipe
        return {
            "folder": str(self.tracker.plan.folder.run(trial.run).path.resolve()),
            "module": recipe.module,
            "entrypoint": recipe.entrypoint,
            "settings": trial.settings,
            "poll_seconds": self.tracker.config.poll_seconds,
            "cwd": os.getcwd(),
        }

    def on_trial_complete(
        self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False
    ) -> None:
        """Write down how the trial ended; one that was stopped because the sweep ends stays open."""
        trial = self.trials.pop(trial_id, None)
        if trial is None:
            return
        code = (result or {}).get("exit_code", _RUNS_ON)
        if code == _RUNS_ON and not trial.is_beaten:
            if self.must_end():
                return
            code = 1  # its actor is gone
        try:
            self.tracker.finish(trial, 0 if code == _RUNS_ON else code)
        except CommandError as caught:  # Tune would only log it
            self.error = caught
        self._display.trial_ended(trial.number)

    def must_end(self) -> bool:
        """Return whether no trial should go on."""
        return self.error is not None or self.should_stop()

    def __getstate__(self) -> dict[str, Any]:
        """Nothing, when Tune saves itself: the sweep's journal has it all."""
        return {}

    def save(self, checkpoint_path: str) -> None:
        """Nothing, likewise."""

    def restore(self, checkpoint_path: str) -> None:
        """Nothing."""


class _Stopper(FIFOScheduler):
    """Tune asks it, at every report of a trial, whether that goes on."""

    def __init__(self, chooser: _Chooser, display: SweepDisplay) -> None:
        super().__init__()
        self._chooser = chooser
        self._display = display

    def __getstate__(self) -> dict[str, Any]:
        """Nothing, as for `_Chooser`."""
        return {}

    def on_trial_result(self, tune_controller: Any, trial: Any, result: dict[str, Any]) -> str:
        """Look at the files of the trial's run."""
        follow = self._chooser.trials.get(trial.trial_id)
        if follow is None or result.get("exit_code", _RUNS_ON) != _RUNS_ON:
            return TrialScheduler.CONTINUE
        self._chooser.tracker.look(follow)
        self._display.update(list(self._chooser.trials.values()))
        is_over = follow.is_beaten or self._chooser.must_end()
        return TrialScheduler.STOP if is_over else TrialScheduler.CONTINUE


def watch_trial(config: dict[str, Any]) -> None:
    """Start the process of a trial and report until it ends; if Tune ends this actor, the process saves and ends."""
    recipe = TrainRecipe(config["module"], config["entrypoint"])
    process = start_job(Path(config["folder"]), recipe, config["settings"], config["cwd"])
    polls = 0
    while True:
        code = process.poll()
        polls += 1
        tune.report({"polls": polls, "exit_code": _RUNS_ON if code is None else code})
        if code is not None:
            return
        time.sleep(config["poll_seconds"])


def run_on_ray(tracker: Tracker, display: SweepDisplay, should_stop: Callable[[], bool]) -> None:
    """Run trials until there are enough, or until asked to stop: then those that run save, and go on next time.

    Raises:
        CommandError: so many trials in a row have failed that the next would, too.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    config = tracker.config
    threads = int(tracker.plan.fixed.get("system.num_threads", 1))
    cores = threads * config.max_parallel_jobs
    connect(ray, config.ray_address, cores, log_to_driver=False, logging_level=logging.ERROR)
    try:
        chooser = _Chooser(tracker, display, should_stop)
        tuner = tune.Tuner(
            tune.with_resources(watch_trial, {"cpu": threads}),
            tune_config=tune.TuneConfig(
                search_alg=chooser,
                scheduler=_Stopper(chooser, display),
                num_samples=tracker.study.limit(),
                max_concurrent_trials=config.max_parallel_jobs,
            ),
            run_config=tune.RunConfig(
                name="ray", storage_path=str(tracker.plan.folder.path.resolve()), verbose=0
            ),
        )
        tuner.fit()
    finally:
        ray.shutdown()
    tracker.wait_for_runs()
    if chooser.error is not None:
        raise chooser.error
