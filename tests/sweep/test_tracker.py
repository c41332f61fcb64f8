"""Trials that an earlier session has left: their runs may still be saving."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from metta.common.errors import UserError
from metta.sweep import tracker as module
from metta.sweep.config import SweepConfig
from metta.sweep.folder import SweepFolder
from metta.sweep.recipe import TrainRecipe
from metta.sweep.space import make_space
from metta.sweep.study import SweepStudy
from metta.sweep.tracker import SweepPlan, Tracker


def tracker_of(folder: Path) -> Tracker:
    config = SweepConfig(sweep_name="s", search_space=make_space({"x": "0.0..1.0"}))
    place = SweepFolder(folder, "s")
    plan = SweepPlan(config, place, TrainRecipe("tests.sweep.cheap", "train"), {}, 0, 0)
    return Tracker(plan, SweepStudy(place.journal, config, seed=0))


def test_a_run_that_still_saves_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first = tracker_of(tmp_path)
    begun = [first.next_trial(), first.next_trial()]
    again, waited = tracker_of(tmp_path), list[float]()
    with ExitStack() as saving:
        saving.enter_context(again.plan.folder.run("s.0001").lock())

        def sleep(seconds: float) -> None:
            waited.append(seconds)
            saving.close()

        monkeypatch.setattr(module.time, "sleep", sleep)
        assert again.left_over(lambda: False) == begun
    assert len(waited) == 1


def test_a_run_that_does_not_end_is_named_and_not_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    tracker_of(tmp_path).next_trial()
    again = tracker_of(tmp_path)
    monkeypatch.setattr(module, "SECONDS_TO_SAVE", 0.0)
    with again.plan.folder.run("s.0000").lock():
        with pytest.raises(UserError, match=r"s\.0000 is still trained by an earlier session; wait until"):
            again.left_over(lambda: False)
        assert [trial.number for trial in again.left_over(lambda: True)] == [0]  # which then begins none
