"""What several processes that train together agree on."""

import torch
from torch import Tensor


def mean_over_ranks(values: Tensor) -> Tensor:
    """Return the mean over all ranks of `torch.distributed`; of one process alone, the values themselves.

    What decides how long to train must come through here: a rank that stops alone leaves the others waiting.
    """
    distributed = torch.distributed
    if not (distributed.is_available() and distributed.is_initialized()):
        return values
    total = values.clone()
    distributed.all_reduce(total)
    return total / distributed.get_world_size()
