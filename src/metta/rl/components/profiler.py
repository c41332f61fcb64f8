"""Records what some epochs spend their time with, as a Chrome trace (chrome://tracing, https://ui.perfetto.dev)."""

from typing import Literal

import torch
from pydantic import Field

from metta.rl.components.component import Component, ComponentConfig, ComponentContext
from metta.rl.report import EpochReport, Progress
from metta.rl.run_folder import RunFolder
from mettagrid.whole_file import whole_file


class ProfilerConfig(ComponentConfig):
    """Which epochs are recorded."""

    kind: Literal["profiler"] = "profiler"
    """Name of this kind of component."""
    first_epoch: int = Field(
        default=3, ge=2, description="first epoch of a session that is recorded; 1 warms up"
    )
    num_epochs: int = Field(default=1, ge=1, description="epochs in one trace; one has thousands of events")
    epoch_interval: int = Field(default=0, ge=0, description="record again every so many epochs; 0 = once")

    def build(self, context: ComponentContext) -> Component:
        """See `ComponentConfig.build`."""
        return Profiler(self, context.folder, context.trainer.device)


class Profiler(Component):
    """Writes `profile/epochs-<first>-<last>.json.gz`. Epochs that are recorded are slower."""

    def __init__(self, config: ProfilerConfig, folder: RunFolder, device: torch.device) -> None:
        self._config = config
        self._folder = folder.path / "profile"
        activities = [torch.profiler.ProfilerActivity.CPU]
        self._activities = activities + [torch.profiler.ProfilerActivity.CUDA] * (device.type == "cuda")
        self._next = 0
        self._running: torch.profiler.profile | None = None

    def on_start(self, progress: Progress) -> None:
        """Count epochs from where the session starts."""
        self._next = progress.epoch + self._config.first_epoch

    def on_epoch_end(self, report: EpochReport) -> None:
        """End a recording, begin one, or neither."""
        epoch = report.progress.epoch
        if self._running is not None and epoch == self._next + self._config.num_epochs - 1:
            self._write(self._running, epoch)
            self._running = None
            self._next = self._next + self._config.epoch_interval if self._config.epoch_interval else 0
        if self._running is None and epoch + 1 == self._next:
            self._running = torch.profiler.profile(activities=self._activities)
            self._running.start()

    def on_stop(self, progress: Progress) -> None:
        """Keep what was recorded until here."""
        if self._running is not None and progress.epoch >= self._next:
            self._write(self._running, progress.epoch)
            self._running = None

    def close(self) -> None:
        """Stop recording."""
        if self._running is not None:
            self._running.stop()
            self._running = None

    def _write(self, profile: torch.profiler.profile, last: int) -> None:
        profile.stop()
        self._folder.mkdir(parents=True, exist_ok=True)
        with whole_file(self._folder / f"epochs-{self._next:08d}-{last:08d}.json.gz") as temporary:
            profile.export_chrome_trace(str(temporary))
