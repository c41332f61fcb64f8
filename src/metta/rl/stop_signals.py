"""Ctrl-C and SIGTERM: the first asks the run to stop after its epoch and save, the second ends it at once."""

import signal
import sys
import threading
from types import FrameType

from metta.rl.ranks import is_first_rank, largest_over_ranks


class StopSignals:
    """Context that answers "was I asked to stop?". Of several ranks, all stop when one was asked.

    Outside the main thread it does nothing: Python delivers signals only there.
    """

    _SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self) -> None:
        self.received: int | None = None
        self._agreed = 0
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
        if is_first_rank():
            print(
                "\nstopping after this epoch, then saving; once more to stop at once",
                file=sys.stderr,
                flush=True,
            )

    def was_asked(self) -> bool:
        """Return whether a signal came. All ranks ask at the same time, and get the same answer."""
        self._agreed = largest_over_ranks(self.received or 0)
        return self._agreed > 0

    def exit_code(self) -> int:
        """Return 130 for Ctrl-C, 143 for SIGTERM, 0 for none: what shells expect. All ranks ask at the same time."""
        return 128 + self._agreed if self.was_asked() else 0
