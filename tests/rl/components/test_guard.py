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
from metta.rollout.step_buffer import StepBuffer
from tests.rl.runs import Listener, echo_trainer


def train_and_poison(folder: RunFolder, trainer: Trainer, parameter: str, value: float, epoch: int) -> None:
    """Put a bad number into a parameter after an epoch and go on."""

    def poison(report: EpochReport) -> None:
        if report.progress.epoch == epoch:
            with torch.no_grad():
                dict(trainer.policy.named_parameters())[parameter].view(-1)[0] = value

    checkpointer = Checkpointer(CheckpointerConfig(epoch_interval=1), folder, trainer, lambda: None)
    trainer.train([Guard(checkpointer, trainer), checkpointer, Listener(poison)])


def test_names_the_bad_value_and_the_last_good_checkpoint(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "bad")
    with pytest.raises(
        GuardError,
        match=r"epoch 3: the policy's value is nan in step 1 of the epoch, agent row 0; .*bad:v2\.mpt",
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
        trainer.train([Guard(checkpointer, trainer), checkpointer])


def test_names_a_bad_reward(tmp_path: Path) -> None:
    trainer = echo_trainer(1)
    advance, calls = trainer.rollout.advance, iter(range(100))

    def poisoned(view: StepBuffer) -> None:
        advance(view)
        if next(calls) == 5:
            view.rewards[3] = float("-inf")

    trainer.rollout.advance = poisoned
    checkpointer = Checkpointer(CheckpointerConfig(), RunFolder(tmp_path, "bad"), trainer, lambda: None)
    with pytest.raises(
        GuardError, match=r"epoch 1: the reward is -inf in step 6 of the epoch, agent row 3; "
    ):
        trainer.train([Guard(checkpointer, trainer), checkpointer])


@pytest.mark.parametrize("what", ["weight", "moment", "average"])
def test_names_what_the_last_step_broke(tmp_path: Path, what: str) -> None:
    """Losses and gradients were all right; the checkpoint would not have been."""
    trainer, folder = echo_trainer(3, average_decay=0.9), RunFolder(tmp_path, "bad")
    end_epoch = trainer._end_epoch

    def poisoned() -> EpochReport:
        if trainer.progress.epoch == 1:
            victims = {
                "weight": trainer.policy.core.bias,
                "moment": trainer.optimizer.tensors()["0.1.exp_avg"],
                "average": trainer.average.core.bias,
            }
            with torch.no_grad():
                victims[what][2] = float("inf")
        return end_epoch()

    trainer._end_epoch = poisoned
    checkpointer = Checkpointer(CheckpointerConfig(epoch_interval=1), folder, trainer, lambda: None)
    names = {
        "weight": r"the weight core\.bias",
        "moment": r"the optimizer's exp_avg of parameter 1 \(part 0\)",
        "average": r"the averaged weight core\.bias",
    }
    with pytest.raises(
        GuardError, match=rf"epoch 2: {names[what]} is inf after step 4, the epoch's last; .*:v1"
    ):
        trainer.train([Guard(checkpointer, trainer), checkpointer])
    assert not folder.checkpoint(2).exists()
