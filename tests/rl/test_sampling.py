"""Rows that are drawn by priority."""

import pytest
import torch

from metta.rl.sampling import draw_rows, row_priorities
from tests.rl.runs import Listener, echo_trainer


def test_priorities_are_of_rows() -> None:
    advantages = torch.randn(6, 4)  # two segments of three steps, four columns
    priorities = row_priorities(advantages, 2)
    for row in range(8):
        segment, column = divmod(row, 4)
        expected = advantages[3 * segment : 3 * segment + 3, column].abs().sum()
        torch.testing.assert_close(priorities[row], expected)


def test_rows_are_drawn_by_their_priority_and_weighed() -> None:
    priorities = torch.ones(1000)
    priorities[:500] = 3.0
    rows, weights = draw_rows(priorities, 1.0, 0.5, torch.Generator().manual_seed(0))
    share = (rows < 500).float().mean().item()
    assert share == pytest.approx(0.75, abs=0.05)
    chances = torch.where(rows < 500, 3 / 2000, 1 / 2000)
    torch.testing.assert_close(weights, (1000 * chances) ** -0.5, rtol=1e-4, atol=1e-5)


def test_full_correction_has_the_even_mean() -> None:
    priorities = torch.rand(2000) + 0.1
    rows, weights = draw_rows(priorities, 0.7, 1.0, torch.Generator().manual_seed(0))
    values = torch.linspace(0, 1, 2000)
    assert (values[rows] * weights).mean().item() == pytest.approx(0.5, abs=0.05)


def test_without_priority_every_row_comes_exactly_once() -> None:
    """The original drew with replacement even then: a third of the data was never seen."""
    trainer = echo_trainer()
    steps = trainer._deal_rows()
    rows = torch.cat([rows for parts in steps for rows, _ in parts])
    assert sorted(rows.tolist()) == list(range(trainer.experience.num_rows))
    assert all(weights is None for parts in steps for _, weights in parts)


def test_it_learns_with_priorities() -> None:
    settings = {"advantage__gamma": 0.5, "optimizer__learning_rate": 0.03, "row_priority": 0.8}
    listener = Listener()
    echo_trainer(epochs=60, **settings).train([listener])
    assert listener.reports[-1].metrics["rollout/reward"] > 0.9


def test_accumulated_minibatches_are_one_large_one() -> None:
    """Two halves, averaged, give the gradient of the whole, where each has as many steps."""
    trainers = [
        echo_trainer(epochs=1, minibatch_size=size, accumulate_minibatches=count)
        for size, count in ((64, 1), (16, 4))
    ]
    listeners = [Listener(), Listener()]
    for trainer, listener in zip(trainers, listeners, strict=True):
        trainer.train([listener])
    norms = [listener.reports[0].metrics["loss/gradient_norm"] for listener in listeners]
    assert norms[0] == pytest.approx(norms[1], rel=1e-4)
    assert [len(listener.reports[0].updates.metrics) for listener in listeners] == [1, 4]
    assert [len(listener.reports[0].updates.gradients) for listener in listeners] == [1, 1]
