"""What plugs into the trainer's loop. A component's error stops the run; nothing catches it."""

from abc import ABC

from metta.rl.report import EpochReport, Progress


class Component(ABC):  # noqa: B024  (every hook is optional: most components need one or two)
    """Called at the start, after every epoch and at the end, in the order in which the trainer got them."""

    def on_start(self, progress: Progress) -> None:  # noqa: B027
        """Before the first epoch of this session; a resumed run starts with its counters."""

    def on_epoch_end(self, report: EpochReport) -> None:  # noqa: B027
        """After every epoch."""

    def on_stop(self, progress: Progress) -> None:  # noqa: B027
        """After the last epoch of this session, also when it was asked to stop; not after an error."""
