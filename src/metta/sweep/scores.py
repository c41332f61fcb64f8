"""What a run has reached, read from the files that it writes: while it runs, and at its end."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from metta.common.errors import UserError
from metta.policy.uri import list_checkpoints
from metta.rl.run_folder import RunFolder
from metta.sim.stats_database import open_stats, simulation_means
from metta.sweep.config import SCORECARD
from mettagrid.config.nearest import did_you_mean

_COLUMNS = ["epoch", "agent_steps", "seconds", "name", "value"]


@dataclass(frozen=True)
class Curve:
    """One metric of a run over its agent-steps, and how far the run is."""

    steps: np.ndarray
    """int64 [n], rising."""
    values: np.ndarray
    """float64 [n]."""
    agent_steps: int = 0
    """Of the last epoch that was written."""
    seconds: float = 0.0
    """Of training until then."""

    def mean_between(self, after: float, until: float) -> float | None:
        """Return the mean of the values at after < agent-steps <= until, None if there are none."""
        inside = self.values[(self.steps > after) & (self.steps <= until)]
        return float(inside.mean()) if len(inside) else None

    def score(self, window: float) -> float | None:
        """Return the mean over the last share of the run, else the last value; None without any."""
        if not len(self.values):
            return None
        mean = self.mean_between(self.agent_steps * (1.0 - window), self.agent_steps)
        return float(self.values[-1]) if mean is None else mean


def read_curve(folder: RunFolder, metric: str) -> Curve:
    """Read a metric of a run; a part that is replaced just now is left out, the next reading has it."""
    steps: list[int] = []
    values: list[float] = []
    agent_steps, seconds = 0, 0.0
    for table in _tables(folder):
        chosen = table.filter(pc.field("name") == metric)
        steps += chosen["agent_steps"].to_pylist()
        values += chosen["value"].to_pylist()
        agent_steps = max(agent_steps, table["agent_steps"][-1].as_py())
        seconds = max(seconds, table["seconds"][-1].as_py())
    return Curve(np.array(steps, dtype=np.int64), np.array(values, dtype=np.float64), agent_steps, seconds)


def final_score(folder: RunFolder, metric: str, window: float, curve: Curve) -> float:
    """Return the score of a run that is done.

    Raises:
        UserError: the run has no such metric (with the nearest ones), or its score is no finite number.
    """
    if metric.startswith(SCORECARD):
        score = _scorecard(folder, metric.removeprefix(SCORECARD))
    else:
        score = curve.score(window)
        if score is None:
            raise UserError(f"metric={metric} was not written; {did_you_mean(metric, _names(folder))}")
    if not math.isfinite(score):
        raise UserError(f"{metric} is {score}")
    return score


def rung_values(curve: Curve, horizon: int, num_rungs: int, is_done: bool) -> Mapping[int, float]:
    """Return the mean of each part of the way to `horizon` that is behind the run, by its number from 1."""
    size = horizon / num_rungs
    reached = num_rungs if is_done else min(num_rungs, int(curve.agent_steps / size))
    means = {rung: curve.mean_between((rung - 1) * size, rung * size) for rung in range(1, reached + 1)}
    return {rung: mean for rung, mean in means.items() if mean is not None and math.isfinite(mean)}


def _tables(folder: RunFolder) -> list[pa.Table]:
    tables = []
    for part in sorted(folder.metrics.glob("part-*.parquet")):
        try:
            table = pq.read_table(part, columns=_COLUMNS)
        except FileNotFoundError:
            continue
        if table.num_rows:
            tables.append(table)
    return tables


def _names(folder: RunFolder) -> set[str]:
    return {name for table in _tables(folder) for name in table["name"].unique().to_pylist()}


def _scorecard(folder: RunFolder, statistic: str) -> float:
    """Mean of a statistic over all simulations of the evaluation after training."""
    versions = list_checkpoints(folder.checkpoints)
    if not versions or not folder.stats.exists():
        raise UserError(f"metric={SCORECARD}{statistic}: the run wrote no {folder.stats.name}")
    with open_stats(folder.stats) as connection:
        rows = connection.execute("SELECT DISTINCT metric FROM agent_metrics").fetchall()
        # Only what is not 0 is in the database; what was counted at all, the metrics of training know.
        known = {name for (name,) in rows} | {name.removeprefix("episode/") for name in _names(folder)}
        if statistic not in known:
            raise UserError(
                f"metric={SCORECARD}{statistic} was not measured; {did_you_mean(statistic, known)}"
            )
        means = simulation_means(connection, folder.run, max(versions), statistic)
    return float(np.mean(list(means.values())))
