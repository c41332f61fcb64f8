"""Writes metrics for TensorBoard beside the run's own; if it is installed."""

from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from metta.common.errors import UserError
from metta.rl.components.component import Component, ComponentConfig, ComponentContext
from metta.rl.report import EpochReport, Progress


class TensorBoardConfig(ComponentConfig):
    """Where TensorBoard looks."""

    kind: Literal["tensorboard"] = "tensorboard"
    """Name of this kind of component."""
    is_tracker: ClassVar[bool] = True
    folder: str | None = Field(default=None, description="of the event files; none = tensorboard/ of the run")

    def build(self, context: ComponentContext) -> Component:
        """See `ComponentConfig.build`."""
        folder = Path(self.folder) if self.folder else context.folder.path / "tensorboard"
        return TensorBoardWriter(folder)


class TensorBoardWriter(Component):
    """Writes every epoch's metrics at its number of agent-steps.

    Raises:
        UserError: tensorboard is not installed.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415  (not everybody has it)
        except ImportError:
            raise UserError(
                "components.tensorboard needs tensorboard: pip install 'metta[tensorboard]'"
            ) from None
        self._make = SummaryWriter
        self._folder = folder
        self._writer: Any = None

    def on_start(self, progress: Progress) -> None:
        """Begin a file; what an earlier session wrote after this state is dropped by TensorBoard."""
        self._writer = self._make(str(self._folder), purge_step=progress.num_agent_steps + 1)

    def on_epoch_end(self, report: EpochReport) -> None:
        """Write the epoch."""
        for name, value in report.metrics.items():
            self._writer.add_scalar(name, value, report.progress.num_agent_steps)

    def close(self) -> None:
        """Write the rest, also after an error."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
