"""The tensors of one step of all rows, or of many steps: allocated once, filled in place."""

from dataclasses import dataclass, fields

import torch
from torch import Tensor

from mettagrid.spec import GameSpec


@dataclass(frozen=True)
class StepBuffer:
    """Everything that a step shows, chooses and brings; leading dimensions are [N] (one step) or [T, N].

    The buffer's owner allocates it; `Rollout` writes it.
    """

    observations: Tensor
    """uint8 [.., num_tokens, 3]: what each row saw before it acted."""
    action_mask: Tensor
    """bool [.., num_actions]: what each row was allowed to do."""
    resets: Tensor
    """bool [..]: an episode starts at this step, memory is cleared before it."""
    alive: Tensor
    """bool [..]: the row's agent acts; rows of agents that are gone carry no learning signal."""
    actions: Tensor
    """int64 [..]: what was chosen."""
    log_probs: Tensor
    """float32 [..]: log-probability of the chosen action."""
    values: Tensor
    """float32 [..]: the policy's value of the observation."""
    rewards: Tensor
    """float32 [..]: what the step brought."""
    terminated: Tensor
    """bool [..]: the row's life ended in this step; nothing follows."""
    truncated: Tensor
    """bool [..]: the episode was cut in this step; `final_values` stands for what would follow."""
    final_values: Tensor
    """float32 [..]: that value where `truncated`, else 0."""

    @staticmethod
    def allocate(spec: GameSpec, shape: tuple[int, ...], device: torch.device) -> "StepBuffer":
        """Allocate zeros for rows of a game.

        Args:
            spec: gives the numbers of tokens and actions.
            shape: leading dimensions, (N,) or (T, N).
            device: where the tensors live.
        """

        def zeros(dtype: torch.dtype, *tail: int) -> Tensor:
            return torch.zeros(*shape, *tail, dtype=dtype, device=device)

        return StepBuffer(
            observations=zeros(torch.uint8, spec.num_tokens, 3),
            action_mask=zeros(torch.bool, len(spec.action_names)),
            resets=zeros(torch.bool),
            alive=zeros(torch.bool),
            actions=zeros(torch.int64),
            log_probs=zeros(torch.float32),
            values=zeros(torch.float32),
            rewards=zeros(torch.float32),
            terminated=zeros(torch.bool),
            truncated=zeros(torch.bool),
            final_values=zeros(torch.float32),
        )

    def at(self, step: int) -> "StepBuffer":
        """Return views of one step of a [T, N] buffer."""
        return StepBuffer(**{field.name: getattr(self, field.name)[step] for field in fields(self)})
