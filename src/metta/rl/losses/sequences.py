"""Looking along training rows without leaving an episode. Pure functions over [H, B, ..]."""

import torch
from torch import Tensor


def same_episode(resets: Tensor, alive: Tensor, num_steps: int) -> Tensor:
    """Return where step t + k belongs to the same life as step t.

    That is: the agent is alive at both, and nothing in t+1 .. t+k resets its memory (a new episode, a new agent in
    the slot).

    Args:
        resets: bool [H, B].
        alive: bool [H, B].
        num_steps: k, 0 .. H - 1.

    Returns:
        bool [H - k, B].
    """
    begun = resets.int().cumsum(dim=0)  # how often the row has begun anew up to and with each step
    last = len(resets) - num_steps
    return (begun[:last] == begun[num_steps:]) & alive[:last] & alive[num_steps:]


def steps_ahead(values: Tensor, num_steps: int) -> Tensor:
    """Return values[t + k] at t: [H, B, ..] -> [H - k, B, ..]."""
    return values[num_steps:]


def one_hot(actions: Tensor, num_actions: int) -> Tensor:
    """Return float32 [H, B, num_actions] with a 1 at each action."""
    return (actions.unsqueeze(-1) == torch.arange(num_actions, device=actions.device)).float()
