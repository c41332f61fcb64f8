"""TensorBoard reads what was written."""

import sys
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from metta.rl.components.tensorboard import TensorBoardWriter
from metta.rl.run_folder import RunFolder
from tests.rl.components.test_component import train_with


def test_every_metric_of_every_epoch(tmp_path: Path) -> None:
    _, listener = train_with("tensorboard", RunFolder(tmp_path, "a"))
    events = EventAccumulator(str(tmp_path / "a" / "tensorboard"))
    events.Reload()
    assert set(listener.reports[-1].metrics) <= set(events.Tags()["scalars"])
    points = [(event.step, event.value) for event in events.Scalars("loss/total")]
    expected = [(r.progress.num_agent_steps, r.metrics["loss/total"]) for r in listener.reports]
    assert [step for step, _ in points] == [64, 128]
    assert points[-1][1] == pytest.approx(expected[-1][1], rel=1e-6)


def test_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(ValueError, match=r"pip install 'metta\[tensorboard\]'"):
        TensorBoardWriter(tmp_path)
