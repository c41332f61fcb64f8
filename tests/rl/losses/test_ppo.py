"""PPO's terms, each against its formula."""

import math

import pytest
import torch

from metta.policy.policy import PolicyOutput
from metta.rl.experience import Minibatch
from metta.rl.losses.ppo import PPOConfig, PPOLoss, clipped_surrogate, clipped_value_loss, probability_ratios


@pytest.mark.parametrize(
    ("ratio", "advantage", "expected"),
    [(1.0, 2.0, -2.0), (1.5, 2.0, -2.4), (0.5, 2.0, -1.0), (1.5, -2.0, 3.0), (0.5, -2.0, 1.6)],
)
def test_clipped_surrogate(ratio: float, advantage: float, expected: float) -> None:
    result = clipped_surrogate(torch.tensor(ratio), torch.tensor(advantage), 0.2)
    assert result.item() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("clip", "expected"), [(None, 0.5 * 0.5**2), (0.1, 0.5 * 0.9**2), (1.0, 0.5 * 0.5**2)]
)
def test_clipped_value_loss(clip: float | None, expected: float) -> None:
    result = clipped_value_loss(torch.tensor(0.5), torch.tensor(0.0), torch.tensor(1.0), clip)
    assert result.item() == pytest.approx(expected)


def test_ratios_stay_finite() -> None:
    ratios, _ = probability_ratios(torch.tensor([[0.0, -1e9]]), torch.tensor([0]), torch.tensor([-1e9]))
    assert torch.isfinite(ratios).all()


def make_minibatch(alive: torch.Tensor) -> Minibatch:
    torch.manual_seed(0)
    shape = alive.shape
    return Minibatch(
        observations=torch.zeros(*shape, 2, 3, dtype=torch.uint8),
        action_mask=torch.ones(*shape, 4, dtype=torch.bool),
        resets=torch.zeros(shape, dtype=torch.bool),
        alive=alive,
        actions=torch.randint(0, 4, shape),
        log_probs=torch.full(shape, math.log(0.25)),
        values=torch.randn(shape),
        advantages=torch.randn(shape) * alive,
        returns=torch.randn(shape),
        memory=torch.zeros(shape[1], 0),
        index=torch.arange(alive.numel()),
    )


def test_the_policy_that_acted_has_ratio_one() -> None:
    minibatch = make_minibatch(torch.ones(3, 2, dtype=torch.bool))
    output = PolicyOutput(torch.zeros(3, 2, 4), minibatch.values, minibatch.memory)
    metrics = PPOLoss(PPOConfig()).compute(minibatch, output).metrics
    assert metrics["policy_loss"].item() == pytest.approx(-minibatch.advantages.mean().item(), abs=1e-6)
    assert metrics["approx_kl"].item() == pytest.approx(0.0, abs=1e-6)
    assert metrics["clip_fraction"].item() == 0.0
    assert metrics["entropy"].item() == pytest.approx(math.log(4))


def test_what_is_not_alive_has_no_gradient() -> None:
    alive = torch.tensor([[True, False], [True, True]])
    logits = torch.randn(2, 2, 4, requires_grad=True)
    values = torch.randn(2, 2, requires_grad=True)
    result = PPOLoss(PPOConfig()).compute(
        make_minibatch(alive), PolicyOutput(logits, values, torch.zeros(2, 0))
    )
    result.loss.backward()
    assert not logits.grad[0, 1].any()
    assert values.grad[0, 1] == 0
    assert logits.grad[1, 1].any()
