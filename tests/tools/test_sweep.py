"""SweepTool from end to end: runs that take no time, a kill in the middle, mistakes; and real tiny trainings."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from metta.common.errors import UserError
from metta.common.parse import readings
from metta.common.system import SystemConfig
from metta.rl.run_folder import RunFolder
from metta.sweep.folder import SweepFolder
from metta.tools.sweep import SweepTool
from tests.sweep.cheap import GATE

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def in_the_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def cheap_sweep(data_dir: Path, **changes: Any) -> SweepTool:
    """A sweep of the cheap recipe; `changes` are settings as texts, with `__` for the dot."""
    tool = SweepTool(
        sweep_name="cheap",
        recipe_module="tests.sweep.cheap",
        system=SystemConfig(data_dir=str(data_dir), num_threads=1, device="cpu", seed=3),
        metric="score",
        poll_seconds=0.01,
        num_random_trials=2,
        max_trials=4,
    )
    settings = {"search_space.x": "0.0..6.0", "search_space.width": "16..64:pow2"} | {
        name.replace("__", "."): text for name, text in changes.items()
    }
    return tool.override_all({key: readings(text) for key, text in settings.items()})


def trials(data_dir: Path, name: str = "cheap") -> list[tuple[Any, ...]]:
    query = "SELECT trial, state, score, cost, agent_steps, seconds FROM trials ORDER BY trial"
    with duckdb.connect(str(SweepFolder(data_dir, name).results), read_only=True) as connection:
        return connection.execute(query).fetchall()


def settings_of(data_dir: Path) -> list[tuple[Any, ...]]:
    query = "SELECT trial, name, value FROM trial_settings ORDER BY ALL"
    with duckdb.connect(str(SweepFolder(data_dir, "cheap").results), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_trials_are_ordinary_runs_and_the_best_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    tool = cheap_sweep(tmp_path)
    assert tool.invoke() == 0
    output = capsys.readouterr().out
    rows = trials(tmp_path)
    assert [(row[0], row[1], row[4]) for row in rows] == [(number, "done", 800) for number in range(4)]
    best = max(rows, key=lambda row: row[2])
    folder = SweepFolder(tmp_path, "cheap")
    assert folder.run(f"cheap.{best[0]:04d}").metrics.is_dir()
    assert f"best run: {folder.runs}/cheap.{best[0]:04d}" in output
    assert f"trial {best[0]} done: {best[2]:.4g}" in output
    assert "tests.sweep.cheap.train x=" in output
    x = json.loads(dict((row[:2], row[2]) for row in settings_of(tmp_path))[best[0], "x"])
    assert best[2] == pytest.approx((10.0 - (x - 3.0) ** 2) * 15 / 16)  # the last fifth: epochs 7 and 8


def test_the_same_seed_gives_the_same_sweep_and_it_can_go_on(tmp_path: Path):
    cheap_sweep(tmp_path / "whole").invoke()
    cheap_sweep(tmp_path / "parts", max_trials="1").invoke()
    cheap_sweep(tmp_path / "parts").invoke()
    assert trials(tmp_path / "whole") == trials(tmp_path / "parts")
    assert settings_of(tmp_path / "whole") == settings_of(tmp_path / "parts")


def test_a_killed_sweep_leaves_no_process_and_goes_on(tmp_path: Path):
    """Killed while its third trial runs; that trial is finished by the second session, with its old settings."""
    script = "import sys; from tests.tools.test_sweep import *; cheap_sweep(Path(sys.argv[1])).invoke()"
    gate = tmp_path / "0002"
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", script, str(tmp_path / "parts")],
        cwd=ROOT,
        env={**os.environ, GATE: str(gate)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("trial 1 "):
            break
    lock = SweepFolder(tmp_path / "parts", "cheap").run("cheap.0002").path / ".lock"
    while not (lock.exists() and lock.read_text().strip()):
        pass  # the third trial is about to begin
    process.kill()
    process.wait()
    process.stdout.close()
    _wait_until_gone(int(lock.read_text()))
    cheap_sweep(tmp_path / "parts").invoke()
    cheap_sweep(tmp_path / "whole").invoke()
    assert trials(tmp_path / "parts") == trials(tmp_path / "whole")
    assert settings_of(tmp_path / "parts") == settings_of(tmp_path / "whole")


def _wait_until_gone(pid: int) -> None:
    """The trial ends by itself, without ever seeing the gate opened."""
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return


def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(tmp_path: Path):
    script = (
        "import sys; from tests.tools.test_sweep import *; sys.exit(cheap_sweep(Path(sys.argv[1])).invoke())"
    )
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", script, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, GATE: str(tmp_path / "0002")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("trial 1 "):
            break
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert "the same command with sweep_name=cheap goes on" in output
    assert {row[1] for row in trials(tmp_path)} <= {"done", "running"}
    assert cheap_sweep(tmp_path).invoke() == 0
    assert [row[1] for row in trials(tmp_path)] == ["done"] * 4


def test_several_trials_at_once_are_the_same_trials_of_a_grid(tmp_path: Path):
    for jobs in ("1", "3"):
        changes = {"sampler": "grid", "grid_points": "2", "max_parallel_jobs": jobs, "max_trials": "4"}
        cheap_sweep(tmp_path / jobs, **changes).invoke()
    assert trials(tmp_path / "1") == trials(tmp_path / "3")


def test_bad_trials_are_stopped(tmp_path: Path):
    changes = {"pruner": "median", "prune_after": "2", "sampler": "random", "max_trials": "8"}
    cheap_sweep(tmp_path, **changes).invoke()
    states = [row[1] for row in trials(tmp_path)]
    assert set(states) == {"done", "pruned"}
    scores = {state: [row[2] for row in trials(tmp_path) if row[1] == state] for state in ("done", "pruned")}
    assert max(scores["done"]) > max(scores["pruned"])


def test_score_against_cost(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    cheap_sweep(tmp_path, cost="seconds", json="true").invoke()
    shown = json.loads(capsys.readouterr().out)
    assert shown["sweep"] == "cheap"
    best = [trial for trial in shown["trials"] if trial["is_best"]]
    assert best
    for trial in shown["trials"]:
        assert trial["cost"] == 8 * trial["settings"]["width"] / 16
        assert any(b["score"] >= trial["score"] and b["cost"] <= trial["cost"] for b in best)


def test_arguments_of_the_recipes_function_can_vary_too(tmp_path: Path):
    tool = cheap_sweep(tmp_path, search_space__doubled="1.5,2.5", sampler="grid", max_trials="2")
    tool.search_space = {"doubled": tool.search_space["doubled"]}
    tool.invoke()
    assert [row[2] for row in trials(tmp_path)] == pytest.approx([10 * 15 / 16, (10 - 4) * 15 / 16])


def test_failed_trials_are_told_and_too_many_end_the_sweep(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    cheap_sweep(
        tmp_path, search_space__kind="broken,good", sampler="grid", grid_points="2", max_trials="3"
    ).invoke()
    assert [row[1] for row in trials(tmp_path)] == ["failed", "done", "failed"]
    assert "training stopped in epoch 1: loss term total is nan" in capsys.readouterr().out
    with pytest.raises(UserError, match=r"the last 2 trials failed; cheap\.0001: .* is nan .*log\.txt"):
        cheap_sweep(tmp_path / "b", train_overrides__kind="broken", max_failures="2").invoke()
    with pytest.raises(UserError, match=r"metric=scroe was not written; did you mean score"):
        cheap_sweep(tmp_path / "c", metric="scroe", max_failures="1").invoke()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"search_space__trainer__rat": "1..2"}, r"no field 'rat'; did you mean rate"),
        ({"search_space__wdth": "1,2"}, r"has no argument and no setting 'wdth'; did you mean width"),
        ({"search_space__trainer__rate": "0.0..1.0"}, r"search_space, trainer\.rate=0\.0: .*greater than 0"),
        ({"search_space__run": "a,b"}, "run belongs to the sweep"),
        ({"train_overrides__x": "1.0"}, "x is in search_space and also fixed"),
        ({"train_overrides__trainer__rate": "-1"}, r"trainer\.rate.*greater than 0"),
        ({"recipe_module": "arne"}, "there is no recipe 'arne'; did you mean arena"),
        ({"train_entrypoint": "trin"}, "has no function 'trin'; did you mean train"),
        ({"pruner": "median", "cost": "seconds"}, "compares one score"),
        ({"pruner": "median", "metric": "scorecard/heart"}, "comes after it"),
    ],
)
def test_mistakes_are_one_line_before_anything_runs(tmp_path: Path, changes: dict[str, str], message: str):
    with pytest.raises(ValueError, match=message) as error:
        cheap_sweep(tmp_path, **changes).invoke()
    assert "\n" not in str(error.value)
    assert not (tmp_path / "sweeps").exists()


def test_a_sweep_without_a_space_says_how_to_write_one(tmp_path: Path):
    with pytest.raises(UserError, match="search_space is empty"):
        SweepTool(system=SystemConfig(data_dir=str(tmp_path))).invoke()


def test_what_a_sweep_that_goes_on_cannot_change(tmp_path: Path):
    cheap_sweep(tmp_path, max_trials="1").invoke()
    for changes, message in (
        ({"search_space__x": "0.0..7.0"}, r"begun with search_space\.x\.high=6\.0, now it is 7\.0"),
        ({"metric": "loss/total"}, "begun with metric=score"),
    ):
        with pytest.raises(UserError, match=message):
            cheap_sweep(tmp_path, **changes).invoke()
    settings = SweepFolder(tmp_path, "cheap").settings
    settings.write_text(settings.read_text().replace('"version": 1', '"version": 9'))
    with pytest.raises(UserError, match="this program reads version 1"):
        cheap_sweep(tmp_path).invoke()


def test_two_sweeps_cannot_have_one_folder(tmp_path: Path):
    with SweepFolder(tmp_path, "cheap").lock(), pytest.raises(UserError, match="is run by another process"):
        cheap_sweep(tmp_path).invoke()


def test_real_trainings(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Two tiny trainings in the arena, scored by the evaluation after training."""
    tool = SweepTool(
        sweep_name="tiny",
        recipe_module="tests.tools.tiny_recipe",
        metric="scorecard/reward",
        max_trials=2,
        poll_seconds=0.05,
        system=SystemConfig(data_dir=str(tmp_path), num_threads=1, device="cpu"),
    )
    tool.override("search_space.trainer.optimizer.learning_rate", readings("1e-4..1e-2:log"))
    assert tool.invoke() == 0
    rows = trials(tmp_path, "tiny")
    assert [row[1] for row in rows] == ["done", "done"]
    assert all(row[4] == 128 and row[5] > 0 for row in rows)
    run = RunFolder(SweepFolder(tmp_path, "tiny").runs, "tiny.0001")
    assert run.is_trained()
    assert run.stats.exists()
    assert "trainer.optimizer.learning_rate=" in capsys.readouterr().out
