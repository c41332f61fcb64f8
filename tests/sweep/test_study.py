"""The journal of trials: choices by seed and number alone, pruning, trade-offs, and what a kill leaves."""

from pathlib import Path

import pytest

from metta.common.errors import UserError
from metta.sweep.config import SweepConfig
from metta.sweep.space import Choice, Range
from metta.sweep.study import DONE, FAILED, PRUNED, RUNNING, SweepStudy

SPACE = {
    "x": Range(low=0.0, high=6.0),
    "kind": Choice(choices=["plain", "good"]),
    "width": Range(low=16, high=64, scale="pow2"),
}


def study(folder: Path, **changes: object) -> SweepStudy:
    settings = {"sweep_name": "s", "search_space": SPACE, "num_random_trials": 4, "max_trials": 12, **changes}
    return SweepStudy(folder / "study.journal", SweepConfig.model_validate(settings), seed=5)


def objective(values: dict) -> float:
    return 10.0 - (values["x"] - 3.0) ** 2 + (values["kind"] == "good")


def play(one: SweepStudy, count: int) -> None:
    for _ in range(count):
        number = one.ask()
        assert number is not None
        record = one.record(number)
        one.finish(number, DONE, objective(record.values), float(record.values["width"]))


@pytest.mark.parametrize("sampler", ["tpe", "gp", "random"])
def test_a_sweep_that_goes_on_chooses_as_one_that_never_stopped(tmp_path: Path, sampler: str):
    whole, parts = study(tmp_path / "a", sampler=sampler), study(tmp_path / "b", sampler=sampler)
    play(whole, 8)
    play(parts, 3)
    play(study(tmp_path / "b", sampler=sampler), 5)
    chosen = [record.values for record in whole.records()]
    assert chosen == [record.values for record in parts.records()]
    assert len({str(values) for values in chosen}) > 4


@pytest.mark.parametrize("sampler", ["tpe", "gp", "random", "grid"])
def test_killed_at_any_line_of_its_journal_it_chooses_the_same(tmp_path: Path, sampler: str):
    """A trial is begun, its settings are drawn one by one, its run is named: one line each."""
    changes = {"sampler": sampler, "grid_points": 2, "num_random_trials": 1}
    whole = study(tmp_path / "whole", **changes)
    play(whole, 3)
    lines = (tmp_path / "whole" / "study.journal").read_bytes().splitlines(keepends=True)
    journal = tmp_path / "killed" / "study.journal"
    for cut in range(len(lines) // 3, len(lines)):
        journal.parent.mkdir(exist_ok=True)
        journal.write_bytes(b"".join(lines[:cut]))
        again = study(tmp_path / "killed", **changes)
        for record in again.records():
            if record.state == RUNNING:
                again.finish(record.number, DONE, objective(record.values), float(record.values["width"]))
        play(again, 3 - len(again.records()))
        assert [(r.values, r.facts, r.score) for r in again.records()] == [
            (r.values, r.facts, r.score) for r in whole.records()
        ], f"cut after line {cut}"


def test_another_seed_chooses_otherwise(tmp_path: Path):
    one, other = study(tmp_path / "a"), study(tmp_path / "b")
    other._seed = 6
    play(one, 3)
    play(other, 3)
    assert [r.values for r in one.records()] != [r.values for r in other.records()]


@pytest.mark.parametrize("sampler", ["tpe", "gp"])
def test_samplers_find_better_than_chance(tmp_path: Path, sampler: str):
    """Of the later trials of one that learns, the mean is above that of chance with the same number."""
    learner = study(tmp_path / "a", sampler=sampler, max_trials=30)
    chance = study(tmp_path / "b", sampler="random", max_trials=30)
    means = []
    for one in (learner, chance):
        play(one, 24)
        later = [record.score or 0.0 for record in one.records()[12:]]
        means.append(sum(later) / len(later))
    assert means[0] > means[1] + 1.0


def test_a_grid_is_gone_through_once(tmp_path: Path):
    grid = study(tmp_path, sampler="grid", grid_points=2, max_trials=None)
    assert grid.limit() == 2 * 2 * 2
    play(grid, 5)
    rest = study(tmp_path, sampler="grid", grid_points=2, max_trials=None)
    play(rest, 3)
    assert rest.ask() is None
    values = [tuple(record.values.values()) for record in rest.records()]
    assert values == [
        (x, kind, width) for x in (0.0, 6.0) for kind in ("plain", "good") for width in (16, 64)
    ]


def test_there_is_an_end(tmp_path: Path):
    one = study(tmp_path, max_trials=2)
    play(one, 2)
    assert one.ask() is None
    assert study(tmp_path, max_trials=3).ask() == 2


def test_the_best_trial_and_what_it_depends_on(tmp_path: Path):
    one = study(tmp_path, max_trials=40)
    play(one, 30)
    best = one.record(one.best()[0])
    assert best.score == max(record.score or 0.0 for record in one.records())
    shares = one.importances()
    assert max(shares, key=lambda key: shares[key]) == "x"
    assert sum(shares.values()) == pytest.approx(1.0)


def test_of_two_objectives_all_that_are_unbeaten(tmp_path: Path):
    one = study(tmp_path, cost="seconds", sampler="random", max_trials=20)
    play(one, 20)
    points = {record.number: (record.score or 0.0, record.cost or 0.0) for record in one.records()}
    unbeaten = [
        number
        for number, (score, cost) in points.items()
        if not any(s >= score and c <= cost and (s, c) != (score, cost) for s, c in points.values())
    ]
    assert sorted(one.best()) == unbeaten
    assert 1 < len(unbeaten) < 20


@pytest.mark.parametrize("pruner", ["median", "percentile", "halving", "hyperband"])
def test_pruners_stop_the_worse_and_never_the_best(tmp_path: Path, pruner: str):
    """Trials come in turns of good and bad; what is reported rises to the score of the trial."""
    one = study(tmp_path, pruner=pruner, prune_after=2, max_trials=16, sampler="random")
    stopped = []
    for index in range(16):
        number = one.ask()
        assert number is not None
        score = 10.0 if index % 2 == 0 else 1.0 - index / 100
        if any(one.report(number, rung, score * rung / 8) for rung in range(1, 8)):
            stopped.append(index)
            one.finish(number, PRUNED, score, None)
        else:
            one.finish(number, DONE, score, None)
    assert stopped
    assert all(index % 2 == 1 for index in stopped)
    assert all(one.record(index).state == PRUNED for index in stopped)


def test_failed_trials_teach_nothing_but_count(tmp_path: Path):
    one = study(tmp_path, max_trials=2)
    first = one.ask()
    assert first == 0
    one.finish(first, FAILED, None, None, message="NaN")
    assert one.record(0).state == FAILED
    assert one.record(0).facts["message"] == "NaN"
    assert one.best() == []
    assert one.ask() == 1
    assert one.record(1).state == RUNNING
    assert one.ask() is None


def test_half_a_line_of_a_killed_writer_is_dropped(tmp_path: Path):
    play(study(tmp_path), 2)
    journal = tmp_path / "study.journal"
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"op_code": 4, "wor')
    (tmp_path / "study.journal.lock").write_text("")  # held by the killed one
    again = study(tmp_path)
    assert len(again.records()) == 2
    play(again, 1)
    assert len(study(tmp_path).records()) == 3


def test_a_damaged_journal_is_one_line(tmp_path: Path):
    play(study(tmp_path), 2)
    journal = tmp_path / "study.journal"
    journal.write_bytes(b"not json\n" + journal.read_bytes())
    with pytest.raises(UserError, match=r"study\.journal is damaged") as error:
        study(tmp_path)
    assert "\n" not in str(error.value)
