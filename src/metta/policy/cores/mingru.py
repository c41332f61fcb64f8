"""Minimal gated recurrent unit.

After "Were RNNs All We Needed?" (Feng et al., 2024, arXiv:2410.01201): the gates look at the input only, so the
matrix products of a whole sequence are done at once and only a cheap element-wise recurrence remains.
"""

import torch
from torch import Tensor, nn

from metta.policy.cores.core import Core, widened
from metta.policy.cores.recurrence import linear_recurrence


class MinGRU(Core):
    """h_t = (1 - z_t) h_{t-1} + z_t tanh(W_h x_t), z_t = sigmoid(W_z x_t).

    Args:
        size: of inputs and memory.
        longest_memory: steps; the initial gates forget over 1 to about this many steps.
    """

    def __init__(self, size: int, longest_memory: float = 64.0) -> None:
        super().__init__(size, {"hidden": (size,)})
        self.gates = nn.Linear(size, 2 * size)
        nn.init.orthogonal_(self.gates.weight[:size], gain=0.5)
        nn.init.orthogonal_(self.gates.weight[size:])
        nn.init.zeros_(self.gates.bias)
        with torch.no_grad():  # update rate z = 1 / (number of steps remembered)
            self.gates.bias[:size] = -chrono_bias(size, longest_memory)

    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Core.forward`."""
        update, candidate = widened(self.gates(inputs)).split(self.size, dim=-1)
        update = update.sigmoid()
        keep = (1.0 - update) * resets.logical_not().unsqueeze(-1)
        hidden = linear_recurrence(keep, update * candidate.tanh(), memory)
        return hidden, hidden[-1]


def chrono_bias(size: int, longest_memory: float) -> Tensor:
    """Return biases with which sigmoid gates keep 1 - 1/n of the past, n from 2 to `longest_memory` steps.

    "Chrono initialisation" (Tallec and Ollivier, 2018, arXiv:1804.11188), evenly spaced instead of drawn.
    """
    return torch.linspace(1.0, longest_memory - 1.0, size).log()
