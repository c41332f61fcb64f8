"""The run of two ranks that is broken: each tells what it does by a named pipe, and kills itself at a given moment.

It knows of both by its environment, which reaches ranks however they are started.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from metta.rl.components.checkpointer import Checkpointer
from metta.rl.ranks import RankPlace
from metta.rl.run_folder import RunFolder
from metta.tools.train import TrainTool
from tests.battery.file_operations import at_file_operation
from tests.battery.recipe import endless

PIPE, MOMENT = "METTA_BATTERY_PIPE", "METTA_BATTERY_MOMENT"
BEGUN, JOINING, EPOCH, SAVING, SAVED, DYING = b"b", b"j", b"e", b"s", b"S", b"k"
REPORT_BYTES = 2 + 8
"""Rank, kind, number: small enough to be written whole."""
SECONDS_TO_MEET = 0.1
"""By then the other rank waits in the collective that this one does not come to."""
_COLLECTIVES = ("all_reduce", "all_gather", "broadcast", "send", "recv")


class WatchedTool(TrainTool):
    """Trains as ever; as a rank, it reports."""

    def invoke(self) -> int:
        """See `TrainTool.invoke`."""
        place = RankPlace.here()
        if place is not None:
            _Watch(place.rank, RunFolder(Path(self.system.data_dir), self.run or ""))
        return super().invoke()


def endless_together() -> WatchedTool:
    """The battery's run in two processes; without what depends on when it will end."""
    tool = WatchedTool.model_validate(endless().model_dump())
    tool.trainer.num_processes = 2
    tool.trainer.optimizer.schedule = "constant"
    tool.trainer.row_priority = 0.0
    return tool


class _Watch:
    """Hooks around the real functions. A moment is `<rank>:<where>:<number>`; see `RankSession` for where."""

    def __init__(self, rank: int, folder: RunFolder) -> None:
        self._rank = rank
        self._pipe = os.open(os.environ[PIPE], os.O_WRONLY)
        victim, where, number = os.environ.get(MOMENT, "-1::0").split(":")
        self._where, self._left = (where if int(victim) == rank else ""), int(number)
        self._saves = False
        if self._where == "file":
            at_file_operation(self._left, folder.path, self._die)
        self._hook_training()
        self._report(BEGUN, os.getpid())

    def _hook_training(self) -> None:
        write, look, join = (
            Checkpointer._write,
            Checkpointer.on_epoch_end,
            torch.distributed.init_process_group,
        )

        def watched_write(checkpointer: Checkpointer, progress: Any) -> None:
            self._report(SAVING, progress.epoch)
            self._saves = True
            write(checkpointer, progress)
            self._saves = False
            self._report(SAVED, progress.epoch)

        def watched_look(checkpointer: Checkpointer, report: Any) -> None:
            look(checkpointer, report)
            self._report(EPOCH, report.progress.epoch)

        def watched_join(*words: Any, **settings: Any) -> None:
            self._report(JOINING, 0)
            self._stay_away("join")
            join(*words, **settings)

        Checkpointer._write, Checkpointer.on_epoch_end = watched_write, watched_look
        torch.distributed.init_process_group = watched_join
        for name in _COLLECTIVES:
            setattr(torch.distributed, name, self._watched_collective(getattr(torch.distributed, name)))

    def _watched_collective(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def collective(*words: Any, **settings: Any) -> Any:
            self._stay_away("save" if self._saves and self._where == "save" else "collective")
            return real(*words, **settings)

        return collective

    def _stay_away(self, where: str) -> None:
        """Count down to the moment; then let the other rank come and wait, and die."""
        if where != self._where:
            return
        if self._left == 0:
            time.sleep(SECONDS_TO_MEET)
            self._die()
        self._left -= 1

    def _die(self) -> None:
        self._report(DYING, 0)
        os.kill(os.getpid(), signal.SIGKILL)

    def _report(self, kind: bytes, number: int) -> None:
        os.write(self._pipe, bytes([self._rank]) + kind + number.to_bytes(8, "big"))
