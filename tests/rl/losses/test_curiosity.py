"""Novelty: of what a step led to, falling with familiarity, fading into no other episode."""

import pytest
import torch

from metta.rl.losses.curiosity import CuriosityConfig, novelty
from tests.rl.fakes import EchoBatch
from tests.rl.minibatches import build, make_minibatch, make_output
from tests.rl.runs import Listener, echo_trainer


def test_novelty() -> None:
    result = novelty(torch.tensor([[1.0, 2.0]]), torch.tensor([[0.0, 4.0]]))
    assert result.tolist() == [(1.0 + 4.0) / 2]


def test_a_step_is_rewarded_for_what_it_led_to() -> None:
    trainer = echo_trainer(env=EchoBatch(max_steps=5), losses__curiosity__reward_coef=0.5)
    trainer._begin_epoch()
    trainer._collect_rollout()
    experience, loss = trainer.experience, trainer.losses["curiosity"]
    steps, bonus = experience.steps, loss.extra_steps(experience, "bonus")
    seen = torch.cat([steps.observations, torch.from_numpy(trainer.env.observations).unsqueeze(0)])
    scale = torch.stack([loss._novelty(step) for step in seen[:-1]]).square().mean().sqrt()
    assert steps.truncated.any()
    for t in range(8):
        expected = (loss._novelty(seen[t + 1]) / scale).clamp(max=5.0) * ~steps.truncated[t]
        torch.testing.assert_close(bonus[t], expected.detach(), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(experience.rewards, steps.rewards + 0.5 * bonus)


def test_the_familiar_bores_and_the_unheard_of_does_not() -> None:
    torch.manual_seed(0)
    loss = build(CuriosityConfig())
    target = {name: value.clone() for name, value in loss.target.state_dict().items()}
    minibatch = make_minibatch()
    optimizer = torch.optim.Adam([p for p in loss.parameters() if p.requires_grad], lr=0.01)
    familiar = minibatch.observations.flatten(0, 1)
    strange = familiar.clone()
    strange[:, 0, 0] = 0x22
    before = loss._novelty(familiar).mean().item()
    for _ in range(200):
        optimizer.zero_grad()
        loss._novelty(familiar).mean().backward()
        optimizer.step()
    assert loss._novelty(familiar).mean().item() < 0.01 * before
    assert loss._novelty(strange).mean().item() > 0.1 * before
    assert all(torch.equal(value, target[name]) for name, value in loss.target.state_dict().items())


def test_novelty_falls_in_training() -> None:
    listener = Listener()
    echo_trainer(epochs=20, losses__curiosity={}, optimizer__learning_rate=0.01).train([listener])
    values = [report.metrics["loss/curiosity.novelty"] for report in listener.reports]
    assert values[-1] < 0.3 * values[0]


def test_the_dead_are_left_out() -> None:
    alive = torch.zeros(4, 3, dtype=torch.bool)
    minibatch = make_minibatch(alive=alive, extras={"loss.bonus": torch.ones(4, 3)})
    result = build(CuriosityConfig()).compute(minibatch, make_output(minibatch))
    assert result.loss.item() == pytest.approx(0.0)
    assert result.metrics["bonus"].item() == 0.0
