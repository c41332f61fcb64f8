"""Reports what the run takes from the machine: processor, memory, disk, GPU, and what the large things weigh."""

import os
import resource
import shutil
import sys
import time
from collections.abc import Iterable
from typing import Any, Literal

import torch
from pydantic import Field
from torch import Tensor

from metta.rl.components.component import Component, ComponentConfig, ComponentContext
from metta.rl.report import EpochReport, Progress
from metta.rl.run_folder import RunFolder

_MEGABYTE = 1e6


class MonitorConfig(ComponentConfig):
    """When the machine is looked at."""

    kind: Literal["monitor"] = "monitor"
    """Name of this kind of component."""
    epoch_interval: int = Field(default=1, ge=1, description="look every so many epochs")

    def build(self, context: ComponentContext) -> Component:
        """See `ComponentConfig.build`."""
        return Monitor(self, context.trainer, context.folder)


class Monitor(Component):
    """Adds `system/...` (cores in use, load, memory, disk, GPU) and `memory/...` (policy, optimizer, experience)."""

    def __init__(self, config: MonitorConfig, trainer: Any, folder: RunFolder) -> None:
        self._config = config
        self._trainer = trainer
        self._folder = folder
        self._since = (time.monotonic(), time.process_time())

    def on_start(self, progress: Progress) -> None:
        """Begin to count."""
        self._since = (time.monotonic(), time.process_time())

    def on_epoch_end(self, report: EpochReport) -> None:
        """Look if it is time."""
        if report.progress.epoch % self._config.epoch_interval == 0:
            report.metrics.update(self._system())
            report.metrics.update(self._weights())

    def _system(self) -> dict[str, float]:
        now = (time.monotonic(), time.process_time())
        wall, used = (new - old for new, old in zip(now, self._since, strict=True))
        self._since = now
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        values = {
            "system/cores_used": used / max(wall, 1e-9),
            "system/load": os.getloadavg()[0],
            "system/peak_memory_mb": peak / _MEGABYTE,
            "system/disk_free_mb": shutil.disk_usage(self._folder.path).free / _MEGABYTE,
        }
        device = self._trainer.device
        if device.type == "cuda":
            free, total = torch.cuda.mem_get_info(device)
            values["system/gpu_memory_mb"] = (total - free) / _MEGABYTE
            values["system/gpu_peak_memory_mb"] = torch.cuda.max_memory_allocated(device) / _MEGABYTE
        return values

    def _weights(self) -> dict[str, float]:
        trainer = self._trainer
        steps = vars(trainer.experience.steps).values()
        losses = [value for loss in trainer.losses.values() for value in loss.state_dict().values()]
        return {
            "memory/policy_mb": megabytes(trainer.policy.state_dict().values()),
            "memory/losses_mb": megabytes(losses),
            "memory/optimizer_mb": megabytes(trainer.optimizer.tensors().values()),
            "memory/experience_mb": megabytes([*steps, *trainer.experience.extras.values()]),
        }


def megabytes(tensors: Iterable[Tensor]) -> float:
    """Return how many million bytes tensors hold."""
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors) / _MEGABYTE
