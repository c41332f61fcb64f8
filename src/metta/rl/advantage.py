"""Advantages: how much better an action turned out than the policy's value had promised. Pure functions."""

import torch
from pydantic import Field
from torch import Tensor

from metta.rl.ranks import mean_over_ranks, num_ranks
from mettagrid.config.base import Config


class AdvantageConfig(Config):
    """How rewards and values become advantages and returns; all losses are fed with the same ones."""

    gamma: float = Field(
        default=0.99,
        ge=0.0,
        le=1.0,
        description="Discount per step. 0.99 sees about 100 steps ahead: a way across an arena.",
    )
    gae_lambda: float = Field(
        default=0.95,
        ge=0.0,
        le=1.0,
        description="0 trusts the values, 1 the rewards. 0.95 is the paper's and worked here.",
    )
    rho_clip: float = Field(
        default=1.0, gt=0.0, description="V-trace: most that a step counts for whom the policy would do it"
    )
    c_clip: float = Field(
        default=1.0, gt=0.0, description="V-trace: most that what follows counts for the steps before"
    )
    normalize: bool = Field(
        default=True,
        description="Bring advantages to mean 0 and deviation 1: one learning rate fits every reward scale.",
    )
    center_rewards: float | None = Field(
        default=None,
        gt=0.0,
        le=1.0,
        description="Subtract a running mean that takes this share of each epoch's; none = rewards as they are.",
    )


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
    config: AdvantageConfig,
) -> Tensor:
    """Return V-trace advantages with GAE's lambda; with all ratios 1 they are GAE.

    With rho_t = min(ratio_t, rho_clip) and c_t = min(ratio_t, c_clip), running backwards through each column:

        delta_t = rho_t * (r_t + gamma * (1 - terminated_t) * V(s_{t+1}) - V(s_t))
        A_t     = delta_t + gamma * lambda * c_t * (1 - terminated_t or truncated_t) * A_{t+1}

    GAE: Schulman et al. 2016, https://arxiv.org/abs/1506.02438. V-trace: Espeholt et al. 2018,
    https://arxiv.org/abs/1802.01561. Every position counts, the last one too: its successor's value is given.

    Args:
        rewards: float32 [T, N], r_t, what the action of step t brought.
        values: float32 [T, N], V(s_t).
        successors: float32 [T, N], V(s_{t+1}) from `successor_values`.
        terminated: bool [T, N], nothing follows step t.
        truncated: bool [T, N], the episode was cut after step t.
        ratios: float32 [T, N], probability of the action under the present policy over that when it was
            taken.
        config: discount, lambda, clips.

    Returns:
        float32 [T, N].
    """
    rho, trace = ratios.clamp(max=config.rho_clip), ratios.clamp(max=config.c_clip)
    going_on = (~terminated).float()
    deltas = rho * (rewards + config.gamma * going_on * successors - values)
    decay = config.gamma * config.gae_lambda * trace * (~(terminated | truncated)).float()
    advantages = torch.empty_like(deltas)
    following = torch.zeros_like(deltas[0])
    for step in range(len(deltas) - 1, -1, -1):
        following = torch.addcmul(deltas[step], decay[step], following, out=advantages[step])
    return advantages


def center_rewards(rewards: Tensor, alive: Tensor, centre: Tensor, rate: float) -> tuple[Tensor, Tensor]:
    """Return rewards minus their running mean, and that mean moved towards this epoch's.

    Reward centring (Naik et al. 2024, https://arxiv.org/abs/2405.09999): values need not carry the part that is
    the same everywhere, which grows as 1 / (1 - gamma).

    Args:
        rewards: float32 [T, N].
        alive: bool [T, N].
        centre: float32 scalar, NaN before the first epoch.
        rate: share of this epoch's mean.
    """
    present = mean_of_all(rewards, alive)
    centre = torch.where(centre.isnan(), present, (1.0 - rate) * centre + rate * present)
    return rewards - centre * alive, centre


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """Return the mean of the values where the mask holds, a scalar; 0 if it holds nowhere.

    Where several processes train together, each has a part of the values: their sum is divided by the *mean* number of
    values of a rank, so that the mean of the results over ranks is the mean over all values; likewise its gradient.
    """
    weights = mask.to(values.dtype)
    count = mean_over_ranks(weights.sum())
    return (values * weights).sum() / count.clamp(min=1.0 / num_ranks())


def mean_of_all(values: Tensor, mask: Tensor) -> Tensor:
    """Return the mean of the values of all ranks where the mask holds, without gradient to the other ranks."""
    return mean_over_ranks(masked_mean(values, mask))


def normalize(advantages: Tensor, mask: Tensor) -> Tensor:
    """Shift and scale to mean 0 and standard deviation 1 where the mask holds; 0 elsewhere."""
    centred = advantages - mean_of_all(advantages, mask)
    deviation = mean_of_all(centred.square(), mask).sqrt()
    return centred / (deviation + 1e-8) * mask


def explained_variance(values: Tensor, returns: Tensor, mask: Tensor) -> Tensor:
    """Return 1 - Var(return - value) / Var(return) where the mask holds: 1 = perfect, 0 = a constant."""
    error = returns - values
    error_variance = mean_of_all((error - mean_of_all(error, mask)).square(), mask)
    return_variance = mean_of_all((returns - mean_of_all(returns, mask)).square(), mask)
    return 1.0 - error_variance / return_variance.clamp(min=1e-8)
