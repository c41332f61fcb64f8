"""PPO's policy term against its formula."""

import math

import pytest
import torch

from metta.policy.policy import PolicyOutput
from metta.rl.losses.ppo_actor import PPOActorConfig, clipped_surrogate, probability_ratios
from tests.rl.minibatches import build, make_minibatch, make_output


@pytest.mark.parametrize(
    ("ratio", "advantage", "expected"),
    [(1.0, 2.0, -2.0), (1.5, 2.0, -2.4), (0.5, 2.0, -1.0), (1.5, -2.0, 3.0), (0.5, -2.0, 1.6)],
)
def test_clipped_surrogate(ratio: float, advantage: float, expected: float) -> None:
    result = clipped_surrogate(torch.tensor(ratio), torch.tensor(advantage), 0.2)
    assert result.item() == pytest.approx(expected)


def test_ratios_stay_finite() -> None:
    ratios, _ = probability_ratios(torch.tensor([[0.0, -1e9]]), torch.tensor([0]), torch.tensor([-1e9]))
    assert torch.isfinite(ratios).all()


def test_the_loss_is_its_slow_definition() -> None:
    alive = torch.ones(4, 3, dtype=torch.bool)
    alive[2, 1] = alive[0, 0] = False
    minibatch = make_minibatch(alive=alive)
    output = make_output(minibatch)
    result = build(PPOActorConfig(clip_coef=0.1, ent_coef=0.3)).compute(minibatch, output)
    terms = []
    for t, n in alive.nonzero().tolist():
        probabilities = output.logits[t, n].detach().softmax(0).tolist()
        ratio = probabilities[minibatch.actions[t, n]] / math.exp(minibatch.log_probs[t, n])
        advantage = minibatch.advantages[t, n].item()
        surrogate = min(ratio * advantage, min(max(ratio, 0.9), 1.1) * advantage)
        terms.append(-surrogate + 0.3 * sum(p * math.log(p) for p in probabilities))
    assert result.loss.item() == pytest.approx(sum(terms) / len(terms), rel=1e-5)


def test_the_policy_that_acted_has_ratio_one() -> None:
    minibatch = make_minibatch()
    output = PolicyOutput(torch.zeros(4, 3, 4), minibatch.values, minibatch.memory)
    metrics = build(PPOActorConfig()).compute(minibatch, output).metrics
    assert metrics["policy_loss"].item() == pytest.approx(-minibatch.advantages.mean().item(), abs=1e-6)
    assert metrics["approx_kl"].item() == pytest.approx(0.0, abs=1e-6)
    assert metrics["clip_fraction"].item() == 0.0
    assert metrics["entropy"].item() == pytest.approx(math.log(4))


def test_what_the_policy_did_not_choose_has_no_gradient() -> None:
    """The dead, and steps at which somebody else acted."""
    on_policy = torch.ones(4, 3, dtype=torch.bool)
    on_policy[0, 1] = False
    minibatch = make_minibatch(on_policy=on_policy)
    output = make_output(minibatch)
    build(PPOActorConfig()).compute(minibatch, output).loss.backward()
    assert not output.logits.grad[0, 1].any()
    assert output.logits.grad[1, 1].any()


def test_the_last_step_of_a_row_counts() -> None:
    minibatch = make_minibatch()
    output = make_output(minibatch)
    build(PPOActorConfig()).compute(minibatch, output).loss.backward()
    assert output.logits.grad[-1].any(dim=-1).all()
