"""InfoNCE against its formula; pairs stay in their episode; the heads are trained."""

import math

import pytest
import torch

from metta.rl.losses.contrastive import ContrastiveConfig, geometric_ahead, info_nce
from tests.rl.minibatches import build, make_minibatch, make_output


def test_info_nce() -> None:
    generator = torch.Generator().manual_seed(0)
    similarities = torch.randn(5, 5, generator=generator)
    valid = torch.tensor([True, True, False, True, True])
    places = torch.tensor([3, 7, 9, 3, 1])  # 0 and 3 have the same moment as their positive
    terms = []
    for i in range(5):
        if valid[i]:
            others = [j for j in range(5) if j == i or (valid[j] and places[j] != places[i])]
            scores = [math.exp(similarities[i, j]) for j in others]
            terms.append(-math.log(math.exp(similarities[i, i]) / sum(scores)))
    result = info_nce(similarities, valid, places)
    assert result.item() == pytest.approx(sum(terms) / len(terms), rel=1e-5)


def test_the_look_ahead_is_geometric_and_stays_in_the_row() -> None:
    uniform = (torch.arange(100_000) + 0.5) / 100_000
    steps = geometric_ahead(uniform, torch.full((100_000,), 3), 0.5)
    shares = [(steps == k).float().mean().item() for k in (1, 2, 3)]
    assert shares == pytest.approx([4 / 7, 2 / 7, 1 / 7], abs=1e-3)
    assert geometric_ahead(torch.tensor([0.0, 0.999999]), torch.tensor([1, 1]), 0.9).tolist() == [1, 1]


def test_pairs_are_of_one_life() -> None:
    torch.manual_seed(0)
    resets = torch.zeros(6, 3, dtype=torch.bool)
    resets[3, 1] = resets[2, 2] = True
    alive = torch.ones(6, 3, dtype=torch.bool)
    alive[4, 0] = False
    minibatch = make_minibatch(steps=6, resets=resets, alive=alive)
    anchors, positives, valid = build(ContrastiveConfig(num_anchors=500))._choose_pairs(minibatch)
    assert valid.any() and not valid.all()
    for anchor, positive, is_valid in zip(anchors.tolist(), positives.tolist(), valid.tolist(), strict=True):
        (t, n), (later, m) = divmod(anchor, 3), divmod(positive, 3)
        assert n == m and t < later
        unbroken = not resets[t + 1 : later + 1, n].any()
        assert is_valid == bool(unbroken and alive[t, n] and alive[later, n])


def test_it_learns_and_trains_features_and_heads() -> None:
    """Rows with features of their own can be told apart; nothing can be told apart at first."""
    torch.manual_seed(0)
    minibatch = make_minibatch(steps=8, rows=16)
    output = make_output(minibatch)
    output.extras["features"].data = torch.randn(1, 16, 8).expand(8, 16, 8).clone()
    loss = build(ContrastiveConfig(num_anchors=64), rows=16)
    optimizer = torch.optim.Adam(loss.parameters(), lr=0.01)
    values = []
    for _ in range(150):
        result = loss.compute(minibatch, output)
        optimizer.zero_grad()
        result.loss.backward()
        optimizer.step()
        values.append(result.loss.item())
    assert sum(values[-10:]) < 0.6 * sum(values[:10])
    assert output.extras["features"].grad.abs().sum() > 0


def test_rows_of_one_step_teach_nothing() -> None:
    minibatch = make_minibatch(steps=1)
    assert build(ContrastiveConfig()).compute(minibatch, make_output(minibatch)).loss.item() == 0.0
