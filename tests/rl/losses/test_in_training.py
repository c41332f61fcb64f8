"""Losses beside PPO in whole runs: trained, saved, restored, switched on and off."""

from pathlib import Path
from typing import Any

import pytest
import torch

from metta.rl.losses.loss import LOSSES
from metta.rl.trainer_state import load_trainer_state, save_trainer_state
from tests.rl.runs import STEPS_PER_EPOCH, Listener, echo_trainer, weights

NOOP = {"teacher": "mock://noop", "student_led": 0.5, "teacher_led": 0.25}
ALL = {
    "action_supervised": NOOP,
    "contrastive": {},
    "curiosity": {},
    "distillation": NOOP,
    "dynamics": {},
    "grpo": {"group_size": 2},
    "latent_prediction": {},
    "reconstruction": {},
}


def head_weights(trainer: Any) -> torch.Tensor:
    """Weights that only losses need, in one tensor."""
    parts = [
        value.flatten().float() for loss in trainer.losses.values() for value in loss.state_dict().values()
    ]
    return torch.cat([torch.zeros(0), *parts])


def test_every_loss_is_tried_here() -> None:
    own = {name for name, cls in LOSSES.known().items() if cls.__module__.startswith("metta.")}
    assert set(ALL) == own - {"ppo_actor", "ppo_critic"}


@pytest.mark.parametrize("name", ALL)
def test_a_loss_is_trained_and_reported(name: str) -> None:
    trainer = echo_trainer(epochs=2, **{f"losses__{name}": ALL[name]})
    before = {key: value.clone() for key, value in trainer.losses[name].named_parameters()}
    listener = Listener()
    trainer.train([listener])
    trained = {key: value for key, value in trainer.losses[name].named_parameters() if value.requires_grad}
    assert all((value != before[key]).any() for key, value in trained.items())
    assert any(metric.startswith(f"loss/{name}.") for metric in listener.reports[-1].metrics)


@pytest.mark.parametrize("name", ALL)
def test_a_resumed_run_equals_one_that_never_stopped(name: str, tmp_path: Path) -> None:
    settings = {f"losses__{name}": ALL[name]}
    whole = echo_trainer(epochs=4, **settings)
    whole.train()
    first = echo_trainer(epochs=4, **settings)
    listener = Listener()
    first.train([listener], lambda: len(listener.epochs) == 2)
    save_trainer_state(tmp_path, first)
    torch.manual_seed(99)
    resumed = echo_trainer(epochs=4, **settings)
    load_trainer_state(tmp_path, resumed)
    resumed.train()
    assert torch.equal(weights(whole), weights(resumed))
    assert torch.equal(head_weights(whole), head_weights(resumed))


def test_a_loss_that_is_off_changes_nothing() -> None:
    trainers = [echo_trainer(), echo_trainer(losses__dynamics__weight=0.0)]
    for trainer in trainers:
        trainer.train()
    assert torch.equal(weights(trainers[0]), weights(trainers[1]))


def test_a_loss_counts_in_its_window() -> None:
    window = {"begin_at": STEPS_PER_EPOCH, "end_at": 3 * STEPS_PER_EPOCH}
    listener = Listener()
    echo_trainer(epochs=4, losses__dynamics=window).train([listener])
    counted = ["loss/dynamics.reward_loss" in report.metrics for report in listener.reports]
    assert counted == [False, True, True, False]


def test_no_loss_at_all_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no loss is active at 0 agent-steps"):
        echo_trainer(losses__ppo_actor__weight=0.0, losses__ppo_critic__weight=0.0).train()


def test_other_heads_than_the_saved_ones_are_refused(tmp_path: Path) -> None:
    trainer = echo_trainer(losses__dynamics__horizon=2)
    trainer.train([], lambda: trainer.progress.epoch == 1)
    save_trainer_state(tmp_path, trainer)
    with pytest.raises(ValueError, match=r"another trainer\.losses\.dynamics"):
        load_trainer_state(tmp_path, echo_trainer(losses__dynamics__horizon=3))
