"""A stopwatch with named laps: where the time of a rollout or an epoch goes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Adds up seconds by name.

    On a GPU the work runs behind the host's back, so a lap's time is what the host waited in it.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def lap(self, name: str) -> Iterator[None]:
        """Add the time of the `with` block to `name`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start

    def take(self) -> dict[str, float]:
        """Return the seconds since the last `take`, by name, and start again from zero."""
        taken, self.seconds = self.seconds, {}
        return taken
