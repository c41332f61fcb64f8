"""The contract of memories: a sequence, the memory before it and where episodes start; nothing else."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping

import torch
from torch import Tensor, nn


class Core(nn.Module, ABC):
    """A memory: what it adds to each step of a sequence, and what it remembers after the last.

    The reset rule: a step with `resets` True sees nothing of what was before it, neither of earlier steps of the
    sequence nor of the memory that was handed in; no gradient passes either. Empty memory is zeros. One step is a
    sequence of length 1, so play and training compute the same numbers. `tests/policy/cores` holds this for all.

    Args:
        size: of inputs and outputs.
        memory: names and shapes of what one row remembers; the caller sees them as one flat tensor.
    """

    def __init__(self, size: int, memory: Mapping[str, tuple[int, ...]]) -> None:
        super().__init__()
        self.size = size
        self.memory_shapes = dict(memory)
        self.memory_size = sum(math.prod(shape) for shape in memory.values())

    @abstractmethod
    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """Run over a sequence.

        Args:
            inputs: float [T, B, size].
            memory: float32 [B, memory_size], before the first step.
            resets: bool [T, B]; True = an episode starts at this step.

        Returns:
            Outputs, float32 [T, B, size], and the memory after the last step, float32 [B, memory_size].
        """

    def full_precision(self) -> torch.autocast:
        """Return a context in which recurrences are computed in float32, whatever the trainer chose."""
        return torch.autocast(next(self.parameters()).device.type, enabled=False)

    def unpack(self, memory: Tensor) -> dict[str, Tensor]:
        """Return the parts of a flat memory [B, memory_size] by name, [B, *shape]."""
        sizes = [math.prod(shape) for shape in self.memory_shapes.values()]
        parts = memory.split(sizes, dim=-1)
        return {
            name: part.unflatten(-1, shape) if len(shape) != 1 else part
            for (name, shape), part in zip(self.memory_shapes.items(), parts, strict=True)
        }

    def pack(self, parts: Mapping[str, Tensor]) -> Tensor:
        """Return named parts [B, *shape] as one flat memory [B, memory_size]."""
        return torch.cat([widened(parts[name].flatten(1)) for name in self.memory_shapes], dim=1)


def kept(resets: Tensor) -> Tensor:
    """Return 1 where the past is kept and 0 where an episode starts, float32 [T, B, 1]."""
    return resets.logical_not().unsqueeze(-1).float()


def widened(values: Tensor) -> Tensor:
    """Return values in float32 if they are in less; what lasts over many steps needs it."""
    return values.float() if values.dtype.itemsize < 4 else values
