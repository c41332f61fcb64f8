"""Which training rows are learned from more often: those whose advantages are large; and which of them are a rank's."""

from collections.abc import Sequence

import torch
from torch import Tensor

from metta.rollout.share import WorldShare

RowsAndWeights = tuple[Tensor, Tensor | None]
"""Numbers of training rows [B], and weights [B] if some rows come more often than others."""


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


def own_parts(
    parts: Sequence[RowsAndWeights], share: WorldShare, num_columns: int, device: torch.device
) -> list[RowsAndWeights]:
    """Keep of each minibatch the training rows of a process's own worlds.

    So all ranks together learn from the very minibatches of one process that plays all worlds; a rank's part of one may
    be smaller or larger, or empty.

    Args:
        parts: row numbers among those of all worlds, segment * all columns + column, in the order of the worlds.
        share: which worlds are the process's own.
        num_columns: rows of its batch of worlds.
        device: where the results go.

    Returns:
        Numbers among its own training rows, segment * num_columns + column, with their weights.
    """
    all_columns = num_columns // share.num_worlds * share.total
    first = num_columns // share.num_worlds * share.first
    kept: list[RowsAndWeights] = []
    for rows, weights in parts:
        column = rows % all_columns - first
        is_own = (column >= 0) & (column < num_columns)
        own = (rows // all_columns * num_columns + column)[is_own]
        kept.append((own.to(device), None if weights is None else weights[is_own].to(device)))
    return kept
