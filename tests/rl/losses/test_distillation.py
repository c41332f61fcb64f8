"""Divergences against slow definitions."""

import math

import pytest
import torch

from metta.rl.losses.distillation import forward_divergence, reverse_divergence


def distribution(logits: list[float], temperature: float) -> list[float]:
    weights = [math.exp(x / temperature) for x in logits]
    return [w / sum(weights) for w in weights]


@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_both_divergences(temperature: float) -> None:
    student, teacher = [0.3, -1.0, 0.5], [1.0, 0.2, -2.0]
    p, q = distribution(student, temperature), distribution(teacher, temperature)
    forward = temperature**2 * sum(b * math.log(b / a) for a, b in zip(p, q, strict=True))
    result = forward_divergence(torch.tensor(student), torch.tensor(teacher), temperature)
    assert result.item() == pytest.approx(forward, rel=1e-5)
    smooth = [0.9 * b + 0.1 / 3 for b in q]
    reverse = temperature**2 * sum(a * math.log(a / b) for a, b in zip(p, smooth, strict=True))
    result = reverse_divergence(torch.tensor(student), torch.tensor(teacher), temperature, 0.1)
    assert result.item() == pytest.approx(reverse, rel=1e-5)


def test_equal_distributions_have_none() -> None:
    logits = torch.randn(5, 4)
    torch.testing.assert_close(forward_divergence(logits, logits, 1.0), torch.zeros(5), atol=1e-6, rtol=0)
    torch.testing.assert_close(
        reverse_divergence(logits, logits, 1.0, 0.0), torch.zeros(5), atol=1e-6, rtol=0
    )


def test_a_sure_teacher_makes_it_cross_entropy() -> None:
    student = torch.tensor([0.3, -1.0, 0.5, -1e9], requires_grad=True)
    sure = torch.tensor([-1e9, 0.0, -1e9, -1e9])
    result = forward_divergence(student, sure, 1.0)
    assert result.item() == pytest.approx(-student.log_softmax(-1)[1].item(), rel=1e-5)
    result.backward()
    assert torch.isfinite(student.grad).all()
    assert torch.isfinite(reverse_divergence(student, sure, 1.0, 0.01))
