"""How a process finds the others with which it trains, and leaves them: torchrun, Ray or `launcher` have said where.

Knows nothing of what is trained.
"""

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch

from metta.common.errors import UserError
from metta.common.system import available_cores
from metta.rl.ranks.agreement import LostRanksError

RENDEZVOUS = "METTA_RENDEZVOUS"
"""Variable that names the file by which ranks of one machine find each other; torchrun and Ray name a port instead."""


@dataclass(frozen=True)
class RankPlace:
    """Which of several processes this is; named as torchrun names it."""

    rank: int
    count: int
    local_rank: int
    """Number on this machine."""
    local_count: int
    """Processes on this machine."""

    @classmethod
    def here(cls, environment: Mapping[str, str] = os.environ) -> "RankPlace | None":
        """Return the place that the environment tells, None for a process that is alone.

        Raises:
            UserError: it tells no place that could be.
        """
        if "RANK" not in environment or "WORLD_SIZE" not in environment:
            return None
        try:
            rank, count = int(environment["RANK"]), int(environment["WORLD_SIZE"])
            local_rank = int(environment.get("LOCAL_RANK", rank))
            local_count = int(environment.get("LOCAL_WORLD_SIZE", count))
        except ValueError:
            raise UserError("RANK, WORLD_SIZE, LOCAL_RANK and LOCAL_WORLD_SIZE must be numbers") from None
        if not (0 <= rank < count and 0 <= local_rank < local_count):
            raise UserError(f"RANK={rank}, WORLD_SIZE={count}: ranks go from 0 to WORLD_SIZE - 1")
        return cls(rank, count, local_rank, local_count) if count > 1 else None

    def num_threads(self) -> int:
        """Return how many threads this process may use if those of the machine share its cores."""
        return max(1, available_cores() // self.local_count)

    def device(self, setting: str) -> str:
        """Return the device that `system.device` means for this process: each has a GPU of its own, or the CPU.

        Raises:
            UserError: there are fewer GPUs than processes, or the setting names one for all.
        """
        if setting == "cpu":
            return "cpu"
        if setting not in ("auto", "cuda"):
            raise UserError(
                f"system.device={setting} is one device; {self.count} processes need auto, cuda or cpu"
            )
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if count >= self.local_count:
            return f"cuda:{self.local_rank}"
        if setting == "auto":
            return "cpu"
        raise UserError(
            f"system.device=cuda: {self.local_count} processes need as many GPUs, this machine has {count}"
        )


@contextmanager
def joined(place: RankPlace | None, device: str, timeout_s: float) -> Iterator[None]:
    """Train together with the other ranks within this context.

    Args:
        place: of this process; None = alone, and nothing happens.
        device: where it computes: numbers of GPUs go over NCCL, all others over gloo.
        timeout_s: how long to wait for the others, here and whenever something is agreed on.

    Raises:
        LostRanksError: the others are not there.
    """
    if place is None or torch.distributed.is_initialized():  # Ray has joined already
        yield
        return
    if device.startswith("cuda"):
        torch.cuda.set_device(device)
    file = os.environ.get(RENDEZVOUS)
    try:
        with _ended_by_signals():
            torch.distributed.init_process_group(
                "cpu:gloo,cuda:nccl" if device.startswith("cuda") else "gloo",
                init_method=f"file://{file}" if file else "env://",
                rank=place.rank,
                world_size=place.count,
                timeout=timedelta(seconds=timeout_s),
            )
    except (RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:160]
        raise LostRanksError(
            f"rank {place.rank} of {place.count} cannot find the others: {reason}"
        ) from error
    yield
    # Not after an error: others may be gone, and NCCL would wait for them.
    torch.distributed.destroy_process_group()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGINT and SIGTERM end this process at once.

    Who waits for others within PyTorch does not come to Python's handlers; there is nothing to save yet.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    previous = [(number, signal.signal(number, signal.SIG_DFL)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in previous:
            signal.signal(number, handler)
