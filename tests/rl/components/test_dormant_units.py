"""Dormant units are found, and only those."""

from pathlib import Path

import torch

from metta.rl.components.dormant_units import DormantUnits, DormantUnitsConfig, dormant_units
from metta.rl.run_folder import RunFolder
from tests.rl.components.test_component import train_with
from tests.rl.runs import echo_trainer


def test_dormant_units() -> None:
    activations = torch.tensor([[1.0, 0.0, -2.0, 0.01], [-1.0, 0.0, 2.0, 0.0]])
    # Strengths 1, 0, 2, 0.005; their mean is 0.75.
    assert dormant_units(activations, 0.025).tolist() == [False, True, False, True]
    assert dormant_units(activations, 0.0).tolist() == [False, True, False, False]


def test_units_of_the_policy_that_say_nothing_are_counted() -> None:
    trainer = echo_trainer(epochs=1)
    trainer.train()
    counter = DormantUnits(DormantUnitsConfig(), trainer)
    before = counter._count()
    with torch.no_grad():
        trainer.policy.core.weight[:2] = 0.0
        trainer.policy.core.bias[:2] = 0.0
    after = counter._count()
    assert before["dormant/value_head"] == 0.0
    assert after["dormant/value_head"] == after["dormant/action_head"] == 2 / 8


def test_it_reports(tmp_path: Path) -> None:
    _, listener = train_with("dormant_units", RunFolder(tmp_path, "a"), epoch_interval=1)
    assert {"dormant/core", "dormant/all"} <= listener.reports[-1].metrics.keys()
