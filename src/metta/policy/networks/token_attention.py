"""Tokens -> learned queries that attend to them -> one vector."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from metta.io.spec import TokenTable
from metta.io.token_features import TokenFeatures
from metta.policy.configs.encoders import AttentionFields
from metta.policy.networks.layers import orthogonal_linear


class TokenAttention(nn.Module):
    """Learned queries read the tokens in cross-attention layers, then each other in self-attention layers.

    Lee et al. (2019), "Set Transformer"; Jaegle et al. (2021), "Perceiver". The order of tokens does not matter.
    """

    def __init__(self, table: TokenTable, config: AttentionFields, size: int) -> None:
        super().__init__()
        width = config.width
        self.mean = config.pool == "mean"
        self.features = TokenFeatures(table, config.embedding, config.num_frequencies)
        self.queries = nn.Parameter(torch.randn(config.num_queries, width) * 0.5)
        self.cross = nn.ModuleList(
            AttentionLayer(width, self.features.size, config.heads) for _ in range(config.cross_layers)
        )
        self.self_attention = nn.ModuleList(
            AttentionLayer(width, width, config.heads) for _ in range(config.self_layers)
        )
        self.norm = nn.LayerNorm(width)
        self.out = orthogonal_linear(width if self.mean else width * config.num_queries, size)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return features, float [B, size], of tokens, uint8 [B, num_tokens, 3]."""
        features, used = self.features(tokens)
        # A first token that is always there: attention to nothing at all would not be a number.
        features, used = functional.pad(features, (0, 0, 1, 0)), functional.pad(used, (1, 0), value=True)
        latent = self.queries.expand(len(tokens), -1, -1)
        for layer in self.cross:
            latent = layer(latent, features, used)
        for layer in self.self_attention:
            latent = layer(latent, None, None)
        latent = self.norm(latent)
        return self.out(latent.mean(1) if self.mean else latent.flatten(1)).relu()


class AttentionLayer(nn.Module):
    """x + attention(norm(x), source), then x + W gelu(V norm(x))."""

    def __init__(self, width: int, source_size: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(source_size, 2 * width)
        self.mix = nn.Linear(width, width)
        self.inner = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )

    def forward(self, latent: Tensor, source: Tensor | None, seen: Tensor | None) -> Tensor:
        """Return the latents [B, K, width] after reading a source [B, n, source_size]; None = each other.

        Args:
            latent: float [B, K, width].
            source: what is read.
            seen: bool [B, n], which of it; None = all.
        """
        normal = self.norm(latent)
        key, value = self.key_value(normal if source is None else source).chunk(2, dim=-1)
        query, key, value = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (self.query(normal), key, value)
        )
        mask = None if seen is None else seen[:, None, None, :]
        read = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        latent = latent + self.mix(read.transpose(1, 2).flatten(2))
        return latent + self.inner(latent)
