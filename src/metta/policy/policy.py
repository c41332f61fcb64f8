"""The contract of everything that acts: networks, scripted policies and loaded checkpoints."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from metta.policy.architecture import PolicyArchitecture
from mettagrid.spec import GameSpec

ATTENTION = "attention"
"""Name in `PolicyOutput.extras` of how much each token of the observation was attended to: float32 [B, num_tokens] or
[T, B, num_tokens], 0 or more, at most 1 in all; the rest went to nothing. Only after `Policy.show_attention`."""


@dataclass(frozen=True)
class PolicyOutput:
    """What a policy makes of one step, or of a sequence of T steps.

    Attributes:
        logits: float32 [B, num_actions] or [T, B, num_actions]; forbidden actions at -1e9.
        value: float32 [B] or [T, B], expected discounted return.
        state: float32 [B, S], memory after the last step.
        extras: further outputs by name, for losses that want them, and `ATTENTION` for people who watch.
    """

    logits: Tensor
    value: Tensor
    state: Tensor
    extras: dict[str, Tensor] = field(default_factory=dict)


class Policy(nn.Module, ABC):
    """Maps observations and memory to action preferences, a value and the next memory.

    Subclasses are final. All memory is one flat tensor [B, S] that the caller keeps; S may be 0.

    Args:
        spec: the game whose feature ids and action ids this policy speaks.
        architecture: the config that built it, kept in checkpoints; None = cannot be saved (scripted
            policies).
    """

    def __init__(self, spec: GameSpec, architecture: PolicyArchitecture | None = None) -> None:
        super().__init__()
        self.spec = spec
        self.architecture = architecture

    @abstractmethod
    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Return the memory of `num_rows` rows before their first step, float32 [num_rows, S]."""

    @abstractmethod
    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        """Look at one step, or at a sequence of steps; both give the same results.

        Args:
            observations: uint8 [B, num_tokens, 3] or [T, B, num_tokens, 3].
            action_mask: bool [B, num_actions] or [T, B, num_actions], True = allowed.
            state: float32 [B, S], memory before the first step.
            resets: bool [B] or [T, B]; True = an episode starts at this step, memory is cleared before it.
        """

    def show_attention(self) -> bool:
        """Put `ATTENTION` into the outputs from now on; returns False if this policy attends to no tokens."""
        return False

    def has_weights(self) -> bool:
        """Return whether there is anything to train or to save."""
        return next(self.parameters(), None) is not None
