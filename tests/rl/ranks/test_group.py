"""Joining the other ranks: who waits for them can be ended, and says so if they do not come."""

import signal
from typing import Any

import pytest
import torch

from metta.rl.ranks import LostRanksError, RankPlace, joined

PLACE = RankPlace(0, 2, 0, 2)


def test_signals_end_who_waits_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyTorch waits where Python's handlers are not called."""
    seen: list[Any] = []

    def note(*_: Any, **__: Any) -> None:
        seen.append([signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)])

    monkeypatch.setattr(torch.distributed, "init_process_group", note)
    monkeypatch.setattr(torch.distributed, "destroy_process_group", lambda: None)
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
        with joined(PLACE, "cpu", 1.0):
            note()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert seen == [[signal.SIG_DFL, signal.SIG_DFL], handlers]


def test_others_that_do_not_come_are_not_this_ranks_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise RuntimeError("connection\nreset")

    monkeypatch.setattr(torch.distributed, "init_process_group", refuse)
    with (
        pytest.raises(LostRanksError, match="rank 0 of 2 cannot find the others: connection reset"),
        joined(PLACE, "cpu", 1.0),
    ):
        pass
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_DFL
