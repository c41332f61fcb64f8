"""Writes every finished episode to `episodes/`."""

import time
from pathlib import Path

import pyarrow as pa

from metta.rl.components.component import Component
from metta.rl.components.parquet_parts import ParquetParts
from metta.rl.report import EpochReport, Progress
from metta.rollout.records import EpisodeRecord

# One row per episode and statistic that was not 0 for everybody; means are over the agents of the world.
SCHEMA = pa.schema(
    [
        ("epoch", pa.int64()),
        ("world", pa.int32()),
        ("episode", pa.int64()),  # of that world
        ("length", pa.int32()),
        ("shortened", pa.bool_()),  # cut to scatter the ends; leave it out of averages
        ("name", pa.string()),  # a statistic of the game, or "return"
        ("mean", pa.float64()),
        ("smallest", pa.float64()),
        ("largest", pa.float64()),
    ]
)

_SECONDS_BETWEEN_PARTS = 30.0


class EpisodeWriter(Component):
    """Writes episodes in long form: one row per episode and statistic.

    Args:
        folder: the run's `episodes` folder.
        stat_names: of the game.
    """

    def __init__(self, folder: Path, stat_names: list[str]) -> None:
        self._parts = ParquetParts(folder, SCHEMA)
        self._stat_names = stat_names
        self._written_at = time.monotonic()

    def on_start(self, progress: Progress) -> None:
        """Drop what an earlier session wrote after the state that this one starts from."""
        self._parts.forget_after(progress.epoch)

    def on_epoch_end(self, report: EpochReport) -> None:
        """Add the epoch's episodes."""
        for episode in report.episodes:
            self._parts.add(self._rows(report.progress.epoch, episode))
        if time.monotonic() - self._written_at >= _SECONDS_BETWEEN_PARTS:
            self.flush()

    def on_stop(self, progress: Progress) -> None:
        """Write the rest."""
        self.flush()

    def _rows(self, epoch: int, episode: EpisodeRecord) -> list[dict[str, object]]:
        key = {
            "epoch": epoch,
            "world": episode.world,
            "episode": episode.index,
            "length": episode.length,
            "shortened": episode.shortened,
        }
        columns = [("return", episode.returns), *zip(self._stat_names, episode.stats.T, strict=True)]
        return [
            {
                **key,
                "name": name,
                "mean": float(values.mean()),
                "smallest": float(values.min()),
                "largest": float(values.max()),
            }
            for name, values in columns
            if name == "return" or values.any()
        ]

    def flush(self) -> None:
        """Write what has been added since the last part."""
        self._parts.flush()
        self._written_at = time.monotonic()
