"""What several processes that train together agree on: numbers, gradients, weights, decisions.

Every function here is called by all ranks in the same order, or by none; a rank that goes its own way leaves the others
waiting. Nothing here waits for a GPU unless it says so.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from metta.common.errors import MachineError


class LostRanksError(MachineError):
    """Another process of the run is gone, or hangs."""


def num_ranks() -> int:
    """Return how many processes train together, 1 for one alone."""
    return torch.distributed.get_world_size() if _is_together() else 1


def own_rank() -> int:
    """Return this process's number, 0 for one alone."""
    return torch.distributed.get_rank() if _is_together() else 0


def is_first_rank() -> bool:
    """Return whether this process writes the run's folder and speaks to the user."""
    return own_rank() == 0


def mean_over_ranks(values: Tensor) -> Tensor:
    """Return the mean over all ranks, the same numbers on each; of one process alone, the values themselves.

    What decides how long to train must come through here: a rank that stops alone leaves the others waiting.
    """
    if num_ranks() == 1:
        return values
    total = values.clone()
    with lost_ranks_told():
        torch.distributed.all_reduce(total)
    return total / num_ranks()


def largest_over_ranks(number: int) -> int:
    """Return the largest number of any rank. Waits for all of them."""
    if num_ranks() == 1:
        return number
    shared = torch.tensor(number)
    with lost_ranks_told():
        torch.distributed.all_reduce(shared, torch.distributed.ReduceOp.MAX)
    return int(shared.item())


def any_over_ranks(claim: bool) -> bool:
    """Return whether the claim holds on any rank. Waits for all of them."""
    return largest_over_ranks(claim) > 0


def first_says(claim: bool) -> bool:
    """Return whether the claim holds on the first rank: for what depends on its clock or its disk."""
    return any_over_ranks(claim and is_first_rank())


def average_gradients(parameters: Iterable[nn.Parameter]) -> None:
    """Replace each gradient by its mean over ranks: one message for all of them.

    Args:
        parameters: the same on all ranks, with gradients for the same of them.
    """
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    if num_ranks() == 1 or not gradients:
        return
    together = mean_over_ranks(torch.cat([gradient.flatten() for gradient in gradients]))
    for gradient, mean in zip(gradients, _cut(together, gradients), strict=True):
        gradient.copy_(mean)


def copy_from_first(tensors: Iterable[Tensor]) -> None:
    """Give every rank the first one's numbers: one message for each type of number."""
    if num_ranks() == 1:
        return
    by_type: dict[torch.dtype, list[Tensor]] = {}
    for tensor in tensors:
        by_type.setdefault(tensor.dtype, []).append(tensor)
    with torch.no_grad(), lost_ranks_told():
        for same in by_type.values():
            together = torch.cat([tensor.flatten() for tensor in same])
            torch.distributed.broadcast(together, src=0)
            for tensor, value in zip(same, _cut(together, same), strict=True):
                tensor.copy_(value)


def copy_random_state_from_first() -> None:
    """Give every rank the first one's state of PyTorch's random numbers on the CPU."""
    if num_ranks() > 1:
        state = torch.get_rng_state()
        copy_from_first([state])
        torch.set_rng_state(state)


@contextmanager
def lost_ranks_told() -> Iterator[None]:
    """Tell in one line that another rank is gone, whatever the network says about it.

    Raises:
        LostRanksError: instead of what PyTorch raises.
    """
    try:
        yield
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:160]
        raise LostRanksError(
            f"rank {own_rank()} of {num_ranks()} has lost the others: one has ended or hangs ({reason}); "
            "the same command goes on from what was saved last"
        ) from error


def _cut(together: Tensor, like: list[Tensor]) -> list[Tensor]:
    """Cut one long tensor into parts of the given shapes."""
    parts = together.split([tensor.numel() for tensor in like])
    return [part.view(tensor.shape) for part, tensor in zip(parts, like, strict=True)]


def _is_together() -> bool:
    return torch.distributed.is_available() and torch.distributed.is_initialized()
