"""The network of all architectures that are put together from an encoder and a core."""

import torch
from torch import Tensor

from metta.io.action_head import ActionHead
from metta.io.full_precision import in_full_precision
from metta.io.spec import action_spec, observation_spec
from metta.policy.architectures.agent import AgentFields
from metta.policy.cores.core import Core
from metta.policy.networks.layers import orthogonal_linear
from metta.policy.networks.token_attention import TokenAttention
from metta.policy.policy import ATTENTION, Policy, PolicyOutput
from mettagrid.spec import GameSpec


class AgentPolicy(Policy):
    """Encoder -> core, with a way around it -> linear -> action and value heads."""

    def __init__(self, spec: GameSpec, config: AgentFields) -> None:
        super().__init__(spec, config)
        self.encoder = config.encoder.build(observation_spec(spec).tokens, config.hidden)
        self.core: Core = config.core.build(config.hidden)
        self.mixer = orthogonal_linear(config.hidden, config.hidden)
        self.action_head = ActionHead(action_spec(spec).action, config.hidden)
        self.value_head = orthogonal_linear(config.hidden, 1, gain=1.0)

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Return empty memory, zeros [num_rows, memory_size]."""
        return torch.zeros(num_rows, self.core.memory_size, device=device)

    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        """See `Policy.forward`."""
        if observations.dim() == 3:
            output = self._sequence(observations[None], action_mask[None], state, resets[None])
            return PolicyOutput(
                output.logits[0],
                output.value[0],
                output.state,
                {name: extra[0] for name, extra in output.extras.items()},
            )
        return self._sequence(observations, action_mask, state, resets)

    def show_attention(self) -> bool:
        """See `Policy.show_attention`."""
        if not isinstance(self.encoder, TokenAttention):
            return False
        self.encoder.keeps_attention = True
        return True

    def _sequence(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        shape = observations.shape[:2]
        features = self.encoder(observations.flatten(0, 1)).unflatten(0, shape)
        remembered, memory = self.core(features, state, resets)
        mixed = self.mixer(features + remembered).relu()
        return PolicyOutput(
            logits=self.action_head(mixed, action_mask),
            value=in_full_precision(self.value_head, mixed).squeeze(-1),
            state=memory,
            extras={"features": mixed, "encoded": features} | self._attention(shape),
        )

    def _attention(self, shape: torch.Size) -> dict[str, Tensor]:
        if not isinstance(self.encoder, TokenAttention) or self.encoder.attention is None:
            return {}
        return {ATTENTION: self.encoder.attention.unflatten(0, shape)}
