"""States that older programs saved still load and go on; `samples/` has one of every version, as it was written."""

import shutil
from pathlib import Path

import pytest
import torch

from metta.rl.trainer_state import load_trainer_state
from metta.rl.trainer_state_file import FORMAT_VERSION, read_state
from tests.rl.runs import Listener, echo_trainer

SAMPLES = Path(__file__).parent / "samples"
VERSIONS = range(1, FORMAT_VERSION + 1)


def test_there_is_a_sample_of_every_version() -> None:
    assert sorted(path.name for path in SAMPLES.iterdir()) == [f"version_{version}" for version in VERSIONS]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_state_of_every_version_is_restored_and_goes_on(version: int, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLES / f"version_{version}", tmp_path / "trainer_state"))
    assert f'"version": {version},' in (folder / "e00000002/state.json").read_text()
    trainer, listener = echo_trainer(epochs=4), Listener()
    assert load_trainer_state(folder, trainer)
    _, tensors = read_state(folder / "e00000002")
    for name, value in trainer.policy.state_dict().items():
        assert torch.equal(value, tensors[f"policy.{name}"])
    assert len(trainer.optimizer.tensors()) == sum(name.startswith("optimizer.") for name in tensors) > 0
    assert torch.equal(trainer.rollout.seats[0].memory, tensors["memory"])
    trainer.train([listener])
    assert listener.epochs == [3, 4]
    assert all(report.updates.first_bad() is None for report in listener.reports)
