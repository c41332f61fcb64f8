"""When and what the checkpointer saves."""

import errno
from pathlib import Path

import pytest

from metta.common.errors import MachineError
from metta.policy.checkpoint import read_header
from metta.policy.uri import list_checkpoints
from metta.rl.components.checkpointer import Checkpointer, CheckpointerConfig
from metta.rl.run_folder import RunFolder
from tests.rl.runs import STEPS_PER_EPOCH, echo_trainer


@pytest.mark.parametrize(
    ("config", "epochs"),
    [
        (CheckpointerConfig(epoch_interval=2, interval_s=0), [2, 4, 5]),
        (CheckpointerConfig(epoch_interval=0, interval_s=0), [5]),
        (CheckpointerConfig(epoch_interval=0, interval_s=1e-9), [1, 2, 3, 4, 5]),
    ],
)
def test_saves_when_it_is_time_and_at_the_end(
    tmp_path: Path, config: CheckpointerConfig, epochs: list[int]
) -> None:
    folder, trainer = RunFolder(tmp_path, "run"), echo_trainer(5)
    trainer.train([Checkpointer(config, folder, trainer, lambda: None)])
    assert sorted(list_checkpoints(folder.checkpoints)) == epochs
    header = read_header(folder.checkpoint(5))
    assert (header.run, header.epoch, header.agent_steps) == ("run", 5, 5 * STEPS_PER_EPOCH)


def test_a_folder_that_cannot_be_written_ends_the_run(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file where the folder should be")
    trainer = echo_trainer(1)
    checkpointer = Checkpointer(CheckpointerConfig(), RunFolder(tmp_path, "run"), trainer, lambda: None)
    with pytest.raises(MachineError, match=r"run.*cannot (write the checkpoint|save epoch 1)"):
        trainer.train([checkpointer])


def test_a_full_disk_is_said_with_the_folder(tmp_path: Path) -> None:
    def flush() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    trainer = echo_trainer(1)
    checkpointer = Checkpointer(CheckpointerConfig(), RunFolder(tmp_path, "run"), trainer, flush)
    with pytest.raises(MachineError, match=r"run: cannot save epoch 1: No space left on device"):
        trainer.train([checkpointer])
