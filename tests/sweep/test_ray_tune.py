"""Trials through Ray Tune: the same trials as local processes run, and what Tune is told when one is beaten."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ray.tune.search import Searcher

from metta.common.errors import UserError
from metta.sweep.config import SweepConfig
from metta.sweep.folder import SweepFolder
from metta.sweep.job import JOB_FILE
from metta.sweep.ray_tune import _Chooser, _Stopper
from metta.sweep.recipe import TrainRecipe
from metta.sweep.space import make_space
from metta.sweep.study import SweepStudy
from metta.sweep.tracker import SweepPlan, Tracker
from tests.sweep.cheap import GATE
from tests.tools.test_sweep import settings_of, trials

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from pathlib import Path
from tests.tools.test_sweep import cheap_sweep
cheap_sweep(Path(sys.argv[1]), launcher=sys.argv[2], max_trials="3", poll_seconds="0.1").invoke()
"""


@pytest.fixture(autouse=True)
def in_the_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def chooser_of(folder: Path, asked: list[bool] | None = None, **changes: Any) -> tuple[_Chooser, _Stopper]:
    """What Tune would ask, without Tune; `asked` holds whether the sweep was asked to stop."""
    config = SweepConfig(
        sweep_name="s",
        metric="score",
        sampler="grid",
        search_space=make_space({"x": "3.0,2.0,0.0,1.0"}),
        **changes,
    )
    place = SweepFolder(folder, "s")
    study = SweepStudy(place.journal, config, seed=0)
    plan = SweepPlan(config, place, TrainRecipe("tests.sweep.cheap", "train"), {}, 800, 0)
    display: Any = SimpleNamespace(trial_ended=lambda number: None, update=lambda running: None)
    chooser = _Chooser(Tracker(plan, study), display, lambda: bool(asked and asked[-1]))
    return chooser, _Stopper(chooser, display)


def play(chooser: _Chooser, trial_id: str) -> None:
    """Run the trial that is asked for in this process and tell its end."""
    given = chooser.suggest(trial_id)
    code = TrainRecipe(given["module"], given["entrypoint"]).build(given["settings"]).invoke()
    chooser.on_trial_complete(trial_id, {"exit_code": code})


def test_tune_gets_trials_until_there_are_enough(tmp_path: Path):
    chooser, _ = chooser_of(tmp_path)
    for index in range(4):
        play(chooser, str(index))
    assert chooser.suggest("4") == Searcher.FINISHED
    records = chooser.tracker.study.records()
    assert [record.values["x"] for record in records] == [3.0, 2.0, 0.0, 1.0]
    assert [round(record.score or 0.0, 3) for record in records] == [9.375, 8.438, 0.938, 5.625]


def test_a_beaten_trial_is_stopped(tmp_path: Path):
    chooser, stopper = chooser_of(tmp_path, pruner="median", prune_after=2)
    play(chooser, "0")
    play(chooser, "1")
    given = chooser.suggest("2")
    trial = SimpleNamespace(trial_id="2")
    assert stopper.on_trial_result(None, trial, {}) == "CONTINUE"
    TrainRecipe(given["module"], given["entrypoint"]).build(given["settings"]).invoke()
    assert stopper.on_trial_result(None, trial, {}) == "STOP"
    chooser.on_trial_complete("2", {})
    assert chooser.tracker.study.record(2).state == "pruned"


def test_a_sweep_that_was_asked_to_stop_leaves_its_trials_open(tmp_path: Path):
    asked = [False]
    chooser, stopper = chooser_of(tmp_path, asked)
    chooser.suggest("0")
    asked.append(True)
    assert stopper.on_trial_result(None, SimpleNamespace(trial_id="0"), {}) == "STOP"
    chooser.on_trial_complete("0", {})
    assert chooser.suggest("1") == Searcher.FINISHED
    again, _ = chooser_of(tmp_path)
    assert again.tracker.study.record(0).state == "running"
    play(again, "0")
    assert again.tracker.study.record(0).state == "done"


def test_too_many_failures_end_it(tmp_path: Path):
    chooser, _ = chooser_of(tmp_path, max_failures=2)
    for index in range(2):
        chooser.suggest(str(index))
        chooser.on_trial_complete(str(index), {"exit_code": 3})
    assert chooser.suggest("2") == Searcher.FINISHED
    assert isinstance(chooser.error, UserError)


def test_killed_and_gone_on_with_ray_runs_the_trials_that_local_processes_run(tmp_path: Path):
    """Killed while its second trial runs, which a second session finishes at once, with its old settings.

    In processes of their own: Ray leaves threads and handlers behind.
    """
    gate = tmp_path / "0001"
    place = SweepFolder(tmp_path / "ray", "cheap")
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "ray"), "ray"]
    nowhere = {**os.environ, "RAY_ADDRESS": "127.0.0.1:9"}  # another cluster's: ours is made all the same
    killed = subprocess.Popen(command, cwd=ROOT, env={**nowhere, GATE: str(gate)})
    lock = place.run("cheap.0001").path / ".lock"
    while not (lock.exists() and lock.read_text().strip()):
        assert killed.poll() is None, "it ended without its second trial"
    first = started(place.run("cheap.0000").path)
    killed.kill()
    killed.wait()
    again = subprocess.run(command, cwd=ROOT, env=nowhere, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "goes on after 2 trials, 3 in all" in again.stdout
    assert "trial 0 " not in again.stdout and "trial 1 done" in again.stdout
    assert started(place.run("cheap.0000").path) == first
    subprocess.run([*command[:3], str(tmp_path / "local"), "local"], cwd=ROOT, check=True)
    rows = trials(tmp_path / "ray")
    assert [row[:2] for row in rows] == [(number, "done") for number in range(3)]
    assert rows == trials(tmp_path / "local")
    assert settings_of(tmp_path / "ray") == settings_of(tmp_path / "local")
    assert all(b"Agent" in name for name in processes_of(gate))  # two of Ray's own live on for a minute


def started(run: Path) -> int:
    """When the process of a trial was started last."""
    return (run / JOB_FILE).stat().st_mtime_ns


def processes_of(gate: Path) -> list[bytes]:
    """Command lines of what the session with this gate has started and left."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # gone, or somebody else's
            if f"{GATE}={gate}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes())
    return found
