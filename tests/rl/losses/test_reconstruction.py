"""Reconstruction against slow definitions; it learns what was where."""

import math

import pytest
import torch

from metta.rl.losses.reconstruction import ReconstructionConfig, presence_loss, value_loss
from tests.rl.minibatches import build, make_minibatch, make_output


def test_presence_and_value_loss() -> None:
    generator = torch.Generator().manual_seed(0)
    logits, values, predictions = (torch.randn(4, 6, generator=generator) for _ in range(3))
    present = torch.rand(4, 6, generator=generator) < 0.4
    alive = torch.tensor([True, False, True, True])
    there, absent, errors = [], [], []
    for s in range(4):
        for p in range(6):
            chance = 1 / (1 + math.exp(-logits[s, p]))
            if alive[s] and present[s, p]:
                there.append(-math.log(chance))
                errors.append((predictions[s, p] - values[s, p]).item() ** 2)
            elif alive[s]:
                absent.append(-math.log(1 - chance))
    expected = 0.5 * (sum(there) / len(there) + sum(absent) / len(absent))
    assert presence_loss(logits, present, alive).item() == pytest.approx(expected, rel=1e-5)
    result = value_loss(predictions, values, present, alive)
    assert result.item() == pytest.approx(sum(errors) / len(errors), rel=1e-5)


def test_targets_are_what_was_seen() -> None:
    minibatch = make_minibatch(steps=1, rows=1)
    loss = build(ReconstructionConfig())
    present, values = loss._targets(minibatch.observations.flatten(0, 1))
    assert present.shape == (1, 10 * 2)
    assert present[0].nonzero().flatten().tolist() == [4 * 2, 9 * 2 + 1]
    symbol = minibatch.observations[0, 0, 0, 2].item()
    torch.testing.assert_close(values[present], torch.tensor([symbol / 4, 7 / 255]))


def test_it_learns_and_trains_features_and_head() -> None:
    torch.manual_seed(0)
    minibatch = make_minibatch(steps=4)
    output = make_output(minibatch)
    loss = build(ReconstructionConfig())
    optimizer = torch.optim.Adam(loss.parameters(), lr=0.03)
    values = []
    for _ in range(150):
        result = loss.compute(minibatch, output)
        optimizer.zero_grad()
        result.loss.backward()
        optimizer.step()
        values.append(result.loss.item())
    assert values[-1] < 0.1 * values[0]
    assert output.extras["features"].grad.abs().sum() > 0
