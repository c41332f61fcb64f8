"""A user's `nn.Module` as a policy."""

from typing import Any

import torch
from torch import Tensor, nn

from metta.io.action_head import mask_logits
from metta.policy.architecture import PolicyArchitecture
from metta.policy.policy import Policy, PolicyOutput
from mettagrid.spec import GameSpec


class OwnModulePolicy(Policy):
    """Adds what every policy needs to a module: masks, memory that the caller keeps, single steps.

    Raises:
        ValueError: one line, if the module does not return what it should.
    """

    def __init__(self, spec: GameSpec, config: PolicyArchitecture, module: nn.Module) -> None:
        super().__init__(spec, config)
        self.module = module
        self.remembers = hasattr(module, "memory_size")
        self.memory_size = int(getattr(module, "memory_size", 0))
        self.title = str(getattr(config, "name", type(module).__name__))
        self._try_out()

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Return empty memory, zeros [num_rows, memory_size]."""
        return torch.zeros(num_rows, self.memory_size, device=device)

    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        """See `Policy.forward`."""
        if observations.dim() == 3:
            logits, values, state = self._run(observations[None], state, resets[None])
            return PolicyOutput(mask_logits(logits[0].float(), action_mask), values[0].float(), state)
        logits, values, state = self._run(observations, state, resets)
        return PolicyOutput(mask_logits(logits.float(), action_mask), values.float(), state)

    def _run(self, tokens: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        if self.remembers:
            return self.module(tokens, memory, resets)
        logits, values = self.module(tokens.flatten(0, 1))
        return logits.unflatten(0, tokens.shape[:2]), values.unflatten(0, tokens.shape[:2]), memory

    def _try_out(self) -> None:
        """Show the module two steps of three rows and look at the shapes of what comes back."""
        steps, rows = 2, 3
        tokens = torch.full((steps, rows, self.spec.num_tokens, 3), 255, dtype=torch.uint8)
        wanted = 3 if self.remembers else 2
        sizes = [(len(self.spec.action_names),), ()]
        lead = (steps, rows) if self.remembers else (steps * rows,)
        shapes = [("logits", (*lead, *sizes[0])), ("values", lead), ("memory", (rows, self.memory_size))]
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            if self.remembers:
                result: Any = self.module(
                    tokens, self.initial_state(rows), torch.ones(steps, rows, dtype=torch.bool)
                )
            else:
                result = self.module(tokens.flatten(0, 1))
        if not isinstance(result, tuple) or len(result) != wanted:
            raise ValueError(
                f"{self.title}: forward should return {wanted} tensors: {_listed(shapes[:wanted])}"
            )
        for (name, shape), tensor in zip(shapes, result, strict=False):
            if tuple(tensor.shape) != shape:
                raise ValueError(f"{self.title}: {name} should be {shape} and are {tuple(tensor.shape)}")


def _listed(shapes: list[tuple[str, tuple[int, ...]]]) -> str:
    return ", ".join(f"{name} {shape}" for name, shape in shapes)
