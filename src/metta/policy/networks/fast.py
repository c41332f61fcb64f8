"""The network of the `fast` architecture."""

import torch
from torch import Tensor

from metta.io.action_head import ActionHead
from metta.io.full_precision import in_full_precision
from metta.io.spec import action_spec, observation_spec
from metta.io.token_planes import TokenPlanes
from metta.policy.architectures.fast import FastConfig
from metta.policy.cores.mingru import MinGRU
from metta.policy.networks.layers import PatchLinear, orthogonal_linear
from metta.policy.policy import Policy, PolicyOutput
from mettagrid.spec import GameSpec


class FastPolicy(Policy):
    """Planes -> convolution -> linear -> memory, with a way around it -> linear -> action and value heads."""

    def __init__(self, spec: GameSpec, config: FastConfig) -> None:
        super().__init__(spec, config)
        self.planes = TokenPlanes(
            observation_spec(spec).tokens, config.channels, config.kernel_size, config.stride
        )
        self.encoder = PatchLinear(self.planes, config.hidden)
        self.core = MinGRU(config.hidden, config.longest_memory)
        self.mixer = orthogonal_linear(config.hidden, config.hidden)
        self.action_head = ActionHead(action_spec(spec).action, config.hidden)
        self.value_head = orthogonal_linear(config.hidden, 1, gain=1.0)

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Return empty memory, zeros [num_rows, hidden]."""
        return torch.zeros(num_rows, self.core.size, device=device)

    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        """See `Policy.forward`."""
        if observations.dim() == 3:
            output = self._sequence(observations[None], action_mask[None], state, resets[None])
            extras = {name: value[0] for name, value in output.extras.items()}
            return PolicyOutput(output.logits[0], output.value[0], output.state, extras)
        return self._sequence(observations, action_mask, state, resets)

    def _sequence(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        seen = self.planes(observations.flatten(0, 1)).relu()  # [T*B, patches, channels]
        features = self.encoder(seen.flatten(1)).relu().unflatten(0, observations.shape[:2])  # [T, B, hidden]
        memory, state = self.core(features, state, resets)
        mixed = self.mixer(features + memory).relu()
        return PolicyOutput(
            logits=self.action_head(mixed, action_mask),
            value=in_full_precision(self.value_head, mixed).squeeze(-1),
            state=state,
            extras={"features": mixed},
        )
