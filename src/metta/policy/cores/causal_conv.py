"""A window over the last steps: a causal convolution that does not look across episode starts.

`torch.nn.Conv1d` knows no resets, so the few taps are summed here, each masked.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from metta.policy.cores.core import Core, widened


class CausalConv(Core):
    """y_t = W silu(b + sum_k w_k * x_{t-k}), k = 0 .. window - 1, over steps of the same episode.

    Args:
        size: of inputs and outputs.
        window: steps that are seen, the present one included.
    """

    def __init__(self, size: int, window: int = 8) -> None:
        super().__init__(size, {"past": (window - 1, size)})
        self.taps = nn.Parameter(initial_taps(size, window))
        self.bias = nn.Parameter(torch.zeros(size))
        self.mixer = nn.Linear(size, size)

    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Core.forward`."""
        summed, past = causal_convolution(widened(inputs), self.unpack(memory)["past"], resets, self.taps)
        return widened(self.mixer(functional.silu(summed + self.bias))), self.pack({"past": past})


def initial_taps(size: int, window: int) -> Tensor:
    """Return random taps [window, size] that keep the size of what they sum."""
    return torch.randn(window, size) * window**-0.5


def causal_convolution(inputs: Tensor, past: Tensor, resets: Tensor, taps: Tensor) -> tuple[Tensor, Tensor]:
    """Convolve each channel with its taps.

    Args:
        inputs: float32 [T, B, D].
        past: float32 [B, window - 1, D], inputs before the first step, oldest first; zeros where there are none.
        resets: bool [T, B].
        taps: float32 [window, D]; taps[0] meets the present.

    Returns:
        Sums, float32 [T, B, D], and the past after the last step.
    """
    steps, before = len(inputs), len(taps) - 1
    series = torch.cat([past.transpose(0, 1), inputs])
    episode = torch.cumsum(resets, 0)
    episode = torch.cat([episode.new_zeros(before, episode.shape[1]), episode])
    total = taps[0] * inputs
    for back in range(1, before + 1):
        earlier = slice(before - back, before - back + steps)
        same = (episode[earlier] == episode[before:]).unsqueeze(-1)
        total = total + taps[back] * (series[earlier] * same)
    same = (episode[steps:] == episode[-1:]).unsqueeze(-1)
    return total, (series[steps:] * same).transpose(0, 1)
