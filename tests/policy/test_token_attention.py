"""The attention encoder against its formula, one query and one token at a time."""

import math

import torch

from metta.policy.networks.token_attention import AttentionLayer

B, K, N, WIDTH, SOURCE, HEADS = 3, 2, 5, 8, 6, 2


def test_a_layer_is_its_formula() -> None:
    torch.manual_seed(0)
    layer = AttentionLayer(WIDTH, SOURCE, HEADS)
    latent, source = torch.randn(B, K, WIDTH), torch.randn(B, N, SOURCE)
    seen = torch.rand(B, N) < 0.6
    seen[:, 0] = True
    found = layer(latent, source, seen)
    part = WIDTH // HEADS
    for b in range(B):
        for k in range(K):
            query = layer.query(layer.norm(latent[b, k]))
            read = []
            for head in range(HEADS):
                mine = slice(head * part, (head + 1) * part)
                pairs = [layer.key_value(source[b, n]).split(WIDTH) for n in range(N) if seen[b, n]]
                scores = torch.stack([query[mine] @ key[mine] / math.sqrt(part) for key, _ in pairs])
                read.append(
                    sum(w * value[mine] for w, (_, value) in zip(scores.softmax(0), pairs, strict=True))
                )
            middle = latent[b, k] + layer.mix(torch.cat(read))
            torch.testing.assert_close(found[b, k], middle + layer.inner(middle), rtol=1e-5, atol=1e-5)
