"""How much of each earlier step is left at each later one: what cores with matrix memories share."""

import torch
from torch import Tensor

CHUNK = 64
"""Steps that are handled at once; the matrices of a chunk grow with its square."""


def log_decays(log_keep: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
    """Return what is left between any two steps of a chunk, as logarithms.

    Args:
        log_keep: float32 [T, B, H], logarithm of what each step keeps of the past.
        resets: bool [T, B].

    Returns:
        between: [B, H, T, T], of step s (last axis) at step t; -inf for s > t and across resets.
        from_memory: [B, H, T], of the memory before the first step; -inf from the first reset on.
    """
    episode = torch.cumsum(resets, 0).t()  # [B, T]
    same = (episode.unsqueeze(-1) == episode.unsqueeze(-2)).tril()
    # Sums from the start of each episode, by a product: a running sum of everything would round, and its derivative
    # would leak rounding errors across resets.
    total = (same.to(log_keep.dtype) @ log_keep.transpose(0, 1)).transpose(1, 2)  # [B, H, T]
    between = (total.unsqueeze(-1) - total.unsqueeze(-2)).masked_fill(~same.unsqueeze(1), -torch.inf)
    return between, total.masked_fill(episode.unsqueeze(1) > 0, -torch.inf)
