"""Long short-term memory that clears where episodes start.

Hochreiter and Schmidhuber (1997), with forget gates (Gers et al., 2000). `torch.nn.LSTM` has no resets inside a
sequence; without resets this gives its numbers with its weights (a test holds that). On CPUs it is PyTorch's, piece by
piece between resets, two to three times as fast as a loop; elsewhere a loop, which needs not know where the resets are.
"""

from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from metta.io.waits import asking_is_free
from metta.policy.cores.core import Core, kept, widened
from metta.policy.cores.mingru import chrono_bias


class LSTM(Core):
    """c_t = f c_{t-1} + i g, h_t = o tanh(c_t), with (i, f, g, o) = act(W x_t + U h_{t-1} + b).

    Args:
        size: of inputs, outputs and both memories.
        longest_memory: steps; the initial forget gates forget over 1 to about this many steps.
    """

    def __init__(self, size: int, longest_memory: float = 64.0) -> None:
        super().__init__(size, {"hidden": (size,), "cell": (size,)})
        self.input = nn.Linear(size, 4 * size)
        self.recurrent = nn.Parameter(torch.empty(4 * size, size))
        for gate in range(4):
            rows = slice(gate * size, (gate + 1) * size)
            nn.init.orthogonal_(self.input.weight[rows])
            nn.init.orthogonal_(self.recurrent[rows])
        nn.init.zeros_(self.input.bias)
        with torch.no_grad():
            bias = chrono_bias(size, longest_memory)
            self.input.bias[size : 2 * size] = bias
            self.input.bias[:size] = -bias

    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Core.forward`."""
        hidden, cell = memory.split(self.size, dim=-1)
        if asking_is_free(inputs) and not torch.compiler.is_compiling():
            with self.full_precision():
                return self._in_pieces(widened(inputs), hidden, cell, resets)
        return self._in_a_loop(inputs, hidden, cell, resets)

    def _in_a_loop(
        self, inputs: Tensor, hidden: Tensor, cell: Tensor, resets: Tensor
    ) -> tuple[Tensor, Tensor]:
        given = widened(self.input(inputs))
        with self.full_precision():
            outputs, cell = _LSTM.apply(given, self.recurrent.t(), hidden, cell, kept(resets))
        return outputs, torch.cat([outputs[-1], cell], dim=-1)

    def _in_pieces(
        self, inputs: Tensor, hidden: Tensor, cell: Tensor, resets: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Run PyTorch's LSTM from each step in which any row starts anew to the next such step."""
        weights = [self.input.weight, self.recurrent, self.input.bias, torch.zeros_like(self.input.bias)]
        starts = resets.any(dim=1).nonzero().flatten().tolist()
        bounds = [0, *(step for step in starts if step > 0), len(inputs)]
        outputs = []
        for first, end in pairwise(bounds):
            keep = resets[first].logical_not().unsqueeze(-1)
            state = ((hidden * keep)[None], (cell * keep)[None])
            piece, hiddens, cells = torch.lstm(
                inputs[first:end], state, weights, True, 1, 0.0, self.training, False, False
            )
            outputs.append(piece)
            hidden, cell = hiddens[0], cells[0]
        return torch.cat(outputs), torch.cat([hidden, cell], dim=-1)


class _LSTM(torch.autograd.Function):
    """A loop with few large operations: all products for the gradient of U are done at once at the end."""

    @staticmethod
    def forward(
        ctx: Any, given: Tensor, recurrent: Tensor, hidden: Tensor, cell: Tensor, keep: Tensor
    ) -> tuple[Tensor, Tensor]:
        size = hidden.shape[-1]
        gates = torch.empty_like(given)
        hiddens, cells, squashed = (torch.empty_like(given[..., :size]) for _ in range(3))
        for t, keep_t in enumerate(keep.unbind()):
            hiddens[t], cells[t] = hidden * keep_t, cell * keep_t  # what step t starts from
            gate = torch.addmm(given[t], hiddens[t], recurrent, out=gates[t])
            gate[:, : 2 * size].sigmoid_()
            gate[:, 2 * size : 3 * size].tanh_()
            gate[:, 3 * size :].sigmoid_()
            i, f, g, o = gate.split(size, dim=-1)
            cell = torch.addcmul(f * cells[t], i, g)
            torch.tanh(cell, out=squashed[t])
            hidden = o * squashed[t]
        outputs = gates[..., 3 * size :] * squashed
        ctx.save_for_backward(recurrent, keep, gates, hiddens, cells, squashed)
        return outputs, cell

    @staticmethod
    @once_differentiable
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride]  (the decorator hides the signature)
        ctx: Any, *gradients: Tensor
    ) -> tuple[Tensor | None, ...]:
        of_outputs, of_cell = gradients
        recurrent, keep, gates, hiddens, cells, squashed = ctx.saved_tensors
        i, f, g, o = gates.chunk(4, dim=-1)
        # Factors that need no loop: from dc or dh to the four gates before their activation.
        per_cell = torch.cat([g * i * (1 - i), cells * f * (1 - f), i * (1 - g * g)], dim=-1)
        per_hidden = squashed * o * (1 - o)
        through = o * (1 - squashed * squashed)  # dc gets through * dh
        transposed = recurrent.t()
        of_gates = torch.empty_like(gates)
        of_hidden = torch.zeros_like(of_cell)
        size = of_cell.shape[-1]
        for t in range(len(keep) - 1, -1, -1):
            of_hidden = of_outputs[t] + of_hidden
            of_cell = torch.addcmul(of_cell, through[t], of_hidden)
            row = of_gates[t]
            torch.mul(per_cell[t], of_cell.repeat(1, 3), out=row[:, : 3 * size])
            torch.mul(per_hidden[t], of_hidden, out=row[:, 3 * size :])
            of_hidden = (row @ transposed) * keep[t]
            of_cell = of_cell * f[t] * keep[t]
        of_recurrent = hiddens.flatten(0, 1).t() @ of_gates.flatten(0, 1)
        return of_gates, of_recurrent, of_hidden, of_cell, None
