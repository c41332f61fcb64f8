"""Ctrl-C and SIGTERM: the first asks the run to stop after its epoch and save, the second ends it at once."""

import signal
import sys
import threading
from types import FrameType


class StopSignals:
    """Context that answers "was I asked to stop?".

    Outside the main thread it does nothing: Python delivers signals only there.
    """

    _SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self) -> None:
        self.received: int | None = None
        self._previous: dict[int, object] = {}

    def __enter__(self) -> "StopSignals":
        if threading.current_thread() is threading.main_thread():
            for number in self._SIGNALS:
                self._previous[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)  # pyright: ignore[reportArgumentType]

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if self.received is not None:
            raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)
        self.received = number
        print(
            "\nstopping after this epoch, then saving; once more to stop at once", file=sys.stderr, flush=True
        )

    def was_asked(self) -> bool:
        """Return whether a signal came."""
        return self.received is not None

    def exit_code(self) -> int:
        """Return 130 for Ctrl-C, 143 for SIGTERM, 0 for none: what shells expect."""
        return 0 if self.received is None else 128 + self.received
