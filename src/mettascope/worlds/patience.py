"""Waiting for other people's code, but not for ever."""

import threading
from collections.abc import Callable
from typing import TypeVar

from pydantic import ValidationError

from mettagrid.config.base import explain

T = TypeVar("T")


class TooSlowError(ValueError):
    """It has not ended in time."""


def within(seconds: float, what: str, work: Callable[[], T]) -> T:
    """Does `work` in a thread of its own and returns what it made.

    A thread that takes longer is left behind: it cannot be stopped, but it keeps neither the page nor the end of the
    program waiting.

    Args:
        seconds: how long to wait.
        what: is being done, for the message: "recipe arena".
        work: recipes and the like; whatever it raises is told in one line.

    Raises:
        TooSlowError: it took too long.
        ValueError: it raised something; one line.
    """
    made: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            made.append(work())
        # A recipe is the user's program: even sys.exit() in it must not end anything here.
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, name=what, daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise ValueError(_line(what, raised[0])) from raised[0]
    if not made:
        raise TooSlowError(f"{what} takes longer than {seconds:g} seconds")
    return made[0]


def _line(what: str, error: BaseException) -> str:
    """A refusal says what is wrong by itself; other exceptions need their names."""
    if isinstance(error, ValidationError):
        return explain(error)
    text = " ".join(str(error).split())
    if isinstance(error, ValueError) and text:
        return text
    return f"{what}: {type(error).__name__}: {text}" if text else f"{what}: {type(error).__name__}"
