"""`mock://noop` does nothing, forever."""

import torch
from torch import Tensor

from metta.io.action_head import FORBIDDEN
from metta.policy.policy import Policy, PolicyOutput
from mettagrid.spec import GameSpec

NAME = "noop"


class NoopPolicy(Policy):
    """Chooses action 0, which every game allows at all times."""

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Return no memory, [num_rows, 0]."""
        return torch.zeros(num_rows, 0, device=device)

    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        """See `Policy.forward`."""
        logits = torch.full(action_mask.shape, FORBIDDEN, device=observations.device)
        logits[..., 0] = 0.0
        return PolicyOutput(logits, torch.zeros(resets.shape, device=observations.device), state)


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for a game."""
    return NoopPolicy(spec)
