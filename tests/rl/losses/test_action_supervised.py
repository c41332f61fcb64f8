"""Cloning against its formula."""

import math

import pytest
import torch

from metta.rl.losses.action_supervised import cloning_loss


def test_cloning_loss() -> None:
    logits = torch.tensor([[[0.0, 1.0, 2.0], [0.0, 0.0, 0.0]]], requires_grad=True)
    actions, taught = torch.tensor([[1, 2]]), torch.tensor([[True, False]])
    loss = cloning_loss(logits, actions, taught)
    weights = [1.0, math.e, math.e**2]
    assert loss.item() == pytest.approx(-math.log(weights[1] / sum(weights)), rel=1e-6)
    loss.backward()
    assert not logits.grad[0, 1].any()
