"""The guard: NaN stops the run before anything of it is saved."""

from pathlib import Path

import pytest
import torch

from metta.common.errors import GuardError
from metta.rl.components.checkpointer import Checkpointer, CheckpointerConfig
from metta.rl.components.guard import Guard
from metta.rl.report import EpochReport
from metta.rl.run_folder import RunFolder
from metta.rl.trainer import Trainer
from tests.rl.runs import Listener, echo_trainer


def train_and_poison(folder: RunFolder, trainer: Trainer, parameter: str, value: float, epoch: int) -> None:
    """Put a bad number into a parameter after an epoch and go on."""

    def poison(report: EpochReport) -> None:
        if report.progress.epoch == epoch:
            with torch.no_grad():
                dict(trainer.policy.named_parameters())[parameter].view(-1)[0] = value

    checkpointer = Checkpointer(CheckpointerConfig(epoch_interval=1), folder, trainer, lambda: None)
    trainer.train([Guard(checkpointer), checkpointer, Listener(poison)])


def test_names_the_bad_value_and_the_last_good_checkpoint(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "bad")
    with pytest.raises(
        GuardError, match=r"epoch 3: loss term ppo_actor\.policy_loss is nan in minibatch 1.*bad:v2\.mpt"
    ) as error:
        train_and_poison(folder, echo_trainer(5), "value_head.bias", float("nan"), epoch=2)
    assert error.value.exit_code == 3
    assert not folder.checkpoint(3).exists()
    assert [path.name for path in folder.trainer_state.iterdir()] == ["e00000002"]


def test_names_a_bad_gradient(tmp_path: Path) -> None:
    trainer = echo_trainer(1)
    trainer.policy.core.weight.register_hook(lambda gradient: gradient * float("inf"))
    checkpointer = Checkpointer(CheckpointerConfig(), RunFolder(tmp_path, "bad"), trainer, lambda: None)
    with pytest.raises(GuardError, match=r"the gradient of core\.weight is (inf|nan) in step 1; there is no"):
        trainer.train([Guard(checkpointer), checkpointer])
