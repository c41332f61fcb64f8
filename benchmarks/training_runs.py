"""What the comparisons of trainings share: runs that go on where they stopped, their curves, a table, a picture.

Used by `losses.py` and `architectures.py`. Needs matplotlib (`./metta install dev`).
"""

from pathlib import Path
from statistics import mean, stdev
from typing import Any

import duckdb
import matplotlib

matplotlib.use("Agg")
from matplotlib.axes import Axes

from metta.tools.train import TrainTool

METRIC = "episode/heart.gained"
SPEED = "time/agent_steps_per_second"
SMOOTHED_POINTS = 50

Curve = list[tuple[float, float]]
"""(million agent-steps, mean of a metric), one point for each stretch of a run."""


def train_once(tool: TrainTool, run: Path, seed: int, settings: dict[str, Any]) -> None:
    """Train into a run folder, or go on with what is there; a run that is done is not done again.

    Raises:
        SystemExit: the run was stopped or failed.
    """
    tool.override_all(
        {
            "run": run.name,
            "system.seed": seed,
            "system.data_dir": str(run.parent),
            "evaluator.after_training": False,
            **settings,
        }
    )
    steps = tool.trainer.total_timesteps
    if agent_steps_of(run) < steps:
        print(f"{run}: {steps / 1e6:g}M agent-steps", flush=True)
        code = tool.invoke()
        if code:
            raise SystemExit(code)


def agent_steps_of(run: Path) -> int:
    """Agent-steps that a run has done so far, by its metrics; 0 where there is none."""
    if not list(run.glob("metrics/*.parquet")):
        return 0
    row = duckdb.execute("SELECT max(agent_steps) FROM read_parquet(?)", [_metrics(run)]).fetchone()
    return int(row[0] or 0) if row else 0


def curve(run: Path, metric: str = METRIC, points: int = SMOOTHED_POINTS) -> Curve:
    """The mean of a metric in each of `points` stretches of a run."""
    rows = duckdb.execute(
        """
        WITH points AS (
            SELECT agent_steps, value, ntile(?) OVER (ORDER BY agent_steps) AS stretch
            FROM read_parquet(?) WHERE name = ?
        )
        SELECT max(agent_steps) / 1e6, avg(value) FROM points GROUP BY stretch ORDER BY stretch
        """,
        [points, _metrics(run), metric],
    )
    return rows.fetchall()


def speed(run: Path) -> float:
    """Median agent-steps per second of a run."""
    query = "SELECT median(value) FROM read_parquet(?) WHERE name = ?"
    row = duckdb.execute(query, [_metrics(run), SPEED]).fetchone()
    return float(row[0] or 0) if row else 0.0


def scores(runs: list[Path], metric: str = METRIC) -> tuple[list[float], list[float]]:
    """For each run: the metric at the end (the last tenth), and its mean over the whole run."""
    curves = [[value for _, value in curve(run, metric)] for run in runs]
    last = max(1, SMOOTHED_POINTS // 10)
    return [mean(values[-last:]) for values in curves if values], [mean(v) for v in curves if v]


def spread(values: list[float]) -> str:
    """Mean and deviation of some seeds; a run too short for an episode has none."""
    if not values:
        return "-"
    return f"{mean(values):.2f}" + (f" ± {stdev(values):.2f}" if len(values) > 1 else "")


def draw_curves(axes: Axes, runs: dict[str, list[Path]], bold: str, metric: str = METRIC) -> None:
    """Draw for each name the mean curve of its runs with their range; one name is drawn thicker."""
    for name, of_name in runs.items():
        points = list(zip(*(curve(run, metric) for run in of_name), strict=False))
        steps = [mean(step for step, _ in point) for point in points]
        values = [[value for _, value in point] for point in points]
        width = 2.5 if name == bold else 1.2
        line = axes.plot(steps, [mean(v) for v in values], label=name, linewidth=width)
        low, high = [min(v) for v in values], [max(v) for v in values]
        axes.fill_between(steps, low, high, alpha=0.12, color=line[0].get_color())
    label = "hearts per agent per episode" if metric == METRIC else metric
    axes.set(xlabel="million agent-steps", ylabel=label)
    axes.grid(alpha=0.3)


def _metrics(run: Path) -> str:
    return str(run / "metrics" / "*.parquet")
