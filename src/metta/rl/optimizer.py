"""Building the optimizer, clipping its gradients, annealing its learning rate."""

import torch
from torch import Tensor, nn

from metta.rl.config import OptimizerConfig


def build_optimizer(config: OptimizerConfig, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    """Return Adam over the parameters. Fused: one pass over memory instead of a dozen."""
    return torch.optim.Adam(
        parameters,
        lr=config.learning_rate,
        betas=(config.beta1, config.beta2),
        eps=config.eps,
        weight_decay=config.weight_decay,
        fused=True,
    )


def learning_rate(config: OptimizerConfig, num_agent_steps: int, total_timesteps: int) -> float:
    """Return the learning rate of the epoch that begins after `num_agent_steps`."""
    if not config.anneal_lr:
        return config.learning_rate
    return config.learning_rate * max(0.0, 1.0 - num_agent_steps / total_timesteps)


def set_learning_rate(optimizer: torch.optim.Optimizer, value: float) -> None:
    """Give every parameter group this learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = value


def clip_gradients(parameters: list[nn.Parameter], max_norm: float) -> Tensor:
    """Shorten the whole gradient to at most `max_norm`, without waiting for the device.

    Args:
        parameters: all with a gradient.
        max_norm: Euclidean length over all of them.

    Returns:
        float32 [len(parameters)]: the norm of each one's gradient before.
    """
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    norms = torch.stack([torch.linalg.vector_norm(gradient) for gradient in gradients])
    scale = (max_norm / (torch.linalg.vector_norm(norms) + 1e-6)).clamp(max=1.0)
    for gradient in gradients:
        gradient.mul_(scale)
    return norms
