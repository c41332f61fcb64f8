"""Stops a run whose numbers have gone bad, before anything of it is saved."""

from collections.abc import Iterator

import torch
from torch import Tensor

from metta.common.errors import GuardError
from metta.rl.components.checkpointer import Checkpointer
from metta.rl.components.component import Component
from metta.rl.report import EpochReport
from metta.rl.trainer import Trainer


class Guard(Component):
    """Ends the training with exit code 3 when something is NaN or infinite, and names the first such thing.

    Looks at what came in (rewards, values, memory), at every loss and gradient, and at all that would be saved:
    an optimizer that breaks the weights in the last step leaves losses and gradients as they should be. Stands before
    the checkpointer, so the last checkpoint is from before. Waits for the device once per epoch.

    Args:
        checkpointer: knows the last checkpoint.
        trainer: whose numbers are looked at.
    """

    def __init__(self, checkpointer: Checkpointer, trainer: Trainer) -> None:
        self._checkpointer = checkpointer
        self._trainer = trainer

    def on_epoch_end(self, report: EpochReport) -> None:
        """Look at every number of the epoch that something else depends on.

        Raises:
            GuardError: names the first bad value and the last good checkpoint.
        """
        bad = self._first_bad(report)
        if bad is not None:
            last = self._checkpointer.last_checkpoint
            good = f"the last good checkpoint is {last}" if last else "there is no checkpoint from before"
            raise GuardError(f"training stopped in epoch {report.progress.epoch}: {bad}; {good}")

    def _first_bad(self, report: EpochReport) -> str | None:
        """Name the first bad value in the order in which they follow from one another."""
        came_in, kept = list(_came_in(self._trainer)), list(_kept(self._trainer))
        are_good = _are_finite([value for _, value in came_in + kept])
        for (name, value), is_good in zip(came_in, are_good, strict=False):
            if not is_good:
                return _place_in(name, value)
        in_updates = report.updates.first_bad()
        if in_updates is not None:
            return in_updates
        for (name, value), is_good in zip(kept, are_good[len(came_in) :], strict=True):
            if not is_good:
                steps = len(report.updates.gradients)
                return f"{name} is {_first_value(value)} after step {steps}, the epoch's last"
        return None


def _came_in(trainer: Trainer) -> Iterator[tuple[str, Tensor]]:
    """Yield what learning began with, [steps, rows, ..] each."""
    experience = trainer.experience
    yield "the reward", experience.steps.rewards
    yield "the reward that losses shaped", experience.rewards
    yield "the policy's value", experience.steps.values
    yield "the policy's memory", experience.memory


def _kept(trainer: Trainer) -> Iterator[tuple[str, Tensor]]:
    """Yield what a checkpoint and the trainer's state keep."""
    for name, value in trainer.policy.state_dict().items():
        yield f"the weight {name}", value
    for loss, module in trainer.losses.items():
        for name, value in module.state_dict().items():
            yield f"the weight {name} of loss {loss}", value
    for name, value in trainer.average.state_dict().items() if trainer.average is not None else ():
        yield f"the averaged weight {name}", value
    for name, value in trainer.optimizer.tensors().items():
        part, parameter, moment = name.split(".")
        yield f"the optimizer's {moment} of parameter {parameter} (part {part})", value


def _are_finite(tensors: list[Tensor]) -> list[bool]:
    """Return whether each has finite numbers alone; waits for the device once."""
    device = tensors[0].device
    return torch.stack([torch.isfinite(value).all().to(device) for value in tensors]).tolist()


def _place_in(name: str, value: Tensor) -> str:
    step, row = (~torch.isfinite(value)).nonzero()[0, :2].tolist()
    unit = "training row" if "memory" in name else "step"
    return f"{name} is {_first_value(value)} in {unit} {step + 1} of the epoch, agent row {row}"


def _first_value(value: Tensor) -> float:
    return value[~torch.isfinite(value)][0].item()
