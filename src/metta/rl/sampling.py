"""Which training rows are learned from more often: those whose advantages are large."""

import torch
from torch import Tensor


def row_priorities(advantages: Tensor, num_segments: int) -> Tensor:
    """Return the sum of |A| of each training row.

    Args:
        advantages: float32 [T, N].
        num_segments: training rows per column.

    Returns:
        float32 [num_segments * N], in the order of row numbers.
    """
    return advantages.abs().unflatten(0, (num_segments, -1)).sum(dim=1).flatten()


def draw_rows(
    priorities: Tensor, alpha: float, beta: float, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Draw as many rows as there are, with replacement, P(i) proportional to priority_i^alpha.

    Prioritised experience replay: Schaul et al. 2016, https://arxiv.org/abs/1511.05952.

    Args:
        priorities: float32 [R].
        alpha: 0 = evenly, 1 = in proportion.
        beta: 0 = no correction; 1 = the gradient's expectation is that of drawing evenly.
        generator: on the CPU.

    Returns:
        Row numbers int64 [R] and their corrections (R P(i))^-beta, float32 [R], on the device of the priorities.
    """
    weights = (priorities + 1e-8) ** alpha  # every row has a chance
    chances = weights / weights.sum()
    rows = torch.multinomial(chances.cpu(), len(chances), replacement=True, generator=generator)
    rows = rows.to(priorities.device)
    return rows, (len(chances) * chances[rows]) ** -beta
