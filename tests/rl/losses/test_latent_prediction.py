"""The next features: in time, within episodes, against a copy that follows."""

import pytest
import torch

from metta.rl.losses.latent_prediction import LatentPredictionConfig, latent_loss
from tests.rl.minibatches import build, make_minibatch, make_output
from tests.rl.runs import echo_trainer


def test_latent_loss() -> None:
    generator = torch.Generator().manual_seed(0)
    targets = torch.randn(5, 3, 4, generator=generator)
    predictions = [torch.randn(5 - k, 3, 4, generator=generator) for k in (1, 2)]
    resets = torch.rand(5, 3, generator=generator) < 0.3
    alive = torch.rand(5, 3, generator=generator) < 0.8
    means = []
    for k, predicted in enumerate(predictions, start=1):
        terms = []
        for t in range(5 - k):
            for n in range(3):
                if alive[t, n] and alive[t + k, n] and not resets[t + 1 : t + k + 1, n].any():
                    a, b = predicted[t, n], targets[t + k, n]
                    terms.append(2 - 2 * (a @ b / a.norm() / b.norm()).item())
        means.append(sum(terms) / max(len(terms), 1))
    result = latent_loss(predictions, targets, resets, alive)
    assert result.item() == pytest.approx(sum(means) / 2, rel=1e-5)


def test_targets_never_lie_in_the_next_episode() -> None:
    """The original looked across the boundary."""
    resets = torch.zeros(4, 3, dtype=torch.bool)
    resets[2] = True
    minibatch = make_minibatch(resets=resets)
    output = make_output(minibatch)
    build(LatentPredictionConfig(horizon=1)).compute(minibatch, output).loss.backward()
    touched = output.extras["features"].grad.abs().sum(dim=(1, 2)) > 0
    assert touched.tolist() == [True, False, True, False]


def test_each_step_ahead_takes_the_action_of_its_time() -> None:
    loss = build(LatentPredictionConfig(horizon=2))
    features = torch.zeros(4, 1, 8)
    actions = torch.nn.functional.one_hot(torch.tensor([[0], [1], [2], [3]]), 4).float()
    changed = actions.clone()
    changed[1, 0] = torch.tensor([0.0, 0.0, 0.0, 1.0])
    before, after = loss._predict(features, actions), loss._predict(features, changed)
    assert [tuple(part.shape[:2]) for part in before] == [(3, 1), (2, 1)]
    moved = [
        [bool((a != b).any()) for a, b in zip(x, y, strict=True)] for x, y in zip(before, after, strict=True)
    ]
    # The action of step 1 leads to step 2: one ahead of 1, two ahead of 0 and (as the first of both) of 1.
    assert moved == [[False, True, False], [True, True]]


def test_the_copy_follows_and_is_not_trained() -> None:
    trainer = echo_trainer(epochs=1, losses__latent_prediction={"decay": 0.5})
    loss = trainer.losses["latent_prediction"]
    assert not any(name.startswith("losses.latent_prediction.target") for name in trainer._parameters)
    before = trainer.policy.core.weight.clone()
    trainer.train()
    after, copy = trainer.policy.core.weight, loss.target.core.weight
    assert (before != after).any()
    assert ((copy - after).abs() < (before - after).abs()).float().mean() > 0.5


def test_it_learns_and_trains_the_features() -> None:
    torch.manual_seed(0)
    minibatch = make_minibatch(steps=6)
    output = make_output(minibatch)
    loss = build(LatentPredictionConfig())
    optimizer = torch.optim.Adam([p for p in loss.parameters() if p.requires_grad], lr=0.01)
    values = []
    for _ in range(100):
        result = loss.compute(minibatch, output)
        optimizer.zero_grad()
        result.loss.backward()
        optimizer.step()
        values.append(result.loss.item())
    assert values[-1] < 0.3 * values[0]
    assert output.extras["features"].grad.abs().sum() > 0
