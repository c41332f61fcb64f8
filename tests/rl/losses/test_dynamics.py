"""Rewards and returns ahead: in time, within episodes, against a slow definition."""

import pytest
import torch

from metta.rl.losses.dynamics import DynamicsConfig, prediction_loss
from tests.rl.minibatches import build, make_minibatch, make_output


def slow_loss(
    predictions: torch.Tensor, targets: torch.Tensor, resets: torch.Tensor, alive: torch.Tensor
) -> float:
    steps, rows, horizon = predictions.shape
    means = []
    for k in range(horizon):
        errors = [
            (predictions[t, n, k] - targets[t + k, n]).item() ** 2
            for t in range(steps - k)
            for n in range(rows)
            if alive[t, n] and alive[t + k, n] and not resets[t + 1 : t + k + 1, n].any()
        ]
        means.append(sum(errors) / max(len(errors), 1))
    return sum(means) / len(means)


def test_prediction_loss() -> None:
    generator = torch.Generator().manual_seed(0)
    predictions = torch.randn(5, 3, 3, generator=generator)
    targets = torch.randn(5, 3, generator=generator)
    resets = torch.rand(5, 3, generator=generator) < 0.3
    alive = torch.rand(5, 3, generator=generator) < 0.8
    result = prediction_loss(predictions, targets, resets, alive)
    assert result.item() == pytest.approx(slow_loss(predictions, targets, resets, alive), rel=1e-5)


def test_it_looks_ahead_in_time_and_not_into_other_rows() -> None:
    """A reward at step 2 of row 1 concerns earlier steps of row 1 alone."""
    minibatch = make_minibatch(rewards=torch.zeros(4, 3), returns=torch.zeros(4, 3))
    minibatch.rewards[2, 1] = 1.0
    predictions = torch.zeros(4, 3, 3, requires_grad=True)
    prediction_loss(predictions, minibatch.rewards, minibatch.resets, minibatch.alive).backward()
    touched = {tuple(place) for place in predictions.grad.nonzero().tolist()}
    assert touched == {(2, 1, 0), (1, 1, 1), (0, 1, 2)}


def test_it_learns_and_trains_features_and_head() -> None:
    minibatch = make_minibatch(steps=6)
    output = make_output(minibatch)
    torch.manual_seed(0)
    loss = build(DynamicsConfig(horizon=2))
    optimizer = torch.optim.Adam(loss.parameters(), lr=0.03)
    values = []
    for _ in range(100):
        result = loss.compute(minibatch, output)
        optimizer.zero_grad()
        result.loss.backward()
        optimizer.step()
        values.append(result.loss.item())
    assert values[-1] < 0.1 * values[0]
    assert output.extras["features"].grad.abs().sum() > 0


def test_a_horizon_longer_than_the_row_is_cut() -> None:
    minibatch = make_minibatch(steps=2)
    loss = build(DynamicsConfig(horizon=9))
    assert torch.isfinite(loss.compute(minibatch, make_output(minibatch)).loss)
