"""Gated linear attention whose matrix memory is kept as a few oscillating vectors: AGaLiTe.

"AGaLiTe: Approximate Gated Linear Transformers for Online Reinforcement Learning" (Pramanik et al., 2023,
arXiv:2310.15719). The authors' code is JAX. Frequencies are spread over 0 .. pi, not -pi .. pi as there: a cosine is
even, so half of theirs are copies.
"""

import math

import torch
from torch import Tensor, nn

from metta.policy.cores.core import Core, kept, widened
from metta.policy.cores.recurrence import linear_recurrence


class AGaLiTe(Core):
    """Per head, with k, q = relu(W x) (x) relu(P x), g = sigmoid(W x) (x) sigmoid(P x), b = sigmoid(W x).

    v^j_t = (1 - b) v^j_{t-1} + cos(w_j t) b v, k^j_t = (1 - g) k^j_{t-1} + cos(w_j t) g k, s_t likewise with 1,
    y_t = W sum_j v^j_t (k^j_t q_t) / (2 r s_t q_t + eps); t counts from the start of the episode.

    Args:
        size: of inputs and outputs.
        heads: of the attention.
        eta: length of P x; keys are that much longer than a head is wide.
        num_waves: r, oscillating copies; more approximate the full matrix better.
    """

    frequencies: Tensor

    def __init__(self, size: int, heads: int = 4, eta: int = 4, num_waves: int = 2) -> None:
        key = (heads, eta * size // heads)
        memory = {"keys": (num_waves, *key), "values": (num_waves, heads, size // heads), "norm": key}
        super().__init__(size, {**memory, "tick": (1,)})
        self.heads, self.num_waves = heads, num_waves
        self.into = nn.Linear(size, 5 * size)
        self.lengthen = nn.Linear(size, 3 * heads * eta)
        self.out = nn.Linear(size, size)
        frequencies = torch.linspace(0.0, math.pi, num_waves) if num_waves > 1 else torch.zeros(1)
        self.register_buffer("frequencies", frequencies, persistent=False)

    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Core.forward`."""
        key, query, write, value, beta = self._gates(inputs)
        parts = self.unpack(memory)
        keep = kept(resets)
        with self.full_precision():
            tick = linear_recurrence(keep, torch.ones_like(keep), parts["tick"])  # [T, B, 1]
            wave = torch.cos(tick * self.frequencies)[..., None, None]  # [T, B, r, 1, 1]
            keep = keep.unsqueeze(-1)
            key_left, value_left = (1 - write) * keep, (1 - beta) * keep
            norm = linear_recurrence(key_left, write * key, parts["norm"])
            keys = self._waves(key_left, (write * key).unsqueeze(2) * wave, parts["keys"])
            values = self._waves(value_left, (beta * value).unsqueeze(2) * wave, parts["values"])
            match = (keys * query.unsqueeze(2)).sum(-1, keepdim=True)
            read = (values * match).sum(2)
            read = read / (2 * self.num_waves * (norm * query).sum(-1, keepdim=True) + 1e-5)
        after = {"keys": keys[-1], "values": values[-1], "norm": norm[-1], "tick": tick[-1]}
        return widened(self.out(read.flatten(2))), self.pack(after)

    def _gates(self, inputs: Tensor) -> tuple[Tensor, ...]:
        """Return key, query and write gate [T, B, heads, eta * width], value and its gate [T, B, heads, width]."""
        heads = widened(self.into(inputs)).unflatten(-1, (self.heads, -1))
        key, query, write, value, beta = heads.chunk(5, dim=-1)
        by_key, by_query, by_write = (
            widened(self.lengthen(inputs)).unflatten(-1, (self.heads, -1)).chunk(3, dim=-1)
        )
        return (
            _outer(key.relu(), by_key.relu()),
            _outer(query.relu(), by_query.relu()),
            _outer(write.sigmoid(), by_write.sigmoid()),
            value,
            beta.sigmoid(),
        )

    def _waves(self, left: Tensor, drive: Tensor, initial: Tensor) -> Tensor:
        return linear_recurrence(left.unsqueeze(2).expand_as(drive).contiguous(), drive, initial)


def _outer(first: Tensor, second: Tensor) -> Tensor:
    return (first.unsqueeze(-1) * second.unsqueeze(-2)).flatten(-2)
