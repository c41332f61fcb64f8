"""The trainer's loop: deterministic, learns, stops when asked, lets components' errors through."""

import pytest
import torch

from metta.rl.config import TrainerConfig
from metta.rl.report import EpochReport
from tests.rl.fakes import EchoBatch
from tests.rl.runs import STEPS_PER_EPOCH, Listener, echo_trainer, weights


def test_same_seed_same_weights() -> None:
    trainers = [echo_trainer(seed=seed) for seed in (3, 3, 4)]
    for trainer in trainers:
        trainer.train()
    assert torch.equal(weights(trainers[0]), weights(trainers[1]))
    assert not torch.equal(weights(trainers[0]), weights(trainers[2]))


@pytest.mark.parametrize("bf16", [False, True])
def test_learns_the_echo_game(bf16: bool) -> None:
    settings = {"advantage__gamma": 0.5, "optimizer__learning_rate": 0.03}
    trainer = echo_trainer(epochs=60, bf16=bf16, **settings)
    listener = Listener()
    trainer.train([listener])
    assert listener.reports[0].metrics["rollout/reward"] < 0.45
    assert listener.reports[-1].metrics["rollout/reward"] > 0.9


def test_reports_what_happened() -> None:
    listener = Listener()
    echo_trainer(epochs=2, env=EchoBatch(max_steps=4)).train([listener])
    report = listener.reports[-1]
    assert report.progress.epoch == 2
    assert report.progress.num_agent_steps == 2 * STEPS_PER_EPOCH
    assert report.metrics["episode/heart.gained"] == report.metrics["episode/return"]
    assert report.metrics["episode/length"] == 4
    assert {
        "loss/ppo_actor.approx_kl",
        "loss/gradient_norm",
        "loss/explained_variance",
    } <= report.metrics.keys()
    assert set(report.shares) == {"simulate", "copy", "infer", "forward", "backward", "learn"}
    assert 0 < sum(report.shares.values()) <= 1


def test_stops_at_the_end_of_the_epoch_in_which_it_is_asked() -> None:
    listener = Listener()
    echo_trainer(epochs=9).train([listener], lambda: len(listener.epochs) == 2)
    assert listener.epochs == [1, 2]


def test_an_error_of_a_component_ends_the_run() -> None:
    def fail(report: EpochReport) -> None:
        raise OSError("disk full")

    listener = Listener(fail)
    with pytest.raises(OSError, match="disk full"):
        echo_trainer().train([listener])
    assert listener.epochs == [1]


def test_a_policy_that_moved_too_far_is_not_moved_further() -> None:
    settings = {"update_epochs": 4, "optimizer__learning_rate": 0.1}
    counts = []
    for target in (None, 1e-9):
        listener = Listener()
        echo_trainer(epochs=1, target_kl=target, **settings).train([listener])
        counts.append(len(listener.reports[0].updates.metrics))
    assert counts == [16, 4]


def test_more_passes_use_the_answers_of_the_pass_before() -> None:
    trainer = echo_trainer(epochs=1, update_epochs=2)
    trainer.train()
    assert (trainer.experience.ratios != 1).any()
    assert (trainer.experience.latest_values != trainer.experience.steps.values).any()


def test_the_learning_rate_falls_to_zero_at_the_end() -> None:
    listener = Listener()
    echo_trainer(epochs=4, optimizer__learning_rate=0.4).train([listener])
    rates = [report.metrics["loss/learning_rate"] for report in listener.reports]
    assert rates == pytest.approx([0.4, 0.3, 0.2, 0.1])


def test_the_dead_teach_nothing() -> None:
    """What a dead agent's row holds changes no weight."""
    trainers = [echo_trainer(epochs=1, env=EchoBatch(death_tick=3)) for _ in range(2)]
    trainers[0].train()
    trainer = trainers[1]
    trainer._begin_epoch()
    trainer._collect_rollout()
    dead = ~trainer.experience.steps.alive
    trainer.experience.rewards[dead] = 1e6
    trainer.experience.steps.log_probs[dead] = -50.0
    trainer._update()
    assert dead.any()
    torch.testing.assert_close(weights(trainers[0]), weights(trainer), rtol=0, atol=1e-7)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"batch_size": 10, "minibatch_size": 100}, "batch_size is 10, less than minibatch_size=100"),
        ({"bptt_horizon": 64, "minibatch_size": 32}, "minibatch_size is 32, less than one training row"),
    ],
)
def test_sizes_that_cannot_be_are_refused(settings: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TrainerConfig(**settings)


def test_a_batch_without_room_for_everybody_is_refused() -> None:
    with pytest.raises(ValueError, match=r"needs at least 32; raise it or lower training_env\.num_worlds"):
        echo_trainer(batch_size=16)


def test_rewards_are_centred_only_if_asked() -> None:
    """The original had a switch that nobody read."""
    plain, centred = echo_trainer(epochs=2), echo_trainer(epochs=2, advantage__center_rewards=0.1)
    for trainer in (plain, centred):
        trainer.train()
    assert torch.equal(plain.experience.rewards, plain.experience.steps.rewards)
    assert plain.reward_centre.isnan()
    torch.testing.assert_close(
        centred.experience.rewards, centred.experience.steps.rewards - centred.reward_centre
    )


def test_a_loss_with_large_gradients_does_not_shorten_the_policys() -> None:
    """Heads of losses are clipped by themselves."""
    trainer = echo_trainer(losses__dynamics={})
    for name, parameter in trainer._parameters.items():
        parameter.grad = torch.full_like(parameter, 1e6 if name.startswith("losses.") else 1e-3)
    trainer._clip(trainer._parameters)
    assert (trainer.policy.core.weight.grad == 1e-3).all()
    assert trainer.losses["dynamics"].head.weight.grad.abs().max() < 0.5
