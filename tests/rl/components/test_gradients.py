"""Norms of gradients by parameter."""

from pathlib import Path

import pytest

from metta.rl.run_folder import RunFolder
from tests.rl.components.test_component import train_with


def test_every_parameter_in_every_second_epoch(tmp_path: Path) -> None:
    trainer, listener = train_with("gradients", RunFolder(tmp_path, "a"), epoch_interval=2)
    first, second = listener.reports
    assert not [name for name in first.metrics if name.startswith("gradient/")]
    updates = second.updates
    for number, name in enumerate(trainer._parameters):
        mean = sum(row[number] for row in updates.gradients) / len(updates.gradients)
        assert second.metrics[f"gradient/{name}"] == pytest.approx(mean)
