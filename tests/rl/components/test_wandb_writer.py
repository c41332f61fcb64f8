"""Weights & Biases, as far as it can be tested without it."""

import sys
from pathlib import Path

import pytest

from metta.rl.components.wandb_writer import WandbConfig, WandbWriter
from tests.rl.runs import echo_trainer


class FakeRun:
    """Keeps what is logged."""

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.finished = False

    def log(self, metrics: dict[str, float], step: int) -> None:
        assert "loss/total" in metrics
        self.steps.append(step)

    def finish(self) -> None:
        self.finished = True


class FakeWandb:
    """Stands for the module."""

    def __init__(self) -> None:
        self.run = FakeRun()

    def init(self, **settings: object) -> FakeRun:
        assert settings["id"] == "first"
        assert settings["resume"] == "allow"
        assert settings["mode"] == "online"
        return self.run


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(ValueError, match=r"pip install 'metta\[wandb\]'"):
        WandbWriter(WandbConfig(enabled=True), "first", {}, tmp_path)


def test_logs_every_epoch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = FakeWandb()
    monkeypatch.setitem(sys.modules, "wandb", module)
    echo_trainer(epochs=2).train([WandbWriter(WandbConfig(enabled=True), "first", {}, tmp_path)])
    assert module.run.steps == [64, 128]
    assert module.run.finished
