"""Ctrl-C and SIGTERM."""

import signal

import pytest

from metta.rl.stop_signals import StopSignals


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_asks_the_second_forces(number: int, code: int) -> None:
    before = signal.getsignal(number)
    with StopSignals() as signals:
        assert not signals.was_asked()
        signal.raise_signal(number)
        assert signals.was_asked()
        assert signals.exit_code() == code
        with pytest.raises((KeyboardInterrupt, SystemExit)):
            signal.raise_signal(number)
    assert signal.getsignal(number) is before
