"""Advantages against a slow, element-wise definition."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from metta.rl.advantage import (
    AdvantageConfig,
    center_rewards,
    compute_advantages,
    explained_variance,
    masked_mean,
    normalize,
    successor_values,
)


def slow_advantage(data: dict[str, torch.Tensor], t: int, n: int, config: AdvantageConfig) -> float:
    """A_t straight from the formula, recursively and one element at a time."""
    if t == len(data["rewards"]):
        return 0.0
    ratio = data["ratios"][t, n].item()
    rho, trace = min(ratio, config.rho_clip), min(ratio, config.c_clip)
    terminated, truncated = bool(data["terminated"][t, n]), bool(data["truncated"][t, n])
    following = 0.0 if terminated else config.gamma * data["successors"][t, n].item()
    delta = rho * (data["rewards"][t, n].item() + following - data["values"][t, n].item())
    if terminated or truncated:
        return delta
    return delta + config.gamma * config.gae_lambda * trace * slow_advantage(data, t + 1, n, config)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 9), st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 2))
def test_equals_the_slow_definition(seed: int, steps: int, gamma: float, lam: float, clip: float) -> None:
    config = AdvantageConfig(gamma=gamma, gae_lambda=lam, rho_clip=clip, c_clip=1.1)
    torch.manual_seed(seed)
    shape = (steps, 3)
    data = {name: torch.randn(shape) for name in ("rewards", "values", "successors")}
    data |= {name: torch.rand(shape) < 0.2 for name in ("terminated", "truncated")}
    data["ratios"] = torch.rand(shape) * 2
    result = compute_advantages(**data, config=config)
    expected = [[slow_advantage(data, t, n, config) for n in range(3)] for t in range(steps)]
    torch.testing.assert_close(result, torch.tensor(expected), rtol=1e-4, atol=1e-5)


def test_lambda_one_gives_discounted_returns() -> None:
    rewards = torch.tensor([[1.0], [2.0], [4.0]])
    zeros, no = torch.zeros(3, 1), torch.zeros(3, 1, dtype=torch.bool)
    successors = torch.tensor([[0.0], [0.0], [8.0]])
    result = compute_advantages(
        rewards, zeros, successors, no, no, torch.ones(3, 1), AdvantageConfig(gamma=0.5, gae_lambda=1.0)
    )
    assert result.flatten().tolist() == [1 + 1 + 1 + 1, 2 + 2 + 2, 4 + 4]


def test_successors_cross_no_episode() -> None:
    values = torch.tensor([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    final = torch.tensor([[0.0, 0.0], [0.0, 9.0], [0.0, 0.0]])
    result = successor_values(values, final, torch.tensor([4.0, 4.0]), final > 0)
    assert result.T.tolist() == [[2.0, 3.0, 4.0], [2.0, 9.0, 4.0]]


@given(st.integers(0, 2**31))
@settings(max_examples=20, deadline=None)
def test_padding_changes_nothing(seed: int) -> None:
    torch.manual_seed(seed)
    values, mask = torch.randn(4, 5), torch.rand(4, 5) < 0.5
    mask[0, 0] = mask[0, 1] = True
    garbage = torch.where(mask, values, torch.full_like(values, 1e6))
    kept = values[mask]
    torch.testing.assert_close(masked_mean(garbage * mask, mask), kept.mean(), rtol=1e-4, atol=1e-6)
    normal = normalize(torch.where(mask, values, torch.tensor(77.0)), mask)
    torch.testing.assert_close(
        normal[mask], (kept - kept.mean()) / (kept.std(correction=0) + 1e-8), rtol=1e-3, atol=1e-4
    )
    assert not normal[~mask].any()


def test_nobody_alive_is_no_division_by_zero() -> None:
    nobody = torch.zeros(2, 2, dtype=torch.bool)
    assert masked_mean(torch.ones(2, 2), nobody) == 0
    assert torch.isfinite(normalize(torch.ones(2, 2), nobody)).all()


@pytest.mark.parametrize(("values", "expected"), [([1.0, 2.0, 3.0], 1.0), ([2.0, 2.0, 2.0], 0.0)])
def test_explained_variance(values: list[float], expected: float) -> None:
    everything = torch.ones(3, dtype=torch.bool)
    result = explained_variance(torch.tensor(values), torch.tensor([1.0, 2.0, 3.0]), everything)
    assert result.item() == pytest.approx(expected)


def test_centred_rewards_are_what_a_step_brings_beyond_the_usual() -> None:
    alive = torch.tensor([[True, True], [True, False]])
    rewards = torch.tensor([[1.0, 2.0], [3.0, 0.0]])
    centred, centre = center_rewards(rewards, alive, torch.tensor(torch.nan), 0.1)
    assert centre.item() == 2.0, "begins with the first epoch's mean"
    assert centred.tolist() == [[-1.0, 0.0], [1.0, 0.0]]
    _, centre = center_rewards(rewards + 10 * alive, alive, centre, 0.1)
    assert centre.item() == pytest.approx(0.9 * 2.0 + 0.1 * 12.0)
