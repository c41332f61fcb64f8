"""Optimizers: built as asked, rates, clipping, resuming bit for bit."""

import math
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from metta.rl.optimizer import Optimizer, OptimizerConfig, clip_gradients, learning_rate
from metta.rl.trainer_state import load_trainer_state, save_trainer_state
from tests.rl.runs import Listener, echo_trainer, weights

TYPES = ["adam", "adamw", "muon", "schedule_free"]


def parameters() -> dict[str, nn.Parameter]:
    shapes = {"core.weight": (3, 4), "core.bias": (3,), "action_head.weight": (2, 3), "scale": (1, 4)}
    return {name: nn.Parameter(torch.ones(shape)) for name, shape in shapes.items()}


def test_muon_is_for_hidden_matrices_alone() -> None:
    optimizer = Optimizer(OptimizerConfig(type="muon", learning_rate=0.1), parameters())
    shapes = [[tuple(p.shape) for g in part.param_groups for p in g["params"]] for part in optimizer.parts]
    assert shapes == [[(3, 4)], [(3,), (2, 3), (1, 4)]]
    assert [type(part) for part in optimizer.parts] == [torch.optim.Muon, torch.optim.AdamW]
    optimizer.learning_rate = 0.05
    assert [part.param_groups[0]["lr"] for part in optimizer.parts] == [0.05, 0.05]


@pytest.mark.parametrize("kind", TYPES)
def test_small_weight_decay_reaches_every_part(kind: str) -> None:
    """The original rounded Muon's to 0."""
    optimizer = Optimizer(OptimizerConfig(type=kind, weight_decay=0.01), parameters())
    assert [part.param_groups[0]["weight_decay"] for part in optimizer.parts] == [0.01] * len(optimizer.parts)


def test_muon_steps_are_orthogonal() -> None:
    weights = {"core.weight": nn.Parameter(torch.zeros(4, 4))}
    optimizer = Optimizer(OptimizerConfig(type="muon", learning_rate=1.0, momentum=0.0), weights)
    torch.manual_seed(0)
    weights["core.weight"].grad = torch.randn(4, 4) @ torch.diag(torch.tensor([10.0, 3.0, 1.0, 0.5]))
    optimizer.step()
    values = torch.linalg.svdvals(weights["core.weight"].detach())
    assert values.max() / values.min() < 2.5, (
        "all directions move about equally, in an ill-conditioned gradient"
    )


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_learns_the_echo_game(kind: str) -> None:
    settings = {
        "optimizer__type": kind,
        "optimizer__learning_rate": 0.03,
        "optimizer__schedule": "constant" if kind == "schedule_free" else "linear",
        "advantage__gamma": 0.5,
    }
    listener = Listener()
    echo_trainer(epochs=60, **settings).train([listener])
    assert listener.reports[-1].metrics["rollout/reward"] > 0.8


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("average", [None, 0.9])
def test_a_resumed_run_equals_one_that_never_stopped(
    kind: str, average: float | None, tmp_path: Path
) -> None:
    settings = {"optimizer__type": kind, "average_decay": average, "losses__dynamics": {}}
    whole = echo_trainer(epochs=4, **settings)
    whole.train()
    first = echo_trainer(epochs=4, **settings)
    first.train([], lambda: first.progress.epoch == 2)
    save_trainer_state(tmp_path, first)
    resumed = echo_trainer(epochs=4, **settings)
    load_trainer_state(tmp_path, resumed)
    resumed.train()
    assert torch.equal(weights(whole), weights(resumed))
    with whole.kept_policy() as one, resumed.kept_policy() as other:
        kept = [list(policy.state_dict().values()) for policy in (one, other)]
        assert all(torch.equal(a, b) for a, b in zip(*kept, strict=True))


def test_another_type_is_refused(tmp_path: Path) -> None:
    trainer = echo_trainer()
    trainer.train()
    save_trainer_state(tmp_path, trainer)
    with pytest.raises(ValueError, match=r"another trainer\.optimizer"):
        load_trainer_state(tmp_path, echo_trainer(optimizer__type="muon"))


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "schedulefree", None)
    with pytest.raises(ValueError, match=r"pip install 'metta\[schedule_free\]'"):
        Optimizer(OptimizerConfig(type="schedule_free"), parameters())


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("linear", [2.0, 1.5, 1.0, 0.0]),
        ("constant", [2.0] * 4),
        ("cosine", [2.0, 1 + math.sqrt(0.5), 1.0, 0.0]),
    ],
)
def test_learning_rates(schedule: str, expected: list[float]) -> None:
    config = OptimizerConfig(learning_rate=2.0, schedule=schedule)
    rates = [learning_rate(config, steps, 1000) for steps in (0, 250, 500, 1000)]
    assert rates == pytest.approx(expected)


def test_warming_up() -> None:
    config = OptimizerConfig(learning_rate=2.0, schedule="constant", warmup=100)
    assert [learning_rate(config, steps, 1000) for steps in (0, 50, 100, 500)] == [0.0, 1.0, 2.0, 2.0]


def test_clipping() -> None:
    parts = [nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(1))]
    parts[0].grad, parts[1].grad = torch.tensor([3.0, 0.0]), torch.tensor([4.0])
    norms = clip_gradients(parts, 1.0)
    assert norms.tolist() == [3.0, 4.0]
    assert parts[0].grad[0].item() == pytest.approx(0.6, rel=1e-4)


def test_checkpoints_of_averaged_weights_are_the_average() -> None:
    trainer = echo_trainer(average_decay=0.5)
    trainer.train()
    with trainer.kept_policy() as policy:
        assert policy is trainer.average
    assert (trainer.average.core.weight != trainer.policy.core.weight).any()


def test_schedule_free_keeps_its_average_and_trains_on_the_latest() -> None:
    trainer = echo_trainer(optimizer__type="schedule_free", optimizer__schedule="constant")
    trainer.train()
    latest = weights(trainer).clone()
    with trainer.kept_policy():
        assert not torch.equal(weights(trainer), latest)
    torch.testing.assert_close(weights(trainer), latest)
