"""Starts the ranks of one machine, waits for them, and says which one was to blame if they fail.

Each rank gets the task as the first line of its standard input, which then stays open: when the launcher dies, however
it dies, the ranks see its end and stop. Signals to the launcher go to all ranks.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from metta.common.errors import EXIT_BUG, EXIT_MACHINE, EXIT_OK, CommandError, MachineError
from metta.rl.ranks.group import RENDEZVOUS

EXIT_LOST = 75
"""Of a rank that ended because another one was gone: it is not to blame."""
_GRACE_S = 5.0  # for ranks to end by themselves when one has failed: they see it within a second
_POLL_S = 0.05
_ENDED = "all ranks were ended; the same command goes on from what was saved"


class RankError(CommandError):
    """One rank failed; its own line and exit code."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def launch_ranks(task: str, count: int, module: str) -> int:
    """Run a module in `count` processes that train together and return the exit code of the first one.

    The first one has the terminal; what the others say is told only if one of them fails.

    Args:
        task: one line for the standard input of each.
        count: of processes.
        module: that each runs, as `python -m` takes it.

    Raises:
        MachineError: a rank was killed; names it.
        RankError: a rank other than the first failed.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="metta-ranks-")))
        ranks = [_start(module, rank, count, folder) for rank in range(count)]
        stack.callback(_end, ranks)
        signalled = stack.enter_context(_signals_to(ranks))
        for rank in ranks:
            _tell(rank, task)
        failed, hung = _wait(ranks)
        codes = [rank.returncode for rank in ranks]
        if codes[0] > 0 and codes[0] != EXIT_LOST:
            return codes[0]  # it has said why itself
        if signalled and failed is not None:
            return 128 + signalled[-1]  # asked twice
        if hung:
            raise MachineError(f"rank {failed} of {count} does not answer; {_ENDED}")
        return EXIT_OK if failed is None else _blame(failed, codes[failed], count, folder)


def _start(module: str, rank: int, count: int, folder: Path) -> "subprocess.Popen[bytes]":
    environment = {
        # One machine: nothing needs to be reachable from outside.
        "GLOO_SOCKET_IFNAME": "lo0" if sys.platform == "darwin" else "lo",
        "NCCL_SOCKET_IFNAME": "lo",
        **os.environ,
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": str(count),
        "LOCAL_WORLD_SIZE": str(count),
        RENDEZVOUS: str(folder / "rendezvous"),
    }
    command = [sys.executable, "-P", "-m", module]
    with ExitStack() as stack:
        said = None if rank == 0 else stack.enter_context(_said(folder, rank).open("wb"))
        return subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            start_new_session=True,  # a Ctrl-C in the terminal comes through the launcher, once
        )


def _tell(rank: "subprocess.Popen[bytes]", task: str) -> None:
    assert rank.stdin is not None
    try:
        rank.stdin.write(task.encode() + b"\n")
        rank.stdin.flush()
    except BrokenPipeError:
        return  # it has ended; `_wait` sees that


@contextmanager
def _signals_to(ranks: "list[subprocess.Popen[bytes]]") -> Iterator[list[int]]:
    """Pass SIGINT and SIGTERM on to all ranks; gives the list of those that came."""
    came: list[int] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        _send(ranks, number)

    numbers = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    previous = [(number, signal.signal(number, pass_on)) for number in numbers]
    try:
        yield came
    finally:
        for number, handler in previous:
            signal.signal(number, handler)


def _wait(ranks: "list[subprocess.Popen[bytes]]") -> tuple[int | None, bool]:
    """Wait until all have ended; when one fails, end the others.

    Returns:
        The one to blame, None if all went well; and whether it did not fail, but hung until the others gave up.
    """
    failures: list[int] = []
    hanging: list[int] = []
    deadline: float | None = None
    while any(rank.poll() is None for rank in ranks):
        failures += _new_failures(ranks, failures)
        if failures and deadline is None:
            deadline = time.monotonic() + _GRACE_S
        if deadline is not None and time.monotonic() > deadline:
            hanging = [number for number, rank in enumerate(ranks) if rank.poll() is None]
            _end(ranks)
            break
        time.sleep(_POLL_S)
    failures += [number for number in _new_failures(ranks, failures) if number not in hanging]
    to_blame = [number for number in failures if ranks[number].returncode != EXIT_LOST]
    if not to_blame and hanging:
        return hanging[0], True
    return next(iter([*to_blame, *failures]), None), False


def _new_failures(ranks: "list[subprocess.Popen[bytes]]", known: list[int]) -> list[int]:
    return [
        number
        for number, rank in enumerate(ranks)
        if rank.poll() not in (None, EXIT_OK) and number not in known
    ]


def _end(ranks: "list[subprocess.Popen[bytes]]") -> None:
    """End what still runs, with everything that it has started."""
    for rank in ranks:
        if rank.poll() is None:
            os.killpg(rank.pid, signal.SIGKILL)
        rank.wait()
        if rank.stdin is not None:
            rank.stdin.close()


def _send(ranks: "list[subprocess.Popen[bytes]]", number: int) -> None:
    for rank in ranks:
        if rank.poll() is None:
            rank.send_signal(number)


def _blame(rank: int, code: int, count: int, folder: Path) -> int:
    who = f"rank {rank} of {count}"
    if code < 0:
        raise MachineError(f"{who} was killed by {signal.Signals(-code).name}; {_ENDED}")
    if code == EXIT_LOST:  # nobody is to blame: the network may be, and others than the first have said why
        reason = "".join(_lines_of(folder, rank or 1)[-1:]).removeprefix("metta: ")
        raise RankError(reason or f"{who} lost contact with the others; {_ENDED}", EXIT_MACHINE)
    lines = [] if rank == 0 else _lines_of(folder, rank)
    if code == EXIT_BUG and lines:
        print("\n".join(lines), file=sys.stderr)
    last = lines[-1].removeprefix("metta: ") if lines else f"ended with exit code {code}"
    raise RankError(f"{who}: {last}", code)


def _lines_of(folder: Path, rank: int) -> list[str]:
    return _said(folder, rank).read_text(errors="replace").splitlines()


def _said(folder: Path, rank: int) -> Path:
    return folder / f"rank{rank}.txt"
