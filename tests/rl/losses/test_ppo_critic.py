"""PPO's value term against its formula."""

import pytest
import torch

from metta.rl.losses.ppo_critic import PPOCriticConfig, clipped_value_loss
from tests.rl.minibatches import build, make_minibatch, make_output


@pytest.mark.parametrize(
    ("clip", "expected"), [(None, 0.5 * 0.5**2), (0.1, 0.5 * 0.9**2), (1.0, 0.5 * 0.5**2)]
)
def test_clipped_value_loss(clip: float | None, expected: float) -> None:
    result = clipped_value_loss(torch.tensor(0.5), torch.tensor(0.0), torch.tensor(1.0), clip)
    assert result.item() == pytest.approx(expected)


def test_the_loss_is_its_slow_definition() -> None:
    alive = torch.ones(4, 3, dtype=torch.bool)
    alive[2, 1] = False
    minibatch = make_minibatch(alive=alive)
    output = make_output(minibatch)
    result = build(PPOCriticConfig(vf_clip=0.3)).compute(minibatch, output)
    terms = []
    for t, n in alive.nonzero().tolist():
        value, old, target = (x[t, n].item() for x in (output.value, minibatch.values, minibatch.returns))
        moved = old + min(max(value - old, -0.3), 0.3)
        terms.append(0.5 * max((value - target) ** 2, (moved - target) ** 2))
    assert result.loss.item() == pytest.approx(sum(terms) / len(terms), rel=1e-5)
    result.loss.backward()
    assert output.value.grad[2, 1] == 0


def test_the_dead_are_left_out() -> None:
    minibatch = make_minibatch(alive=torch.zeros(4, 3, dtype=torch.bool))
    assert build(PPOCriticConfig()).compute(minibatch, make_output(minibatch)).loss.item() == 0.0
