"""Shortest ways over many small grids at once."""

import torch
from torch import Tensor

FAR = 1e6
"""Cost of what cannot be reached."""


def neighbours(values: Tensor, outside: float = FAR) -> Tensor:
    """Return the values north, east, south and west of each cell, [4, B, H, W]."""
    padded = torch.nn.functional.pad(values, (1, 1, 1, 1), value=outside)
    return torch.stack([padded[:, :-2, 1:-1], padded[:, 1:-1, 2:], padded[:, 2:, 1:-1], padded[:, 1:-1, :-2]])


def costs_to_goal(goals: Tensor, enter: Tensor, blocked: Tensor, num_rounds: int) -> Tensor:
    """Return the cost of the cheapest way from each cell to a goal.

    Args:
        goals: float32 [B, H, W], cost of being done when there, `FAR` where there is no goal.
        enter: float32 [B, H, W], cost of stepping onto a cell, `FAR` if that is impossible.
        blocked: bool [B, H, W], cells that no way leads through; they may still be goals.
        num_rounds: longest way, in steps.

    Returns:
        float32 [B, H, W].
    """
    costs = goals
    for _ in range(num_rounds):
        costs = torch.where(blocked, goals, torch.minimum(goals, neighbours(costs + enter).amin(0)))
    return costs.clamp(max=FAR)


def beside(values: Tensor) -> Tensor:
    """Return the values north, east, south and west of the middle cell, [..., 4] of [..., H, W]."""
    row, column = values.shape[-2] // 2, values.shape[-1] // 2
    north, south = values[..., row - 1, column], values[..., row + 1, column]
    return torch.stack([north, values[..., row, column + 1], south, values[..., row, column - 1]], dim=-1)


def spread(places: Tensor, radius: int) -> Tensor:
    """Return 1 beside each place (at it, for radius 0), falling evenly to 0 beyond the radius, [B, H, W].

    Args:
        places: bool [B, H, W].
        radius: steps from the place within which something is left.
    """
    level = places.float() * (radius + 1)
    for _ in range(radius):
        level = torch.maximum(level, neighbours(level, outside=0.0).amax(0) - 1)
    return level / max(radius, 1)
