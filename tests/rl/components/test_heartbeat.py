"""Signs of life."""

import json
from pathlib import Path

import pytest

from metta.rl.components.component import ComponentContext
from metta.rl.components.heartbeat import HeartbeatConfig
from metta.rl.report import EpochReport
from metta.rl.run_folder import RunFolder
from tests.rl.components.test_component import train_with
from tests.rl.runs import Listener, echo_trainer


def test_it_beats_while_training_and_says_when_it_ended(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "a")
    path = folder.path / "heartbeat.json"
    seen = []

    def look(report: EpochReport) -> None:
        seen.append(json.loads(path.read_text()))

    trainer = echo_trainer(epochs=2)
    heart = HeartbeatConfig(interval_s=0.0).build(ComponentContext(trainer, folder, {}))
    trainer.train([heart, Listener(look)])
    assert [(beat["epoch"], beat["agent_steps"], beat["state"]) for beat in seen] == [
        (1, 64, "training"),
        (2, 128, "training"),
    ]
    assert json.loads(path.read_text())["state"] == "stopped"


def test_it_does_not_write_all_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "elsewhere" / "beat.json"
    monkeypatch.setattr("time.monotonic", lambda: 1000.0)
    _, listener = train_with("heartbeat", RunFolder(tmp_path, "a"), path=str(path))
    beat = json.loads(path.read_text())
    assert len(listener.epochs) == beat["epoch"] == 2
