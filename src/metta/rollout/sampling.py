"""Choosing actions from logits: pure functions of logits and noise."""

import torch
from torch import Tensor

# Exponential noise can be exactly 0 in float32; its logarithm would then beat even a forbidden action's logit.
_SMALLEST_NOISE = 1e-20


def sample_actions(logits: Tensor, generator: torch.Generator) -> Tensor:
    """Draw one action per row from `softmax(logits)`.

    Uses argmax(logits - log(noise)) with exponential noise (the Gumbel-max trick), which needs no normalisation and
    no wait for the device.

    Args:
        logits: float [N, num_actions]; forbidden actions at -1e9 or lower.
        generator: source of the noise, on the device of `logits`.

    Returns:
        int64 [N].
    """
    noise = torch.empty_like(logits, dtype=torch.float32).exponential_(generator=generator)
    return (logits.float() - noise.clamp_(min=_SMALLEST_NOISE).log_()).argmax(dim=-1)


def action_log_probs(logits: Tensor, actions: Tensor) -> Tensor:
    """Return the log-probability of each row's action.

    Args:
        logits: float [..., num_actions].
        actions: int64 [...].

    Returns:
        float32 [...].
    """
    return logits.float().log_softmax(dim=-1).gather(-1, actions.unsqueeze(-1)).squeeze(-1)
