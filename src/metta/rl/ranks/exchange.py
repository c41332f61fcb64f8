"""What ranks tell each other besides numbers of equal size: bytes, and rows of tensors. Never pickled."""

import torch
from torch import Tensor

from metta.rl.ranks.agreement import lost_ranks_told, num_ranks, own_rank


def all_bytes(own: bytes) -> list[bytes]:
    """Return what every rank has to say, in their order, on every rank. Any lengths."""
    if num_ranks() == 1:
        return [own]
    lengths = _all_equal(torch.tensor([len(own)]))
    longest = max(int(length) for length in lengths)
    padded = torch.zeros(longest, dtype=torch.uint8)
    padded[: len(own)] = _as_tensor(own)
    parts = _all_equal(padded)
    return [part.numpy()[: int(length)].tobytes() for part, length in zip(parts, lengths, strict=True)]


def bytes_at_first(own: bytes) -> list[bytes]:
    """Return what every rank has to say, in their order, on the first rank; nothing on the others. Any lengths."""
    if num_ranks() == 1:
        return [own]
    lengths = [int(length) for length in _all_equal(torch.tensor([len(own)]))]
    with lost_ranks_told():
        if own_rank() > 0:
            torch.distributed.send(_as_tensor(own), dst=0)
            return []
        parts = [own]
        for rank, length in enumerate(lengths[1:], start=1):
            part = torch.empty(length, dtype=torch.uint8)
            torch.distributed.recv(part, src=rank)
            parts.append(part.numpy().tobytes())
    return parts


def bytes_of_first(own: bytes) -> bytes:
    """Return what the first rank has to say, on every rank; what others have to say does not count."""
    if num_ranks() == 1:
        return own
    length = torch.tensor([len(own)])
    with lost_ranks_told():
        torch.distributed.broadcast(length, src=0)
        said = _as_tensor(own) if own_rank() == 0 else torch.empty(int(length), dtype=torch.uint8)
        torch.distributed.broadcast(said, src=0)
    return said.numpy().tobytes()


def all_rows(own: Tensor) -> Tensor:
    """Join the rows of all ranks along the first dimension, in their order, on the CPU of every rank.

    Args:
        own: as many rows on every rank, of one shape and type.
    """
    if num_ranks() == 1:
        return own
    own = own.detach().cpu().contiguous()
    parts = _all_equal(own.view(torch.uint8) if own.dtype == torch.bool else own)
    return torch.cat(parts).view(own.dtype)


def _all_equal(own: Tensor) -> list[Tensor]:
    """Return every rank's tensor, all of one shape."""
    parts = [torch.empty_like(own) for _ in range(num_ranks())]
    with lost_ranks_told():
        torch.distributed.all_gather(parts, own)
    return parts


def _as_tensor(data: bytes) -> Tensor:
    return torch.frombuffer(bytearray(data), dtype=torch.uint8) if data else torch.empty(0, dtype=torch.uint8)
