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
        self.keeps_attention = False  # for people who watch; training does without
        self.attention: Tensor | None = None  # [B, num_tokens] of the last forward pass
        self.features = TokenFeatures(table, config.embedding, config.num_frequencies)
        self.queries = nn.Parameter(torch.randn(1, config.num_queries, width) * 0.5)
        self.cross = nn.ModuleList(
            CrossAttention(width, self.features.size, config.heads) for _ in range(config.cross_layers)
        )
        self.among = nn.ModuleList(SelfAttention(width, config.heads) for _ in range(config.self_layers))
        self.norm = nn.LayerNorm(width)
        self.out = orthogonal_linear(width if self.mean else width * config.num_queries, size)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return features, float [B, size], of tokens, uint8 [B, num_tokens, 3]."""
        features, used = self.features(tokens)
        # A first token that is always there: attention to nothing at all would not be a number.
        features, used = functional.pad(features, (0, 0, 1, 0)), functional.pad(used, (1, 0), value=True)
        hidden = torch.zeros_like(used, dtype=torch.float32).masked_fill_(~used, -torch.inf)
        latent = self.queries
        weights: list[Tensor] = []
        for layer in self.cross:
            latent, weight = layer(latent, features, hidden)
            weights.append(weight)
        if self.keeps_attention:
            self.attention = _attention(weights, tokens.shape[1])
        for layer in self.among:
            latent = layer(latent)
        latent = self.norm(latent)
        return self.out(latent.mean(1) if self.mean else latent.flatten(1)).relu()


def _attention(weights: list[Tensor], num_tokens: int) -> Tensor:
    """Return the mean weight of each token over layers, heads and queries, float32 [B, num_tokens].

    Args:
        weights: of each layer, float32 [B, heads * K, 1 + n]; the first token is the one that is always there.
        num_tokens: of an observation, n or more.
    """
    mean = torch.stack([weight.mean(1) for weight in weights]).mean(0)[:, 1:]
    return functional.pad(mean, (0, num_tokens - mean.shape[1])).detach()


class CrossAttention(nn.Module):
    """x + W attention(norm(x), source), then x + W gelu(V norm(x)).

    q (K s) = (q K) s and A (V s) = (A s) V: few queries are turned into what they look for in a token, and what is
    read is turned into values afterwards, so that keys and values of the many tokens are never computed.
    """

    def __init__(self, width: int, source_size: int, heads: int) -> None:
        super().__init__()
        self.heads, part = heads, width // heads
        self.norm = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key = nn.Parameter(torch.randn(heads, part, source_size) * (source_size * part) ** -0.5)
        self.value = nn.Parameter(torch.randn(heads, source_size, part) * source_size**-0.5)
        self.mix = nn.Linear(width, width)
        self.inner = inner_layer(width)

    def forward(self, latent: Tensor, source: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Return the latents [B, K, width] after reading a source, and the weights of reading [B, heads * K, n].

        Args:
            latent: float [B, K, width], or [1, K, width] for all rows.
            source: float [B, n, source_size].
            hidden: float32 [B, n], 0 or -inf for what is not there.
        """
        query = self.query(self.norm(latent)).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        wanted = (query @ self.key).flatten(1, 2)  # [B or 1, heads * K, source_size]
        if len(wanted) == 1:
            scores = functional.linear(source, wanted[0]).transpose(1, 2)
        else:
            scores = wanted @ source.transpose(1, 2)
        weights = (scores.float() + hidden.unsqueeze(1)).softmax(-1)  # [B, heads * K, n]
        read = (weights @ source.to(weights.dtype)).unflatten(1, (self.heads, -1)) @ self.value
        latent = latent + self.mix(read.transpose(1, 2).flatten(2))
        return latent + self.inner(latent), weights


class SelfAttention(nn.Module):
    """x + W attention(norm(x), norm(x)), then x + W gelu(V norm(x))."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.into = nn.Linear(width, 3 * width)
        self.mix = nn.Linear(width, width)
        self.inner = inner_layer(width)

    def forward(self, latent: Tensor) -> Tensor:
        """Return the latents, float [B, K, width], after reading each other."""
        parts = self.into(self.norm(latent)).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        read = functional.scaled_dot_product_attention(*parts.unbind())
        latent = latent + self.mix(read.transpose(1, 2).flatten(2))
        return latent + self.inner(latent)


def inner_layer(width: int) -> nn.Sequential:
    """Return the layer after an attention: norm, twice the width, and back."""
    return nn.Sequential(
        nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
    )
