"""Weights that follow others."""

import torch
from torch import nn

from metta.rl.weights_average import follow
from tests.rl.runs import echo_trainer


def test_follow() -> None:
    average, module = nn.Linear(2, 1), nn.Linear(2, 1)
    expected = 0.9 * average.weight.detach() + 0.1 * module.weight.detach()
    follow(average.requires_grad_(False), module, 0.9)
    torch.testing.assert_close(average.weight.detach(), expected)


def test_a_run_averages_over_its_steps() -> None:
    trainer = echo_trainer(epochs=1, average_decay=0.5)
    expected = trainer.policy.core.weight.detach().clone()
    step = trainer.optimizer.step

    def stepping() -> None:
        nonlocal expected
        step()
        expected = 0.5 * expected + 0.5 * trainer.policy.core.weight.detach()

    trainer.optimizer.step = stepping
    trainer.train()
    torch.testing.assert_close(trainer.average.core.weight, expected)
