"""Who is to blame when ranks fail, and that none is left behind."""

import json
import signal
from pathlib import Path

import pytest

from metta.common.errors import CommandError
from metta.rl.ranks import launcher
from metta.rl.ranks.launcher import EXIT_LOST, launch_ranks


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    monkeypatch.setattr(launcher, "_GRACE_S", 0.5)


def launch(*actions: list[str]) -> int:
    return launch_ranks(json.dumps(actions), len(actions), "tests.rl.ranks.small_rank")


def test_all_is_well(capfd: pytest.CaptureFixture[str]) -> None:
    assert launch(["say first"], ["say second"], []) == 0
    assert capfd.readouterr().err == "first\n"  # the others speak only when they fail


@pytest.mark.parametrize(
    ("actions", "code", "told"),
    [
        ([["hang"], ["kill"]], 4, "rank 1 of 2 was killed by SIGKILL; all ranks were ended"),
        ([["kill"], ["hang"], ["hang"]], 4, "rank 0 of 3 was killed by SIGKILL; all ranks were ended"),
        ([["hang"], ["say metta: no such map", "exit 2"]], 2, "^rank 1 of 2: no such map$"),
        ([[f"exit {EXIT_LOST}"], ["say x", "say metta: disk full", "exit 4"]], 4, "^rank 1 of 2: disk full$"),
        ([[f"exit {EXIT_LOST}"], ["hang"]], 4, "^rank 1 of 2 does not answer; all ranks were ended"),
        ([[f"exit {EXIT_LOST}"], [f"exit {EXIT_LOST}"]], 4, "^rank 0 of 2 lost contact with the others"),
        ([[f"exit {EXIT_LOST}"], ["say metta: no route", f"exit {EXIT_LOST}"]], 4, "^no route$"),
        ([["hang"], ["exit 2"]], 2, "^rank 1 of 2: ended with exit code 2$"),
    ],
)
def test_the_one_to_blame_is_named(actions: list[list[str]], code: int, told: str) -> None:
    with pytest.raises(CommandError, match=told) as blamed:
        launch(*actions)
    assert blamed.value.exit_code == code


def test_what_the_first_rank_has_said_is_not_said_again() -> None:
    assert launch(["exit 3"], [f"exit {EXIT_LOST}"]) == 3


def test_a_signal_goes_to_all_ranks_and_the_handlers_come_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    assert launch(["hang"], ["interrupt", "hang"]) in (1, 130)  # Python's own answer to it, in the first rank
    assert signal.getsignal(signal.SIGINT) is before
