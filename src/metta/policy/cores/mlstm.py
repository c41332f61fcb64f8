"""LSTM with a matrix memory, for many associations: mLSTM.

"xLSTM: Extended Long Short-Term Memory" (Beck et al., 2024, arXiv:2405.04517). The `xlstm` package has no resets
inside a sequence. All steps of a chunk are computed at once; a running maximum keeps the exponentials in range.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from metta.policy.cores.core import Core, widened
from metta.policy.cores.decay import CHUNK, log_decays

_LARGEST = 60.0  # exponent that float32 still holds


class MLSTM(Core):
    """C_t = f C_{t-1} + i v k^T, n_t = f n_{t-1} + i k, y_t = o norm(C_t q / max(|n_t q|, 1)), per head.

    i = exp(w_i x), f = sigmoid(w_f x), o = sigmoid(W_o x); q, k, v are linear in x, k divided by sqrt(its length).
    The memory holds C and n divided by exp(m).

    Args:
        size: of inputs and outputs.
        heads: with a matrix each.
    """

    def __init__(self, size: int, heads: int = 4) -> None:
        width = size // heads
        super().__init__(size, {"matrix": (heads, width, width), "norm": (heads, width), "maximum": (heads,)})
        self.heads = heads
        self.into = nn.Linear(size, 4 * size)
        self.gates = nn.Linear(size, 2 * heads)
        self.scale = nn.Parameter(torch.ones(size))
        self.out = nn.Linear(size, size)
        nn.init.normal_(self.gates.weight, std=0.1 * size**-0.5)
        with torch.no_grad():
            self.gates.bias[:heads] = 0.0
            self.gates.bias[heads:] = torch.linspace(2.0, 5.0, heads)  # forget over 8 to 150 steps

    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Core.forward`."""
        q, k, v, o = widened(self.into(inputs)).chunk(4, dim=-1)
        q, k, v = (part.unflatten(-1, (self.heads, -1)) for part in (q, k, v))
        log_input, forget = widened(self.gates(inputs)).chunk(2, dim=-1)
        log_keep = functional.logsigmoid(forget)
        state = tuple(self.unpack(memory).values())
        outputs = []
        with self.full_precision():
            series = (q, k * k.shape[-1] ** -0.5, v, log_input, log_keep, resets)
            for chunk in zip(*(part.split(CHUNK) for part in series), strict=True):
                read, state = _chunk(state, *chunk)
                outputs.append(read)
        normal = functional.layer_norm(torch.cat(outputs), (self.size // self.heads,))
        result = widened(self.out(o.sigmoid() * self.scale * normal.flatten(2)))
        return result, self.pack(dict(zip(self.memory_shapes, state, strict=True)))


def _chunk(
    state: tuple[Tensor, ...],
    q: Tensor,
    k: Tensor,
    v: Tensor,
    log_input: Tensor,
    log_keep: Tensor,
    resets: Tensor,
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Read all steps of a chunk, [T, B, H, width], and return (C, n, m) after it."""
    matrix, norm, maximum = state
    between, from_memory = log_decays(log_keep, resets)
    weight = between + log_input.permute(1, 2, 0).unsqueeze(2)  # [B, H, t, s]
    past = from_memory + maximum.unsqueeze(-1)  # [B, H, t]
    # The result does not depend on what is subtracted, so neither does the gradient.
    top = torch.maximum(weight.amax(-1), past).detach()
    weight, past = (weight - top.unsqueeze(-1)).exp(), (past - top).exp()
    q, k, v = (part.permute(1, 2, 0, 3) for part in (q, k, v))  # [B, H, T, width]
    scores = weight * (q @ k.transpose(-1, -2))
    read = scores @ v + past.unsqueeze(-1) * (q @ matrix.transpose(-1, -2))
    seen = scores.sum(-1) + past * (q @ norm.unsqueeze(-1)).squeeze(-1)
    floor = (-top).clamp(max=_LARGEST).exp()
    read = read / torch.maximum(seen.abs(), floor).unsqueeze(-1)
    last, kept = weight[:, :, -1].unsqueeze(-1), past[:, :, -1, None]
    after = (
        kept.unsqueeze(-1) * matrix + (last * v).transpose(-1, -2) @ k,
        kept * norm + (last * k).sum(2),
        top[:, :, -1],
    )
    return read.permute(2, 0, 1, 3), after
