"""The attention layers against their formulas: keys and values of every token, one query at a time."""

import math

import pytest
import torch
from torch import Tensor

from metta.policy.networks.token_attention import CrossAttention, SelfAttention

B, K, N, WIDTH, SOURCE, HEADS = 3, 2, 5, 8, 6, 2
PART = WIDTH // HEADS


def attend(query: Tensor, keys: list[Tensor], values: list[Tensor], scale: float) -> Tensor:
    scores = torch.stack([query @ key / scale for key in keys]).softmax(0)
    return sum(score * value for score, value in zip(scores, values, strict=True))


@pytest.mark.parametrize("rows", [1, B])
def test_queries_read_the_tokens_that_are_there(rows: int) -> None:
    torch.manual_seed(0)
    layer = CrossAttention(WIDTH, SOURCE, HEADS)
    latent, source = torch.randn(rows, K, WIDTH), torch.randn(B, N, SOURCE)
    seen = torch.rand(B, N) < 0.6
    seen[:, 0] = True
    found, weights = layer(latent, source, torch.zeros(B, N).masked_fill(~seen, -torch.inf))
    assert weights.shape == (B, HEADS * K, N) and not weights.transpose(1, 2)[~seen].any()
    for b in range(B):
        tokens = [token for token, there in zip(source[b], seen[b], strict=True) if there]
        for k in range(K):
            x = latent[b % rows, k]
            query = layer.query(layer.norm(x)).view(HEADS, PART)
            read = [
                attend(
                    query[h],
                    [layer.key[h] @ token for token in tokens],
                    [token @ layer.value[h] for token in tokens],
                    scale=1.0,
                )
                for h in range(HEADS)
            ]
            middle = x + layer.mix(torch.cat(read))
            torch.testing.assert_close(found[b, k], middle + layer.inner(middle), rtol=1e-5, atol=1e-5)


def test_queries_read_each_other() -> None:
    torch.manual_seed(0)
    layer, latent = SelfAttention(WIDTH, HEADS), torch.randn(B, K, WIDTH)
    found = layer(latent)
    for b in range(B):
        parts = [layer.into(layer.norm(latent[b, k])).view(3, HEADS, PART) for k in range(K)]
        for k in range(K):
            read = [
                attend(
                    parts[k][0, h],
                    [part[1, h] for part in parts],
                    [part[2, h] for part in parts],
                    scale=math.sqrt(PART),
                )
                for h in range(HEADS)
            ]
            middle = latent[b, k] + layer.mix(torch.cat(read))
            torch.testing.assert_close(found[b, k], middle + layer.inner(middle), rtol=1e-5, atol=1e-5)
