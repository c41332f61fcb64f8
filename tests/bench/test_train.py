"""The benchmark of training, with a tiny trainer: rates and shares of the epochs after the first."""

import pytest
import torch

from metta.bench import train
from metta.common.system import SystemConfig
from metta.rl.config import TrainerConfig


@pytest.fixture(autouse=True)
def tiny_training(monkeypatch: pytest.MonkeyPatch):
    def small() -> TrainerConfig:
        return TrainerConfig(batch_size=24 * 8, minibatch_size=24 * 4, bptt_horizon=4)

    monkeypatch.setattr(train, "TrainerConfig", small)
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def test_rates_and_shares_of_all_epochs_but_the_first():
    figures, facts = train.bench_train(2, SystemConfig(device="cpu", num_threads=1), num_worlds=1)
    names = [figure.name for figure in figures]
    assert names == [
        "training, end to end",
        "simulating",
        "copying",
        "inferring",
        "learning, forward",
        "learning, backward",
        "learning, otherwise",
        "everything else",
    ]
    assert all(len(figure.values) == 2 for figure in figures)
    assert figures[0].median > 0
    assert sum(figure.values[0] for figure in figures[1:]) == pytest.approx(1.0)
    assert figures[1].target == 0.10
    assert facts["agent_steps_per_epoch"] == 24 * 4  # a row of each agent of the one world
    assert facts["threads"] == 1
    assert facts["device"] == "cpu"


def test_any_architecture_can_be_measured():
    system = SystemConfig(device="cpu", num_threads=1)
    _, fast = train.bench_train(1, system, num_worlds=1)
    _, free = train.bench_train(1, system, num_worlds=1, architecture="memory_free")
    assert free["num_weights"] < fast["num_weights"]


def test_a_long_training_beside_one_that_begins():
    figures, _ = train.bench_sustained(20, SystemConfig(device="cpu", num_threads=1), num_worlds=1)
    old, fresh, slower, growth = figures
    ratios = [one / other for one, other in zip(old.values, fresh.values, strict=True)]
    assert len(ratios) == 2
    assert slower.median == pytest.approx(1.0 - sum(ratios) / 2)
    assert (slower.target, slower.at_least) == (0.03, False)
    assert growth.median < 64.0
