"""What a run takes."""

from pathlib import Path

import pytest
import torch

from metta.rl.components.monitor import megabytes
from metta.rl.run_folder import RunFolder
from tests.rl.components.test_component import train_with


def test_megabytes() -> None:
    assert megabytes([torch.zeros(1000, dtype=torch.float32), torch.zeros(500, dtype=torch.uint8)]) == 0.0045


def test_it_reports_machine_and_sizes(tmp_path: Path) -> None:
    trainer, listener = train_with("monitor", RunFolder(tmp_path, "a"))
    metrics = listener.reports[-1].metrics
    parameters = sum(value.numel() for value in trainer.policy.parameters())
    assert metrics["memory/policy_mb"] == pytest.approx(4 * parameters / 1e6)
    assert metrics["memory/optimizer_mb"] > 2 * metrics["memory/policy_mb"], "Adam keeps two moments"
    assert metrics["memory/experience_mb"] > 0
    assert 10 < metrics["system/peak_memory_mb"] < 1e6
    assert 0 < metrics["system/cores_used"] < 1000
    assert metrics["system/disk_free_mb"] > 0
