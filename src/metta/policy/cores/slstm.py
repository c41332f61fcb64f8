"""LSTM with exponential gates and memory mixing within heads: sLSTM.

"xLSTM: Extended Long Short-Term Memory" (Beck et al., 2024, arXiv:2405.04517). The gates read the last output, so
steps follow one another; the `xlstm` package has a CUDA kernel for that, but no resets inside a sequence.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from metta.policy.cores.core import Core, kept, widened


class SLSTM(Core):
    """c_t = f c_{t-1} + i tanh(z), n_t = f n_{t-1} + i, h_t = sigmoid(o) c_t / n_t, y_t = W norm(h_t).

    (z, i, f, o) = W x_t + R h_{t-1} + b with R one block per head; i = exp(i), f = sigmoid(f). The memory holds c
    and n divided by exp(m).

    Args:
        size: of inputs, outputs and memories.
        heads: blocks of R.
    """

    def __init__(self, size: int, heads: int = 4) -> None:
        super().__init__(size, {"hidden": (size,), "cell": (size,), "norm": (size,), "maximum": (size,)})
        self.heads = heads
        width = size // heads
        self.into = nn.Linear(size, 4 * size)
        self.recurrent = nn.Parameter(torch.randn(heads, width, 4 * width) * 0.3 * width**-0.5)
        self.scale = nn.Parameter(torch.ones(size))
        self.out = nn.Linear(size, size)
        with torch.no_grad():
            self.into.bias[2 * size : 3 * size] = torch.linspace(1.0, 5.0, size)  # forget over 4 to 150 steps

    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Core.forward`."""
        given = widened(self.into(inputs))
        state = tuple(self.unpack(memory).values())
        outputs = []
        with self.full_precision():
            for given_t, keep_t in zip(given.unbind(), kept(resets).unbind(), strict=True):
                state = self._step(given_t, tuple(part * keep_t for part in state))
                outputs.append(state[0])
        hidden = torch.stack(outputs).unflatten(-1, (self.heads, -1))
        normal = functional.layer_norm(hidden, hidden.shape[-1:]).flatten(2)
        return widened(self.out(self.scale * normal)), self.pack(
            dict(zip(self.memory_shapes, state, strict=True))
        )

    def _step(self, given: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Return (h, c, n, m) after one step with gate inputs [B, 4 * size]."""
        hidden, cell, norm, maximum = state
        by_head = hidden.unflatten(-1, (self.heads, -1)).transpose(0, 1)  # [heads, B, width]
        mixed = (by_head @ self.recurrent).unflatten(-1, (4, -1)).permute(1, 2, 0, 3).flatten(1)
        z, i, f, o = (given + mixed).chunk(4, dim=-1)
        # Empty memory has n = 0: nothing to keep, so nothing that the maximum should respect.
        log_kept = functional.logsigmoid(f) + maximum.masked_fill(norm == 0, -torch.inf)
        top = torch.maximum(
            log_kept, i
        ).detach()  # the result does not depend on it, so neither does the gradient
        keep, write = (log_kept - top).exp(), (i - top).exp()
        cell = keep * cell + write * z.tanh()
        norm = keep * norm + write
        return o.sigmoid() * cell / norm, cell, norm, top
