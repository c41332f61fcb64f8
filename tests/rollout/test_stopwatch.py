"""Stopwatch."""

from metta.rollout import Stopwatch


def test_laps_add_up_and_are_taken_once() -> None:
    watch = Stopwatch()
    for _ in range(2):
        with watch.lap("learn"):
            pass
    taken = watch.take()
    assert list(taken) == ["learn"]
    assert taken["learn"] >= 0.0
    assert watch.take() == {}
