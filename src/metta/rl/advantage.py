"""Advantages: how much better an action turned out than the policy's value had promised. Pure functions."""

import torch
from torch import Tensor


def successor_values(values: Tensor, final_values: Tensor, next_values: Tensor, truncated: Tensor) -> Tensor:
    """Return the value of the true successor of every step.

    Inside an episode that is the value of the next step; where the episode was cut it is the value of its
    last
    observation (the next step already belongs to another episode); after the last step it is `next_values`.

    Args:
        values: float32 [T, N], V(s_t).
        final_values: float32 [T, N], value of the last observation where `truncated`.
        next_values: float32 [N], value of what each row sees after the last step.
        truncated: bool [T, N].

    Returns:
        float32 [T, N].
    """
    following = torch.cat([values[1:], next_values.unsqueeze(0)])
    return torch.where(truncated, final_values, following)


def compute_advantages(
    rewards: Tensor,
    values: Tensor,
    successors: Tensor,
    terminated: Tensor,
    truncated: Tensor,
    ratios: Tensor,
    gamma: float,
    gae_lambda: float,
) -> Tensor:
    """Return V-trace advantages with GAE's lambda; with all ratios 1 they are GAE.

    With rho_t = min(ratio_t, 1), running backwards through each column:

        delta_t = rho_t * (r_t + gamma * (1 - terminated_t) * V(s_{t+1}) - V(s_t))
        A_t     = delta_t + gamma * lambda * rho_t * (1 - terminated_t or truncated_t) * A_{t+1}

    GAE: Schulman et al. 2016, https://arxiv.org/abs/1506.02438. V-trace with both clips at 1: Espeholt et al.
        2018,
    https://arxiv.org/abs/1802.01561. Every position counts, the last one too: its successor's value is given.

    Args:
        rewards: float32 [T, N], r_t, what the action of step t brought.
        values: float32 [T, N], V(s_t).
        successors: float32 [T, N], V(s_{t+1}) from `successor_values`.
        terminated: bool [T, N], nothing follows step t.
        truncated: bool [T, N], the episode was cut after step t.
        ratios: float32 [T, N], probability of the action under the present policy over that when it was
            taken.
        gamma: discount per step, 0..1.
        gae_lambda: 0 trusts the values, 1 the rewards.

    Returns:
        float32 [T, N].
    """
    rho = ratios.clamp(max=1.0)
    going_on = (~terminated).float()
    deltas = rho * (rewards + gamma * going_on * successors - values)
    decay = gamma * gae_lambda * rho * (~(terminated | truncated)).float()
    advantages = torch.empty_like(deltas)
    following = torch.zeros_like(deltas[0])
    for step in range(len(deltas) - 1, -1, -1):
        following = torch.addcmul(deltas[step], decay[step], following, out=advantages[step])
    return advantages


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """Return the mean of the values where the mask holds, a scalar; 0 if it holds nowhere."""
    weights = mask.to(values.dtype)
    return (values * weights).sum() / weights.sum().clamp(min=1.0)


def normalize(advantages: Tensor, mask: Tensor) -> Tensor:
    """Shift and scale to mean 0 and standard deviation 1 where the mask holds; 0 elsewhere."""
    centred = advantages - masked_mean(advantages, mask)
    deviation = masked_mean(centred.square(), mask).sqrt()
    return centred / (deviation + 1e-8) * mask


def explained_variance(values: Tensor, returns: Tensor, mask: Tensor) -> Tensor:
    """Return 1 - Var(return - value) / Var(return) where the mask holds: 1 = perfect, 0 = a constant."""
    error = returns - values
    error_variance = masked_mean((error - masked_mean(error, mask)).square(), mask)
    return_variance = masked_mean((returns - masked_mean(returns, mask)).square(), mask)
    return 1.0 - error_variance / return_variance.clamp(min=1e-8)
