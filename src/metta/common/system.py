"""What a run takes from the machine: device, seed, threads, folder for data. Knows nothing of PyTorch."""

import os
import re
from pathlib import Path

from pydantic import Field, field_validator

from mettagrid.config.base import Config

_DEVICE_PATTERN = re.compile(r"auto|cpu|mps|cuda(:\d+)?")


class SystemConfig(Config):
    """Machine settings that every tool has."""

    device: str = Field(
        default="auto", description="auto (CUDA if there is one, else cpu), cpu, cuda, cuda:N or mps"
    )
    seed: int = Field(
        default=0, ge=0, lt=2**63, description="the one seed that all random numbers of a run come from"
    )
    num_threads: int = Field(
        default=0, ge=0, description="threads for simulating and learning; 0 = all cores we may use"
    )
    data_dir: str = Field(
        default="./train_dir", min_length=1, description="folder of all runs; a run is data_dir/<run>"
    )

    @field_validator("device")
    @classmethod
    def _known_device(cls, device: str) -> str:
        if not _DEVICE_PATTERN.fullmatch(device):
            raise ValueError("a device is auto, cpu, mps, cuda or cuda:N")
        return device

    def thread_count(self) -> int:
        """Return the number of threads to use, at least 1: `num_threads`, or all cores we may use."""
        return self.num_threads or available_cores()

    def run_dir(self, run: str) -> Path:
        """Return the folder of a run."""
        return Path(self.data_dir) / run


def available_cores() -> int:
    """Return how many cores this process may run on, at least 1; in a container they may be fewer."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1
