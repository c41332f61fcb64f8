"""Choosing among masked alternatives: pure functions of logits [..., num_actions], forbidden ones at -1e9."""

import torch
from torch import Tensor

# Exponential noise can be exactly 0 in float32; its logarithm would then beat even a forbidden logit.
_SMALLEST_NOISE = 1e-20


def noise_like(logits: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Draw what `sample` takes: exponential noise, float32 of the shape of the logits."""
    return torch.empty_like(logits, dtype=torch.float32).exponential_(generator=generator)


def sample(logits: Tensor, generator: torch.Generator | None = None, noise: Tensor | None = None) -> Tensor:
    """Draw an action per row from softmax(logits).

    argmax(logits - log(exponential noise)), the Gumbel-max trick, needs neither normalisation nor a wait for
    the device.

    Args:
        logits: float [..., num_actions].
        generator: source of the noise, on the device of the logits.
        noise: drawn before by `noise_like`, perhaps for more rows; None = draws it.

    Returns:
        int64 [...].
    """
    noise = noise_like(logits, generator) if noise is None else noise
    return (logits.float() - noise.clamp_(min=_SMALLEST_NOISE).log_()).argmax(dim=-1)


def log_prob(logits: Tensor, actions: Tensor) -> Tensor:
    """Return log softmax(logits)[action], float32 [...], for int64 actions [...]."""
    return logits.float().log_softmax(dim=-1).gather(-1, actions.unsqueeze(-1)).squeeze(-1)


def entropy(logits: Tensor) -> Tensor:
    """Return -sum p log p in nats, float32 [...]; forbidden actions contribute 0, also to the gradient."""
    log_probs = logits.float().log_softmax(dim=-1)
    return -(log_probs.exp() * log_probs).sum(dim=-1)
