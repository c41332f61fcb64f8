"""Gated recurrent unit that clears where episodes start.

Cho et al. (2014), arXiv:1406.1078, in the form of `torch.nn.GRU`, which has no resets inside a sequence; without
resets this gives its numbers with its weights (a test holds that).
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from metta.policy.cores.core import Core, kept, widened
from metta.policy.cores.mingru import chrono_bias


class GRU(Core):
    """h_t = (1 - z) n + z h_{t-1}, n = tanh(W_n x + r (U_n h + b_n)), (r, z) = sigmoid(W x + U h + b).

    Args:
        size: of inputs and memory.
        longest_memory: steps; the initial gates forget over 1 to about this many steps.
    """

    def __init__(self, size: int, longest_memory: float = 64.0) -> None:
        super().__init__(size, {"hidden": (size,)})
        self.input = nn.Linear(size, 3 * size)
        self.recurrent = nn.Linear(size, 3 * size)
        for gate in range(3):
            rows = slice(gate * size, (gate + 1) * size)
            nn.init.orthogonal_(self.input.weight[rows])
            nn.init.orthogonal_(self.recurrent.weight[rows])
        nn.init.zeros_(self.input.bias)
        nn.init.zeros_(self.recurrent.bias)
        with torch.no_grad():
            self.input.bias[size : 2 * size] = chrono_bias(size, longest_memory)

    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Core.forward`."""
        given = widened(self.input(inputs))
        weight, bias = self.recurrent.weight.t(), self.recurrent.bias
        with self.full_precision():
            outputs = _GRU.apply(given, weight, bias, memory, kept(resets))
        return outputs, outputs[-1]


class _GRU(torch.autograd.Function):
    """A loop with few large operations: all products for the gradient of U are done at once at the end."""

    @staticmethod
    def forward(
        ctx: Any, given: Tensor, recurrent: Tensor, bias: Tensor, hidden: Tensor, keep: Tensor
    ) -> Tensor:
        size = hidden.shape[-1]
        gates, inner = torch.empty_like(given[..., : 2 * size]), torch.empty_like(given[..., :size])
        candidates, hiddens, outputs = (torch.empty_like(inner) for _ in range(3))
        for t, keep_t in enumerate(keep.unbind()):
            start = torch.mul(hidden, keep_t, out=hiddens[t])
            remembered = torch.addmm(bias, start, recurrent)
            torch.add(given[t, :, : 2 * size], remembered[:, : 2 * size], out=gates[t]).sigmoid_()
            inner[t] = remembered[:, 2 * size :]
            r, z = gates[t].split(size, dim=-1)
            n = torch.addcmul(given[t, :, 2 * size :], r, inner[t], out=candidates[t]).tanh_()
            hidden = torch.lerp(n, start, z, out=outputs[t])
        ctx.save_for_backward(recurrent, keep, gates, inner, candidates, hiddens)
        return outputs

    @staticmethod
    @once_differentiable
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride]  (the decorator hides the signature)
        ctx: Any, *gradients: Tensor
    ) -> tuple[Tensor | None, ...]:
        recurrent, keep, gates, inner, candidates, hiddens = ctx.saved_tensors
        of_outputs = gradients[0]
        r, z = gates.chunk(2, dim=-1)
        size = z.shape[-1]
        per_update = (hiddens - candidates) * z * (1 - z)
        per_candidate = (1 - z) * (1 - candidates * candidates)
        per_reset = inner * r * (1 - r)  # times the candidate's
        transposed = recurrent.t()
        of_given = z.new_empty(*z.shape[:2], 3 * size)
        of_remembered = torch.empty_like(of_given)
        of_hidden = torch.zeros_like(of_outputs[0])
        for t in range(len(keep) - 1, -1, -1):
            of_hidden = of_outputs[t] + of_hidden
            row = of_given[t]
            candidate = torch.mul(per_candidate[t], of_hidden, out=row[:, 2 * size :])
            torch.mul(per_reset[t], candidate, out=row[:, :size])
            torch.mul(per_update[t], of_hidden, out=row[:, size : 2 * size])
            of_remembered[t, :, : 2 * size] = row[:, : 2 * size]
            of_remembered[t, :, 2 * size :] = candidate * r[t]
            of_hidden = torch.addmm(of_hidden * z[t], of_remembered[t], transposed) * keep[t]
        flat = of_remembered.flatten(0, 1)
        return of_given, hiddens.flatten(0, 1).t() @ flat, flat.sum(0), of_hidden, None
