"""`mock://random` chooses evenly among the allowed actions."""

import torch
from torch import Tensor

from metta.io.action_head import mask_logits
from metta.policy.policy import Policy, PolicyOutput
from mettagrid.spec import GameSpec

NAME = "random"


class RandomPolicy(Policy):
    """Gives every allowed action the same probability; whoever samples from the logits draws the action."""

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Return no memory, [num_rows, 0]."""
        return torch.zeros(num_rows, 0, device=device)

    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        """See `Policy.forward`."""
        logits = mask_logits(torch.zeros(action_mask.shape, device=observations.device), action_mask)
        return PolicyOutput(logits, torch.zeros(resets.shape, device=observations.device), state)


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for a game."""
    return RandomPolicy(spec)
