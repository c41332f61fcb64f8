"""Scores from the files of runs, against means reckoned by hand."""

from pathlib import Path

import numpy as np
import pytest

from metta.common.errors import UserError
from metta.rl.components.parquet_parts import ParquetParts
from metta.rl.run_folder import RunFolder
from metta.sweep.scores import Curve, final_score, read_curve, rung_values
from tests.sweep.cheap import SCHEMA


def make_run(folder: Path, values: list[float]) -> RunFolder:
    """A run of 100 agent-steps an epoch, in two parts; the metric `score` and another one."""
    run = RunFolder(folder, "run")
    parts = ParquetParts(run.metrics, SCHEMA)
    for epoch, value in enumerate(values, start=1):
        key = {"epoch": epoch, "agent_steps": 100 * epoch, "seconds": 2.0 * epoch}
        parts.add([{**key, "name": "score", "value": value}, {**key, "name": "episode/heart", "value": -1.0}])
        if epoch == 3:
            parts.flush()
    parts.flush()
    return run


def test_a_curve_is_read_from_all_parts(tmp_path: Path):
    curve = read_curve(make_run(tmp_path, [1, 2, 3, 4, 5]), "score")
    np.testing.assert_array_equal(curve.steps, [100, 200, 300, 400, 500])
    np.testing.assert_array_equal(curve.values, [1, 2, 3, 4, 5])
    assert (curve.agent_steps, curve.seconds) == (500, 10.0)
    assert curve.score(0.4) == 4.5
    assert curve.score(1.0) == 3.0
    assert curve.score(0.01) == 5.0


def test_a_run_that_has_written_nothing_yet(tmp_path: Path):
    curve = read_curve(RunFolder(tmp_path, "none"), "score")
    assert (curve.agent_steps, curve.score(0.2)) == (0, None)
    assert rung_values(curve, horizon=800, num_rungs=8, is_done=False) == {}


def test_a_metric_that_was_last_written_long_ago_counts_with_its_last_value():
    curve = Curve(np.array([100, 200]), np.array([1.0, 7.0]), agent_steps=1000)
    assert curve.score(0.2) == 7.0


def test_an_unknown_metric_names_the_nearest(tmp_path: Path):
    run = make_run(tmp_path, [1, 2])
    with pytest.raises(UserError, match=r"metric=scor was not written; did you mean score"):
        final_score(run, "scor", 0.2, read_curve(run, "scor"))


def test_a_score_that_is_no_number_is_refused(tmp_path: Path):
    run = make_run(tmp_path, [1, float("nan")])
    with pytest.raises(UserError, match="score is nan"):
        final_score(run, "score", 0.2, read_curve(run, "score"))


def test_a_scorecard_needs_an_evaluation(tmp_path: Path):
    run = make_run(tmp_path, [1, 2])
    with pytest.raises(UserError, match=r"the run wrote no stats\.duckdb"):
        final_score(run, "scorecard/heart", 0.2, read_curve(run, "x"))


def test_rungs_are_means_of_equal_parts_of_the_way(tmp_path: Path):
    curve = read_curve(make_run(tmp_path, [1, 2, 3, 4, 5]), "score")
    assert rung_values(curve, horizon=800, num_rungs=4, is_done=False) == {1: 1.5, 2: 3.5}
    assert rung_values(curve, horizon=800, num_rungs=4, is_done=True) == {1: 1.5, 2: 3.5, 3: 5.0}
    assert rung_values(curve, horizon=500, num_rungs=5, is_done=False) == dict(
        enumerate((1, 2, 3, 4, 5), start=1)
    )
