"""Stops a run whose numbers have gone bad, before anything of it is saved."""

from metta.common.errors import GuardError
from metta.rl.components.checkpointer import Checkpointer
from metta.rl.components.component import Component
from metta.rl.report import EpochReport


class Guard(Component):
    """Ends the training with exit code 3 when a loss or gradient is NaN or infinite.

    Stands before the checkpointer, so the last checkpoint is from before. Reads what the trainer reads once
    per epoch anyway, so it costs no wait for the device.
    """

    def __init__(self, checkpointer: Checkpointer) -> None:
        self._checkpointer = checkpointer

    def on_epoch_end(self, report: EpochReport) -> None:
        """Look at every minibatch of the epoch.

        Raises:
            GuardError: names the first bad value and the last good checkpoint.
        """
        bad = report.updates.first_bad()
        if bad is not None:
            last = self._checkpointer.last_checkpoint
            good = f"the last good checkpoint is {last}" if last else "there is no checkpoint from before"
            raise GuardError(f"training stopped in epoch {report.progress.epoch}: {bad}; {good}")
