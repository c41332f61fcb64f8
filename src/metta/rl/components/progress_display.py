"""Shows how far a run is: a bar in a terminal, plain lines elsewhere."""

import time
from collections import deque

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from metta.rl.components.component import Component
from metta.rl.report import EpochReport, Progress

_SECONDS_BETWEEN_LINES = 10.0
_EPISODES_SHOWN = 64  # the mean of the last so many episodes is steady enough to read


class ProgressDisplay(Component):
    """Shows agent-steps, rate, time left and a statistic per agent, e.g. hearts.

    Args:
        console: where to.
        total_timesteps: agent-steps of the run.
        stat_names: of the game.
        stat: the statistic that is shown, if the game counts it, averaged over the last finished episodes;
            else the return is.
        label: what to call it.
    """

    def __init__(
        self,
        console: Console,
        total_timesteps: int,
        stat_names: list[str],
        stat: str = "heart.gained",
        label: str = "hearts per agent",
    ) -> None:
        self._console = console
        self._total = total_timesteps
        self._column = stat_names.index(stat) if stat in stat_names else None
        self._label = label if self._column is not None else "return per agent"
        self._recent: deque[float] = deque(maxlen=_EPISODES_SHOWN)
        self._started_at = time.monotonic()
        self._started_steps = 0
        self._shown_at = 0.0
        self._bar: Bar | None = None
        self._task = TaskID(0)

    def on_start(self, progress: Progress) -> None:
        """Start the bar where the run stands."""
        self._started_at, self._started_steps = time.monotonic(), progress.num_agent_steps
        if self._console.is_terminal:
            self._bar = Bar(BarColumn(), TextColumn("{task.description}"), console=self._console)
            self._task = self._bar.add_task(
                "starting", total=self._total, completed=min(progress.num_agent_steps, self._total)
            )
            self._bar.start()

    def on_epoch_end(self, report: EpochReport) -> None:
        """Move the bar, or print a line if the last one is old enough."""
        self._note(report)
        text = self._describe(report.progress)
        if self._bar is not None:
            self._bar.update(
                self._task, completed=min(report.progress.num_agent_steps, self._total), description=text
            )
        elif time.monotonic() - self._shown_at >= _SECONDS_BETWEEN_LINES:
            self._console.print(text, soft_wrap=True)
            self._shown_at = time.monotonic()

    def on_stop(self, progress: Progress) -> None:
        """Leave the last state on the screen."""
        self.close()
        if not self._console.is_terminal:
            self._console.print(self._describe(progress), soft_wrap=True)

    def close(self) -> None:
        """Give the terminal back, also after an error."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _note(self, report: EpochReport) -> None:
        for episode in report.episodes:
            if not episode.shortened:
                values = episode.returns if self._column is None else episode.stats[:, self._column]
                self._recent.append(float(values.mean()))

    def _describe(self, progress: Progress) -> str:
        done = progress.num_agent_steps - self._started_steps
        rate = done / max(time.monotonic() - self._started_at, 1e-9)
        left = max(self._total - progress.num_agent_steps, 0) / max(rate, 1e-9)
        shown = f"{sum(self._recent) / len(self._recent):.2f}" if self._recent else "-"
        return (
            f"{short_count(progress.num_agent_steps)} of {short_count(self._total)} agent-steps  "
            f"{short_count(rate)}/s  {short_time(left)} left  {self._label} {shown}"
        )


def short_count(number: float) -> str:
    """Write a count with three digits: 950, 12.3k, 4.56M."""
    for limit, unit in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if number >= limit:
            return f"{number / limit:.3g}{unit}"
    return f"{number:.3g}"


def short_time(seconds: float) -> str:
    """Write a time in at most two units: 45 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
