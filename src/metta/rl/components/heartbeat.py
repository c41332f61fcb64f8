"""Touches a file after every epoch: whoever watches the run sees that it lives, and where it is."""

import json
import time
from pathlib import Path
from typing import Literal

from pydantic import Field

from metta.rl.components.component import Component, ComponentConfig, ComponentContext
from metta.rl.report import EpochReport, Progress
from mettagrid.whole_file import whole_file


class HeartbeatConfig(ComponentConfig):
    """Where the sign of life is."""

    kind: Literal["heartbeat"] = "heartbeat"
    """Name of this kind of component."""
    path: str | None = Field(default=None, description="file; none = heartbeat.json in the run's folder")
    interval_s: float = Field(default=5.0, ge=0.0, description="seconds between writes, at least")

    def build(self, context: ComponentContext) -> Component:
        """See `ComponentConfig.build`."""
        return Heartbeat(self, Path(self.path) if self.path else context.folder.path / "heartbeat.json")


class Heartbeat(Component):
    """Writes {"epoch", "agent_steps", "time", "state"}; the state is training, or stopped after an orderly end."""

    def __init__(self, config: HeartbeatConfig, path: Path) -> None:
        self._config = config
        self._path = path
        self._written_at = 0.0

    def on_start(self, progress: Progress) -> None:
        """Say that it begins."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._write(progress, "training")

    def on_epoch_end(self, report: EpochReport) -> None:
        """Say that it goes on."""
        if time.monotonic() - self._written_at >= self._config.interval_s:
            self._write(report.progress, "training")

    def on_stop(self, progress: Progress) -> None:
        """Say that it ended as it should."""
        self._write(progress, "stopped")

    def _write(self, progress: Progress, state: str) -> None:
        beat = {"epoch": progress.epoch, "agent_steps": progress.num_agent_steps, "time": time.time()}
        with whole_file(self._path) as temporary:
            temporary.write_text(json.dumps({**beat, "state": state}))
        self._written_at = time.monotonic()
