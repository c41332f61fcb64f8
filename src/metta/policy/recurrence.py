"""Memory that clears where episodes start: a minimal gated recurrent unit.

After "Were RNNs All We Needed?" (Feng et al., 2024, arXiv:2410.01201): the gates look at the input only, so
the matrix products of a whole sequence are done at once and only a cheap element-wise recurrence remains.
"""

from typing import Any

import torch
from torch import Tensor, nn


class MinGRU(nn.Module):
    """h_t = (1 - z_t) h_{t-1} + z_t tanh(W_h x_t), z_t = sigmoid(W_z x_t); h is 0 before a step that resets.

    One step is a sequence of length 1, so play and training compute the same numbers.

    Args:
        size: of inputs and memory.
        longest_memory: steps; the initial gates forget over 1 to about this many steps.
    """

    def __init__(self, size: int, longest_memory: float = 64.0) -> None:
        super().__init__()
        self.size = size
        self.gates = nn.Linear(size, 2 * size)
        nn.init.orthogonal_(self.gates.weight[:size], gain=0.5)
        nn.init.orthogonal_(self.gates.weight[size:])
        nn.init.zeros_(self.gates.bias)
        with torch.no_grad():  # "chrono" initialisation: update rate z = 1 / (number of steps remembered)
            self.gates.bias[:size] = -torch.linspace(1.0, longest_memory - 1.0, size).log()

    def forward(self, inputs: Tensor, state: Tensor, resets: Tensor) -> Tensor:
        """Run over a sequence.

        Args:
            inputs: float [T, B, size].
            state: float32 [B, size], memory before the first step.
            resets: bool [T, B].

        Returns:
            float32 [T, B, size], memory after each step.
        """
        update, candidate = self.gates(inputs).float().split(self.size, dim=-1)
        update = update.sigmoid()
        keep = (1.0 - update) * resets.logical_not().unsqueeze(-1)
        return linear_recurrence(keep, update * candidate.tanh(), state)


def linear_recurrence(keep: Tensor, drive: Tensor, initial: Tensor) -> Tensor:
    """Return h [T, B, D] with h_t = keep_t * h_{t-1} + drive_t.

    Args:
        keep: float32 [T, B, D].
        drive: float32 [T, B, D].
        initial: float32 [B, D], h before the first step.
    """
    return _LinearRecurrence.apply(keep, drive, initial)


class _LinearRecurrence(torch.autograd.Function):
    """One fused multiply-add per step in either direction; autograd's own graph is several times slower."""

    @staticmethod
    def forward(ctx: Any, keep: Tensor, drive: Tensor, initial: Tensor) -> Tensor:
        states = torch.empty_like(drive)
        state = initial
        for keep_t, drive_t, state_t in zip(keep.unbind(), drive.unbind(), states.unbind(), strict=True):
            torch.addcmul(drive_t, keep_t, state, out=state_t)
            state = state_t
        ctx.save_for_backward(keep, initial, states)
        return states

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        # g_t = gradient_t + keep_{t+1} g_{t+1} is the gradient of h_t, and so of drive_t.
        keep, initial, states = ctx.saved_tensors
        gradient = gradients[0]
        of_drive = torch.empty_like(gradient)
        of_drive[-1] = gradient[-1]
        steps, keeps, results = gradient.unbind(), keep.unbind(), of_drive.unbind()
        for t in range(len(steps) - 2, -1, -1):
            torch.addcmul(steps[t], keeps[t + 1], results[t + 1], out=results[t])
        before = torch.cat([initial.unsqueeze(0), states[:-1]])
        return of_drive * before, of_drive, of_drive[0] * keep[0]
