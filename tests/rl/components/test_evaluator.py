"""Measuring while learning."""

from pathlib import Path

import duckdb
import torch

from tests.tools.test_train import final_weights, small_tool


def test_measuring_fills_the_metrics_and_changes_nothing_else(tmp_path: Path) -> None:
    for name, interval in (("without", 0), ("with", 2)):
        small_tool(tmp_path / name, evaluator__epoch_interval=interval).invoke()
    assert torch.equal(final_weights(tmp_path / "without", 2), final_weights(tmp_path / "with", 2))
    query = f"""SELECT DISTINCT epoch FROM '{tmp_path}/with/small/metrics/*.parquet'
                WHERE name = 'evaluation/arena/basic/heart.gained'"""
    assert duckdb.sql(query).fetchall() == [(2,)]
