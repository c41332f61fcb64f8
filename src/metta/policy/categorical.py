"""Choosing among masked alternatives: pure functions of logits [..., num_actions], forbidden ones at -1e9."""

from torch import Tensor


def sample(logits: Tensor, uniform: Tensor) -> Tensor:
    """Draw an action per row from softmax(logits) by inverting its distribution function; nothing waits for the device.

    The first action at which the sum of the probabilities exceeds `uniform` times their whole sum: one number per row,
    and an action of probability 0 is never chosen.

    Args:
        logits: float [..., num_actions].
        uniform: float32 [...], drawn evenly from [0, 1).

    Returns:
        int64 [...].
    """
    sums = logits.float().softmax(dim=-1).cumsum(dim=-1)
    return (sums <= uniform.unsqueeze(-1) * sums[..., -1:]).sum(dim=-1)


def log_prob(logits: Tensor, actions: Tensor) -> Tensor:
    """Return log softmax(logits)[action], float32 [...], for int64 actions [...]."""
    return logits.float().log_softmax(dim=-1).gather(-1, actions.unsqueeze(-1)).squeeze(-1)


def entropy(logits: Tensor) -> Tensor:
    """Return -sum p log p in nats, float32 [...]; forbidden actions contribute 0, also to the gradient."""
    logits = logits.float()  # softmax, as exp() of the logarithms takes ten times as long where they are -1e9
    return -(logits.softmax(dim=-1) * logits.log_softmax(dim=-1)).sum(dim=-1)
