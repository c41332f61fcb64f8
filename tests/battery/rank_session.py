"""Sessions of a run in two ranks: our launcher or torchrun, forked from this process, and the ranks they start."""

import multiprocessing
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch.distributed.run

from metta.cli.main import main
from metta.rl.run_folder import RunFolder
from tests.battery.rank_recipe import BEGUN, DYING, MOMENT, PIPE, REPORT_BYTES, SAVED

RECIPE = "tests.battery.rank_recipe.endless_together"


class RankSession:
    """A running command that trains with two ranks.

    Args:
        folder: of the run.
        launcher: `metta`, or `torchrun`.
        settings: `key=value`.
        moment: at which a rank kills itself; `<rank>:file:<n>`: at the n-th file operation of its saves. While the
            other waits for it: `:join:0` before it joins, `:save:<n>` before the n-th collective operation of its
            saves, `:collective:<n>` of all.
    """

    def __init__(
        self, folder: RunFolder, launcher: str, settings: Sequence[str] = (), moment: str | None = None
    ) -> None:
        runs = folder.path.parent
        self._output, path = runs.with_suffix(".log"), runs.with_suffix(".pipe")
        path.unlink(missing_ok=True)
        os.mkfifo(path)
        self._pipe = os.open(
            path, os.O_RDWR | os.O_NONBLOCK
        )  # our own end for writing: it never reads as closed
        self._mark = f"{PIPE}={path}".encode()
        self.ranks: dict[int, int] = {}
        self.saved = 0
        self.died_at: float | None = None
        words = [RECIPE, f"run={folder.run}", f"system.data_dir={runs}", *settings]
        environment = {PIPE: str(path), "GLOO_SOCKET_IFNAME": "lo", **({MOMENT: moment} if moment else {})}
        self._process = multiprocessing.get_context("fork").Process(
            target=_live, args=(launcher, words, self._output, environment)
        )
        self._process.start()

    def wait_for(self, kind: bytes, rank: int, count: int = 1) -> bool:
        """Read reports until the n-th of a kind came from a rank; False if the session ended before."""
        while count:
            report = self._read(1.0)
            if report is None and not self._process.is_alive():
                return False
            count -= report is not None and report[:2] == bytes([rank]) + kind
        return True

    def kill(self, rank: int) -> None:
        """End a rank."""
        self.died_at = time.monotonic()
        os.kill(self.ranks[rank], signal.SIGKILL)

    def end(self, patience: float) -> tuple[int, float]:
        """Wait until the command and all that it has started are gone.

        Returns:
            Its exit code, and how many seconds after the death of a rank all was over.

        Raises:
            AssertionError: it took too long; all is killed then.
        """
        until = time.monotonic() + 600
        while self._process.is_alive() or self._left_over():
            self._read(0.01)
            if self.died_at is not None:
                until = self.died_at + patience
            if time.monotonic() > until:
                left = self._left_over()
                self._process.kill()
                for pid in left:
                    os.kill(pid, signal.SIGKILL)
                raise AssertionError(
                    f"not over after {patience} s: {left} are left of {self.ranks}:\n{self.printed()}"
                )
        ended_at = time.monotonic()
        while self._read(0.0) is not None:
            pass
        os.close(self._pipe)
        assert self._process.exitcode is not None
        return self._process.exitcode, ended_at - (self.died_at or ended_at)

    def printed(self) -> str:
        """Return what it printed so far."""
        return self._output.read_text(errors="replace")

    def _read(self, patience: float) -> bytes | None:
        """Read one report, None if none comes."""
        if not select.select([self._pipe], [], [], patience)[0]:
            return None
        report = os.read(self._pipe, REPORT_BYTES)
        rank, kind, number = report[0], report[1:2], int.from_bytes(report[2:], "big")
        if kind == BEGUN:
            self.ranks[rank] = number
        if kind == SAVED and rank == 0:
            self.saved = number
        if kind == DYING:
            self.died_at = time.monotonic()
        return report

    def _left_over(self) -> list[int]:
        """Return all processes that the command has started: they have its mark in their environment."""
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if self._is_marked(path)]

    def _is_marked(self, process: Path) -> bool:
        try:
            return self._mark in (process / "environ").read_bytes().split(b"\0")
        except OSError:
            return False  # gone, or somebody else's


def _live(launcher: str, words: Sequence[str], output: Path, environment: dict[str, str]) -> None:
    """Be the command, and end the process with its exit code."""
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.environ.update(environment)
    if launcher == "metta":
        sys.exit(main(list(words)))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    place = ["--nproc-per-node=2", "--master-addr=127.0.0.1", f"--master-port={port}"]
    torch.distributed.run.main([*place, "-m", "metta", *words])
