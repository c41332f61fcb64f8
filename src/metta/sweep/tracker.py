"""Follows the trials of a sweep by the files of their runs: scores on the way, who is stopped, how each ends."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from metta.common.errors import EXIT_OK, UserError
from metta.rl.run_folder import RunFolder
from metta.sweep.config import SweepConfig
from metta.sweep.folder import SweepFolder
from metta.sweep.job import LOG_FILE, last_line
from metta.sweep.recipe import TrainRecipe
from metta.sweep.results import write_results
from metta.sweep.scores import Curve, final_score, read_curve, rung_values
from metta.sweep.study import DONE, FAILED, PRUNED, RUNNING, SweepStudy, TrialRecord

SECONDS_TO_SAVE = 60.0
"""A run saves at the end of its epoch; one that needs longer is not waited for."""


@dataclass
class Follow:
    """A trial that runs."""

    number: int
    run: str
    settings: dict[str, Any]
    """Of the recipe, by dotted path: those of all trials and its own."""
    rung: int = 0
    """The last one that was compared."""
    agent_steps: int = 0
    is_beaten: bool = False


@dataclass(frozen=True)
class SweepPlan:
    """What a sweep is made of."""

    config: SweepConfig
    folder: SweepFolder
    recipe: TrainRecipe
    fixed: dict[str, Any]
    """Settings of all trials."""
    horizon: int
    """Agent-steps of the longest trial, 0 if the recipe does not tell."""
    seed: int


class Tracker:
    """What local processes and Ray have in common.

    Args:
        plan: what is swept.
        study: decides and remembers.
    """

    def __init__(self, plan: SweepPlan, study: SweepStudy) -> None:
        self.plan = plan
        self.config = plan.config
        self.study = study
        self._failures = 0

    def next_trial(self) -> Follow | None:
        """Begin a trial; None if there are enough."""
        number = self.study.ask()
        return None if number is None else self.follow(self.study.record(number))

    def left_over(self, should_stop: Callable[[], bool]) -> list[Follow]:
        """Return the trials that an earlier session began and did not finish, by number.

        Waits until their runs are free: after a kill, they may still be saving.

        Raises:
            UserError: one is still trained.
        """
        self.wait_for_runs(should_stop)
        left = [record for record in self.study.records() if record.state == RUNNING]
        held = next((record for record in left if self._folder(record).is_held()), None)
        if held is not None and not should_stop():
            raise UserError(
                f"{self._folder(held).path} is still trained by an earlier session; wait until it has saved"
            )
        return [self.follow(record) for record in left]

    def wait_for_runs(self, should_stop: Callable[[], bool] = lambda: False) -> None:
        """Wait until the runs of open trials have saved: who goes on with them takes their folders."""
        until = time.monotonic() + SECONDS_TO_SAVE
        for record in self.study.records():
            while record.state == RUNNING and self._folder(record).is_held() and time.monotonic() < until:
                if should_stop():
                    return
                time.sleep(0.1)

    def _folder(self, record: TrialRecord) -> RunFolder:
        return self.plan.folder.run(record.facts["run"])

    def follow(self, record: TrialRecord) -> Follow:
        """Return a trial that was begun, perhaps by an earlier session, as it goes on."""
        run = record.facts["run"]
        settings = {
            "run": run,
            "system.data_dir": str(self.plan.folder.runs.resolve()),
            **self.plan.fixed,
            **record.values,
        }
        return Follow(record.number, run, settings, rung=max(record.reports, default=0))

    def look(self, trial: Follow, is_done: bool = False) -> Curve:
        """Read how far a trial is; sets `is_beaten` if the pruner stops it."""
        curve = read_curve(self.plan.folder.run(trial.run), self.config.metric)
        trial.agent_steps = curve.agent_steps
        if self.config.pruner != "none" and not trial.is_beaten:
            self._compare(trial, curve, is_done)
        return curve

    def finish(self, trial: Follow, exit_code: int) -> None:
        """Write down the end of a trial.

        Raises:
            UserError: so many in a row have failed that the next would, too.
        """
        curve = self.look(trial, is_done=exit_code == EXIT_OK)
        run = self.plan.folder.run(trial.run)
        window = self.config.score_window
        state, message, score = DONE, None, None
        if trial.is_beaten:
            state, score = PRUNED, curve.score(window)
        elif exit_code != EXIT_OK:
            state, message = FAILED, _reason(exit_code, last_line(run.path))
        else:
            try:
                score = final_score(run, self.config.metric, window, curve)
            except UserError as error:
                state, message = FAILED, str(error)
        facts: dict[str, Any] = {"agent_steps": curve.agent_steps, "seconds": curve.seconds}
        facts |= {"message": message} if message else {}
        self.study.finish(trial.number, state, score, self._cost(curve), **facts)
        write_results(self.plan.folder, self.config, self.study, self.plan.seed)
        self._count_failures(trial, message)

    def _compare(self, trial: Follow, curve: Curve, is_done: bool) -> None:
        for rung, value in rung_values(curve, self.plan.horizon, self.config.num_rungs, is_done).items():
            if rung > trial.rung:
                trial.rung = rung
                if self.study.report(trial.number, rung, value) and rung < self.config.num_rungs:
                    trial.is_beaten = True
                    return

    def _cost(self, curve: Curve) -> float | None:
        return {"none": None, "seconds": curve.seconds, "agent_steps": float(curve.agent_steps)}[
            self.config.cost
        ]

    def _count_failures(self, trial: Follow, message: str | None) -> None:
        self._failures = 0 if message is None else self._failures + 1
        if self._failures >= self.config.max_failures:
            log = self.plan.folder.run(trial.run).path / LOG_FILE
            raise UserError(
                f"the last {self._failures} trials failed; {trial.run}: {message} (all of it: {log})"
            )


def _reason(exit_code: int, last: str) -> str:
    if exit_code < 0:
        return f"ended by {signal.Signals(-exit_code).name}"
    return last[:300] or f"exit code {exit_code}"
