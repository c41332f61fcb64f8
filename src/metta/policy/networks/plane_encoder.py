"""Tokens -> convolution over planes -> one vector."""

from torch import Tensor, nn

from metta.io.spec import TokenTable
from metta.io.token_planes import TokenPlanes
from metta.policy.configs.encoders import PlanesConfig
from metta.policy.networks.layers import PatchLinear


class PlaneEncoder(nn.Module):
    """A convolution over token planes, then a linear layer over all patches."""

    def __init__(self, table: TokenTable, config: PlanesConfig, size: int) -> None:
        super().__init__()
        self.planes = TokenPlanes(table, config.channels, config.kernel_size, config.stride)
        self.linear = PatchLinear(self.planes, size)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return features, float [B, size], of tokens, uint8 [B, num_tokens, 3]."""
        return self.linear(self.planes(tokens).relu().flatten(1)).relu()
