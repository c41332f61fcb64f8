"""Writes every epoch's metrics to `metrics/`: the truth about a run while it runs."""

import time
from pathlib import Path

import pyarrow as pa

from metta.rl.components.component import Component
from metta.rl.components.parquet_parts import ParquetParts
from metta.rl.report import EpochReport, Progress

# Long: one row per epoch and metric. Metrics may come and go between epochs without changing the table's
# form.
SCHEMA = pa.schema(
    [
        ("epoch", pa.int64()),
        ("agent_steps", pa.int64()),
        ("seconds", pa.float64()),  # of training, all sessions of the run together
        ("name", pa.string()),
        ("value", pa.float64()),
    ]
)

_SECONDS_BETWEEN_PARTS = 30.0  # how far behind a reader may be; fewer would litter the folder


class MetricsWriter(Component):
    """Long format: (epoch, agent_steps, seconds, name, value), one row per epoch and metric.

    Args:
        folder: the run's `metrics` folder.
    """

    def __init__(self, folder: Path) -> None:
        self._parts = ParquetParts(folder, SCHEMA)
        self._written_at = time.monotonic()

    def on_start(self, progress: Progress) -> None:
        """Drop what an earlier session wrote after the state that this one starts from."""
        self._parts.forget_after(progress.epoch)

    def on_epoch_end(self, report: EpochReport) -> None:
        """Add the epoch's rows."""
        self.add(report.progress, report.metrics)
        if time.monotonic() - self._written_at >= _SECONDS_BETWEEN_PARTS:
            self.flush()

    def add(self, progress: Progress, metrics: dict[str, float]) -> None:
        """Add rows of the present epoch; the next part has them."""
        key = {"epoch": progress.epoch, "agent_steps": progress.num_agent_steps, "seconds": progress.seconds}
        self._parts.add([{**key, "name": name, "value": value} for name, value in metrics.items()])

    def on_stop(self, progress: Progress) -> None:
        """Write the rest."""
        self.flush()

    def flush(self) -> None:
        """Write what has been added since the last part."""
        self._parts.flush()
        self._written_at = time.monotonic()
