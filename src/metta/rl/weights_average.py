"""Weights that follow other weights slowly."""

from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


def follow(average: nn.Module, module: nn.Module, decay: float) -> None:
    """Move the average: a <- decay a + (1 - decay) w for each parameter; buffers are copied.

    Args:
        average: a copy of the module.
        module: whose weights are followed.
        decay: 0..1; about 1 / (1 - decay) calls lie in the average.
    """
    get_ema_multi_avg_fn(decay)(list(average.parameters()), list(module.parameters()), 0)
    for mine, theirs in zip(average.buffers(), module.buffers(), strict=True):
        mine.copy_(theirs)
