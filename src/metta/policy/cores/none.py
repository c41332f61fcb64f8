"""No memory."""

import torch
from torch import Tensor

from metta.policy.cores.core import Core, widened


class NoCore(Core):
    """Remembers nothing and adds nothing.

    Args:
        size: of inputs and outputs.
    """

    def __init__(self, size: int) -> None:
        super().__init__(size, {})

    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Core.forward`."""
        return torch.zeros_like(widened(inputs)), memory
