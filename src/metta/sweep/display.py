"""Shows how far a sweep is: a bar in a terminal, a line for each trial elsewhere; and the table at its end."""

import statistics
import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table

from metta.rl.components.progress_display import short_count, short_time
from metta.sweep.config import SweepConfig
from metta.sweep.space import short_value
from metta.sweep.study import DONE, FAILED, PRUNED, RUNNING, SweepStudy, TrialRecord
from metta.sweep.tracker import Follow

_ENDED = (DONE, PRUNED, FAILED)


class SweepDisplay:
    """Trials that are done, the best one, and the time left.

    Args:
        console: where to.
        config: of the sweep.
        study: of the sweep.
        horizon: agent-steps of a trial, 0 if unknown.
    """

    def __init__(self, console: Console, config: SweepConfig, study: SweepStudy, horizon: int) -> None:
        self._console = console
        self._config = config
        self._study = study
        self._horizon = horizon
        self._began_at = time.monotonic()
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def __enter__(self) -> "SweepDisplay":
        """Start the bar, where there is a terminal."""
        if self._console.is_terminal:
            self._bar = Progress(BarColumn(), TextColumn("{task.description}"), console=self._console)
            self._task = self._bar.add_task("starting", total=self._study.limit())
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Give the terminal back."""
        if self._bar is not None:
            self._bar.stop()

    def update(self, running: Sequence[Follow]) -> None:
        """Move the bar."""
        if self._bar is None:
            return
        ended = [record for record in self._study.records() if record.state in _ENDED]
        parts = [trial.agent_steps / self._horizon if self._horizon else 0.0 for trial in running]
        done = len(ended) + sum(min(part, 1.0) for part in parts)
        text = f"{len(ended)} of {self._study.limit()} trials, {len(running)} running  "
        text += f"{self._time_left(ended, done)}{self._best_text()}"
        self._bar.update(self._task, completed=done, description=text)

    def trial_ended(self, number: int) -> None:
        """Print a line about a trial."""
        record = self._study.record(number)
        settings = ", ".join(
            f"{key.split('.')[-1]}={short_value(value)}" for key, value in record.values.items()
        )
        message = f"  {record.facts['message']}" if record.state == FAILED else ""
        self._console.print(
            f"trial {number} {record.state}: {score_text(record)}  {settings}{message}",
            soft_wrap=True,
            highlight=False,
            markup=False,
        )

    def _time_left(self, ended: Sequence[TrialRecord], done: float) -> str:
        took = [_duration(record) for record in ended if record.state != FAILED]
        if not took:
            return ""
        left = max(self._study.limit() - done, 0.0) * statistics.mean(took) / self._config.max_parallel_jobs
        return f"{short_time(left)} left  "

    def _best_text(self) -> str:
        best = self._study.best()
        return f"best {score_text(self._study.record(best[0]))}" if best else ""


def results_table(config: SweepConfig, study: SweepStudy) -> Table:
    """Return the best trials as a table, best first: those that no other beats, then the others by score."""
    title = f"sweep {config.sweep_name}: {config.goal} {config.metric}"
    title += f", keep {config.cost} small" if config.is_multi_objective() else ""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("trial", justify="right")
    table.add_column("state")
    columns = ["score", *([config.cost] if config.is_multi_objective() else []), *config.search_space]
    for column in columns:
        table.add_column(column, justify="right", overflow="fold")
    best = study.best()
    for record in ranked(config, study)[: config.rows_shown]:
        cells = ["" if record.score is None else f"{record.score:.4g}"]
        if config.is_multi_objective():
            cells.append("" if record.cost is None else short_count(record.cost))
        cells += [
            short_value(record.values[key]) if key in record.values else "" for key in config.search_space
        ]
        mark = "bold" if record.number in best else None
        table.add_row(str(record.number), record.state, *cells, style=mark)
    shares = study.importances()
    if shares:
        blank = [""] * (2 if config.is_multi_objective() else 1)
        table.add_row("", "matters", *blank, *(f"{shares.get(key, 0):.0%}" for key in config.search_space))
    return table


def ranked(config: SweepConfig, study: SweepStudy) -> list[TrialRecord]:
    """Return all trials: unbeaten ones, then done, pruned, failed and open ones, each by score."""
    sign = -1.0 if config.goal == "maximize" else 1.0
    best = study.best()
    order = {DONE: 1, PRUNED: 2, FAILED: 3, RUNNING: 4}

    def place(record: TrialRecord) -> tuple[int, float, int]:
        group = 0 if record.number in best else order[record.state]
        return group, sign * record.score if record.score is not None else 0.0, record.number

    return sorted(study.records(), key=place)


def score_text(record: TrialRecord) -> str:
    """Write score and cost of a trial."""
    if record.score is None:
        return "no score"
    return f"{record.score:.4g}" + (f" for {short_count(record.cost)}" if record.cost is not None else "")


def _duration(record: TrialRecord) -> float:
    if record.started_at is None or record.finished_at is None:
        return 0.0
    return (record.finished_at - record.started_at).total_seconds()
