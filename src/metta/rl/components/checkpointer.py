"""Saves the policy and the trainer's state every so often and at the end."""

import time
from collections.abc import Callable
from pathlib import Path

from pydantic import Field

from metta.common.errors import MachineError
from metta.policy.checkpoint import CheckpointMetadata, save_checkpoint
from metta.rl.components.component import Component
from metta.rl.ranks import first_says, is_first_rank
from metta.rl.report import EpochReport, Progress
from metta.rl.run_folder import RunFolder
from metta.rl.trainer import Trainer
from metta.rl.trainer_state import save_trainer_state
from mettagrid.config.base import Config


class CheckpointerConfig(Config):
    """When to save. Whichever comes first counts; the end of the run always saves."""

    epoch_interval: int = Field(default=0, ge=0, description="Save every so many epochs; 0 = by time alone.")
    interval_s: float = Field(
        default=60.0,
        ge=0.0,
        description="Save every so many seconds; 0 = by epochs alone. A minute is what a crash may cost.",
    )
    remote_prefix: str | None = Field(
        default=None,
        description="Also copy checkpoints to `<prefix>/<run>/checkpoints/`, e.g. s3://bucket/runs; none = nothing "
        "leaves the machine.",
    )
    remote_state: bool = Field(
        default=False,
        description="Also copy the newest trainer state there: the same command on another machine goes on from it.",
    )
    remote_wait_s: float = Field(
        default=30.0, ge=0.0, description="How long the end of the run waits for the last copies."
    )


class Checkpointer(Component):
    """Writes `checkpoints/<run>:v<epoch>.mpt`, then `trainer_state/`: a state never lacks its checkpoint.

    The only component that every rank has: the first decides by its clock and writes, all give what they have.

    Args:
        config: when to save.
        folder: where to.
        trainer: what.
        before_saving: called before every save; writers flush there, so that nothing up to the saved epoch is
            missing after a crash.

    Attributes:
        last_checkpoint: the newest checkpoint of this run, None if there is none yet.
    """

    def __init__(
        self,
        config: CheckpointerConfig,
        folder: RunFolder,
        trainer: Trainer,
        before_saving: Callable[[], None],
    ) -> None:
        self._config = config
        self._folder = folder
        self._trainer = trainer
        self._before_saving = before_saving
        self._saved_epoch = 0
        self._saved_at = time.monotonic()
        self.last_checkpoint: Path | None = None

    def on_start(self, progress: Progress) -> None:
        """A resumed run's state is on the disk already."""
        self._saved_epoch = progress.epoch
        self._saved_at = time.monotonic()
        if progress.epoch:
            self.last_checkpoint = self._folder.checkpoint(progress.epoch)

    def on_epoch_end(self, report: EpochReport) -> None:
        """Save if it is time."""
        if first_says(self._is_due(report.progress.epoch)):
            self._save(report.progress)

    def on_stop(self, progress: Progress) -> None:
        """Save what is not saved yet."""
        if progress.epoch > self._saved_epoch:
            self._save(progress)

    def _is_due(self, epoch: int) -> bool:
        config = self._config
        by_epoch = config.epoch_interval > 0 and epoch - self._saved_epoch >= config.epoch_interval
        by_time = config.interval_s > 0 and time.monotonic() - self._saved_at >= config.interval_s
        return by_epoch or by_time

    def _save(self, progress: Progress) -> None:
        try:
            self._write(progress)
        except OSError as error:
            reason = error.strerror or str(error)
            raise MachineError(
                f"{self._folder.path}: cannot save epoch {progress.epoch}: {reason}"
            ) from error

    def _write(self, progress: Progress) -> None:
        self._before_saving()
        path = self._folder.checkpoint(progress.epoch)
        metadata = CheckpointMetadata(
            run=self._folder.run, epoch=progress.epoch, agent_steps=progress.num_agent_steps
        )
        with self._trainer.kept_policy() as policy:
            if is_first_rank():
                save_checkpoint(path, policy, metadata)
        save_trainer_state(self._folder.trainer_state, self._trainer)
        self.last_checkpoint = path
        self._saved_epoch = progress.epoch
        self._saved_at = time.monotonic()
