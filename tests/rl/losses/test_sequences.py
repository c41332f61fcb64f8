"""Looking along rows against a slow definition."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from metta.rl.losses.sequences import one_hot, same_episode


@given(st.integers(0, 2**32), st.integers(0, 5))
def test_same_episode(seed: int, k: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    resets = torch.rand(6, 4, generator=generator) < 0.3
    alive = torch.rand(6, 4, generator=generator) < 0.8
    result = same_episode(resets, alive, k)
    assert result.shape == (6 - k, 4)
    for t in range(6 - k):
        for n in range(4):
            unbroken = not any(resets[t + step, n] for step in range(1, k + 1))
            assert result[t, n] == bool(unbroken and alive[t, n] and alive[t + k, n])


def test_one_hot() -> None:
    assert one_hot(torch.tensor([[2]]), 3).tolist() == [[[0.0, 0.0, 1.0]]]
