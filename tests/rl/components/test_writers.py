"""Parquet parts of metrics and episodes."""

from pathlib import Path

import duckdb
import pyarrow as pa

from metta.rl.components.episode_writer import EpisodeWriter
from metta.rl.components.metrics_writer import MetricsWriter
from metta.rl.components.parquet_parts import ParquetParts
from tests.rl.fakes import EchoBatch
from tests.rl.runs import echo_trainer


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_parts_are_named_by_their_epochs_and_forgotten_from_one_on(tmp_path: Path) -> None:
    parts = ParquetParts(tmp_path, pa.schema([("epoch", pa.int64())]))
    for first in (1, 3, 5):
        parts.add([{"epoch": first}, {"epoch": first + 1}])
        parts.flush()
    parts.flush()
    (tmp_path / ".part-00000007-00000007.99.part.parquet").touch()
    parts.forget_after(3)
    assert names(tmp_path) == ["part-00000001-00000002.parquet", "part-00000003-00000003.parquet"]


def test_metrics_can_be_queried(tmp_path: Path) -> None:
    echo_trainer(epochs=3).train([MetricsWriter(tmp_path)])
    query = f"SELECT epoch, agent_steps FROM '{tmp_path}/*.parquet' WHERE name = 'loss/total' ORDER BY epoch"
    assert duckdb.sql(query).fetchall() == [(1, 64), (2, 128), (3, 192)]


def test_episodes_can_be_queried(tmp_path: Path) -> None:
    env = EchoBatch(num_worlds=4, max_steps=4)
    echo_trainer(epochs=1, env=env).train([EpisodeWriter(tmp_path, env.spec.stat_names)])
    query = f"SELECT name, count(*), sum(shortened::int), max(mean) FROM '{tmp_path}/*.parquet' GROUP BY name"
    rows = {name: rest for name, *rest in duckdb.sql(query).fetchall()}
    assert rows["steps"] == [8, 4, 4.0]
    assert set(rows) == {"heart.gained", "return", "steps"}
