"""Traces of the epochs that were asked for."""

import gzip
import json
from pathlib import Path

from metta.rl.run_folder import RunFolder
from tests.rl.components.test_component import train_with


def traces(folder: RunFolder) -> list[str]:
    return sorted(path.name for path in (folder.path / "profile").glob("*"))


def test_a_trace_can_be_opened(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "a")
    train_with("profiler", folder, epochs=4, first_epoch=2, num_epochs=2)
    assert traces(folder) == ["epochs-00000002-00000003.json.gz"]
    with gzip.open(folder.path / "profile" / traces(folder)[0]) as file:
        trace = json.load(file)
    names = {event.get("name", "") for event in trace["traceEvents"]}
    assert any("addmm" in name or "linear" in name for name in names)


def test_again_every_so_often_and_what_is_left_at_the_end(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "a")
    train_with("profiler", folder, epochs=5, first_epoch=2, epoch_interval=3, num_epochs=2)
    assert traces(folder) == ["epochs-00000002-00000003.json.gz", "epochs-00000005-00000005.json.gz"]
