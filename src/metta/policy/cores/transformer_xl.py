"""Attention over the last steps with relative positions: Transformer-XL.

Dai et al. (2019), arXiv:1901.02860; its attention layer. Keys and values of the last `window` steps are the memory,
so a step in play costs one query. Library attention has no place for the term by distance that this one has.
"""

import torch
from torch import Tensor, nn

from metta.policy.cores.core import Core, widened


class TransformerXL(Core):
    """Step t reads v_s with softmax_s((q_t + a) k_s + (q_t + b) r_{t-s}), s = t - window .. t, of its own episode.

    Args:
        size: of inputs and outputs.
        heads: of the attention.
        window: earlier steps that are seen.
    """

    distances: Tensor

    def __init__(self, size: int, heads: int = 4, window: int = 32) -> None:
        super().__init__(size, {"keys": (window, size), "values": (window, size), "count": (1,)})
        self.heads, self.window = heads, window
        self.into = nn.Linear(size, 3 * size, bias=False)
        self.by_distance = nn.Linear(size, size, bias=False)
        self.content_bias = nn.Parameter(torch.zeros(heads, size // heads))
        self.distance_bias = nn.Parameter(torch.zeros(heads, size // heads))
        self.out = nn.Linear(size, size)
        self.register_buffer("distances", sinusoids(window + 1, size), persistent=False)

    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Core.forward`."""
        parts = self.unpack(memory)
        query, key, value = widened(self.into(inputs)).transpose(0, 1).chunk(3, dim=-1)  # [B, T, size]
        keys, values = torch.cat([parts["keys"], key], 1), torch.cat([parts["values"], value], 1)
        distance, seen = self._sight(parts["count"], resets)
        with self.full_precision():
            read = self._attend(query, keys, values, distance, seen)
        visible = seen[:, -1, -self.window :].unsqueeze(-1)
        count = seen[:, -1, -self.window :].sum(-1, keepdim=True)
        after = {
            "keys": keys[:, -self.window :] * visible,
            "values": values[:, -self.window :] * visible,
            "count": count.to(memory.dtype),
        }
        return widened(self.out(read.transpose(0, 1))), self.pack(after)

    def _sight(self, count: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """Return the distance of each key from each step, [T, W+T], and which are seen, bool [B, T, W+T]."""
        steps = len(resets)
        place = torch.arange(self.window + steps, device=resets.device)
        distance = place[self.window :].unsqueeze(1) - place
        episode = torch.cumsum(resets, 0).t()  # [B, T]; the memory is of episode 0
        of_key = torch.cat([episode.new_zeros(len(episode), self.window), episode], 1)
        filled = place >= self.window - count.clamp(min=0)  # [B, W+T]
        near = (distance >= 0) & (distance <= self.window)
        return distance, near & filled.unsqueeze(1) & (episode.unsqueeze(2) == of_key.unsqueeze(1))

    def _attend(self, query: Tensor, keys: Tensor, values: Tensor, distance: Tensor, seen: Tensor) -> Tensor:
        query, keys, values = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (query, keys, values)
        )  # [B, heads, steps, width]
        relative = self.by_distance(self.distances).unflatten(-1, (self.heads, -1)).permute(1, 2, 0)
        by_content = (query + self.content_bias.unsqueeze(1)) @ keys.transpose(-1, -2)
        by_distance = (query + self.distance_bias.unsqueeze(1)) @ relative  # [B, heads, T, W+1]
        index = distance.clamp(0, self.window).expand_as(by_content)
        scores = (by_content + by_distance.gather(-1, index)) * query.shape[-1] ** -0.5
        weights = scores.masked_fill(~seen.unsqueeze(1), -torch.inf).softmax(-1)
        return (weights @ values).transpose(1, 2).flatten(2)


def sinusoids(length: int, size: int) -> Tensor:
    """Return sines and cosines of positions 0 .. length - 1 at falling frequencies, [length, size]."""
    frequency = 10_000.0 ** -(torch.arange((size + 1) // 2) * 2 / size)
    angle = torch.arange(length).unsqueeze(1) * frequency
    return torch.cat([angle.sin(), angle.cos()], -1)[:, :size]
