"""What every loss has in common."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from torch import Tensor

from metta.policy.policy import PolicyOutput
from metta.rl.experience import Minibatch


@dataclass(frozen=True)
class LossResult:
    """A term of the objective and what to report about it; everything stays on the device."""

    loss: Tensor
    """Scalar with gradient."""
    metrics: dict[str, Tensor]
    """Scalars without gradient, by name."""


class Loss(ABC):
    """One term of the objective; the trainer adds the terms with their weights."""

    @abstractmethod
    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """Return the loss of the policy's output on a minibatch.

        Args:
            minibatch: rows of experience, [H, B].
            output: what the policy answers on them now: logits [H, B, num_actions], value [H, B].
        """
