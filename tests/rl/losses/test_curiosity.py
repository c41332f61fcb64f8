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
    new = [novelty(loss.predictor(step), loss.target(step)).detach() for step in seen]
    scale = torch.stack(new[:-1]).square().mean().sqrt()
    assert steps.truncated.any()
    for t in range(8):
        expected = (new[t + 1] / scale).clamp(max=5.0) * ~steps.truncated[t]
        torch.testing.assert_close(bonus[t], expected, rtol=1e-4, atol=1e-5)
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

    def error(tokens: torch.Tensor) -> torch.Tensor:
        return novelty(loss.predictor(tokens), loss.target(tokens)).mean()

    before = error(familiar).item()
    for _ in range(200):
        optimizer.zero_grad()
        error(familiar).backward()
        optimizer.step()
    assert error(familiar).item() < 0.01 * before
    assert error(strange).item() > 0.1 * before
    assert all(torch.equal(value, target[name]) for name, value in loss.target.state_dict().items())


def test_novelty_falls_in_training() -> None:
    listener = Listener()
    echo_trainer(epochs=20, losses__curiosity={}, optimizer__learning_rate=0.01).train([listener])
    values = [report.metrics["loss/curiosity.novelty"] for report in listener.reports]
    assert values[-1] < 0.3 * values[0]


def test_the_dead_are_left_out() -> None:
    alive = torch.zeros(4, 3, dtype=torch.bool)
    minibatch = make_minibatch(
        alive=alive, extras={"loss.bonus": torch.ones(4, 3), "loss.target": torch.ones(4, 3, 64)}
    )
    result = build(CuriosityConfig()).compute(minibatch, make_output(minibatch))
    assert result.loss.item() == pytest.approx(0.0)
    assert result.metrics["bonus"].item() == 0.0
