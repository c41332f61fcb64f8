"""Sends metrics to Weights & Biases, if asked to and if it is installed. Nothing else leaves the machine."""

import importlib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from metta.common.errors import UserError
from metta.rl.components.component import Component
from metta.rl.report import EpochReport, Progress
from mettagrid.config.base import Config


class WandbConfig(Config):
    """Where metrics go beside the run's own folder."""

    enabled: bool = Field(
        default=False,
        description="Send metrics to Weights & Biases. Off: nothing leaves the machine unasked.",
    )
    project: str = Field(default="metta", min_length=1, description="Project there.")
    mode: Literal["online", "offline"] = Field(
        default="online",
        description="offline: written into the run's folder, to be sent later by `wandb sync`.",
    )
    entity: str | None = Field(default=None, description="User or team there; none = the account's default.")
    group: str | None = Field(default=None, description="Group of runs that are shown together.")
    tags: list[str] = Field(default_factory=list, description="Words to find the run by.")


class WandbWriter(Component):
    """Logs every epoch's metrics at its number of agent-steps.

    Args:
        config: where to.
        run: name of the run.
        run_config: its resolved config.
        folder: of the run; wandb keeps its own files there.

    Raises:
        UserError: wandb is not installed.
    """

    def __init__(self, config: WandbConfig, run: str, run_config: dict[str, Any], folder: Path) -> None:
        try:
            self._wandb = importlib.import_module("wandb")
        except ModuleNotFoundError:
            raise UserError("wandb.enabled=true needs wandb: pip install 'metta[wandb]'") from None
        self._config = config
        self._run_name = run
        self._run_config = run_config
        self._folder = folder
        self._run: Any = None

    def on_start(self, progress: Progress) -> None:
        """Begin or continue the run of this name there."""
        config = self._config
        self._run = self._wandb.init(
            project=config.project,
            mode=config.mode,
            dir=str(self._folder),
            entity=config.entity,
            group=config.group,
            tags=config.tags,
            id=self._run_name,
            name=self._run_name,
            resume="allow",
            config=self._run_config,
        )

    def on_epoch_end(self, report: EpochReport) -> None:
        """Log the epoch."""
        self._run.log(report.metrics, step=report.progress.num_agent_steps)

    def on_stop(self, progress: Progress) -> None:
        """Close the run there."""
        self._run.finish()
