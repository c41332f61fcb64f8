"""Measuring while learning: in the run's own process and in another one."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
import torch

from metta.rl.components.evaluator import Evaluator, EvaluatorConfig
from metta.rl.report import Progress
from metta.rl.run_folder import RunFolder
from metta.sim.background import BackgroundEvaluation
from metta.sim.simulate import SimulationSettings
from tests.rl.runs import Listener, echo_trainer
from tests.tools.test_train import final_weights, small_tool


def evaluated(folder: Path) -> dict[str, tuple[int, float]]:
    """Epoch and value of each metric of evaluations."""
    query = f"""SELECT name, epoch, value FROM '{folder}/small/metrics/*.parquet'
                WHERE name LIKE 'evaluation/%' ORDER BY name"""
    return {name: (epoch, value) for name, epoch, value in duckdb.sql(query).fetchall()}


def test_measuring_fills_the_metrics_and_changes_nothing_else(tmp_path: Path) -> None:
    """Both ways find the same; the background's process ends only after the last epoch of so short a run."""
    runs: dict[str, dict[str, Any]] = {
        "without": {},
        "waiting": {"evaluator__epoch_interval": 2, "evaluator__background": False},
        "beside": {"evaluator__epoch_interval": 2},
    }
    for name, settings in runs.items():
        small_tool(tmp_path / name, **settings).invoke()
    weights = [final_weights(tmp_path / name, 2) for name in runs]
    assert torch.equal(weights[0], weights[1])
    assert torch.equal(weights[0], weights[2])
    assert not evaluated(tmp_path / "without")
    found = evaluated(tmp_path / "waiting")
    assert found["evaluation/epoch"] == (2, 2.0)
    assert "evaluation/arena/basic/heart.gained" in found
    assert evaluated(tmp_path / "beside") == found
    assert not list((tmp_path / "beside" / "small").glob("evaluation/*"))


class FakeEvaluation:
    """Stands for a process that is done when the test says so."""

    def __init__(self, folder: Path, job: Any) -> None:
        self.job, self.is_done, self.was_stopped = job, False, False

    policy_path = staticmethod(BackgroundEvaluation.policy_path)

    def is_running(self) -> bool:
        return not self.is_done

    def wait(self) -> None:
        self.is_done = True

    def stop(self) -> None:
        self.was_stopped = True

    def result(self) -> dict[str, float]:
        return {"reward": float(self.job.epoch)}


def test_training_goes_on_meanwhile_and_the_next_waits_for_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[FakeEvaluation] = []

    def start(folder: Path, job: Any) -> FakeEvaluation:
        started.append(FakeEvaluation(folder, job))
        return started[-1]

    start.policy_path = BackgroundEvaluation.policy_path  # pyright: ignore[reportFunctionMemberAccess]
    monkeypatch.setattr("metta.rl.components.evaluator.BackgroundEvaluation", start)
    trainer, late = echo_trainer(epochs=7), []
    evaluator = Evaluator(
        EvaluatorConfig(epoch_interval=2),
        [],
        trainer,
        RunFolder(tmp_path, "a"),
        SimulationSettings(),
        lambda progress, metrics: late.append((progress.epoch, metrics)),
    )

    def finish_in_epoch_5(report: Any) -> None:
        if report.progress.epoch == 5:
            started[0].is_done = True

    listener = Listener(finish_in_epoch_5)
    trainer.train([evaluator, listener])
    evaluator.close()
    assert [evaluation.job.epoch for evaluation in started] == [2, 6]
    arrived = {
        r.metrics["evaluation/reward"]: epoch
        for epoch, r in zip(range(1, 8), listener.reports, strict=True)
        if "evaluation/reward" in r.metrics
    }
    assert arrived == {2.0: 6}
    assert late == [(7, {"evaluation/epoch": 6.0, "evaluation/reward": 6.0})]


def test_a_failed_evaluation_ends_the_run_with_its_reason(tmp_path: Path) -> None:
    trainer = echo_trainer(epochs=2)
    evaluator = Evaluator(
        EvaluatorConfig(epoch_interval=1),
        small_tool(
            tmp_path
        ).evaluator.simulations,  # another game than the policy's, with no action in common
        trainer,
        RunFolder(tmp_path, "a"),
        SimulationSettings(),
        lambda progress, metrics: None,
    )
    evaluator._running = evaluator._start(Progress(epoch=1))
    evaluator._running.wait()
    with pytest.raises(RuntimeError, match=r"the evaluation of epoch 1 failed: .*tiny_test"):
        evaluator._take()


def test_an_early_stop_does_not_wait(tmp_path: Path) -> None:
    trainer = echo_trainer(epochs=9)
    evaluator = Evaluator(
        EvaluatorConfig(epoch_interval=1), [], trainer, RunFolder(tmp_path, "a"), SimulationSettings(), print
    )
    running = FakeEvaluation(tmp_path, None)
    evaluator._running = running  # pyright: ignore[reportAttributeAccessIssue]
    evaluator.on_stop(Progress(epoch=2, num_agent_steps=128))
    evaluator.close()
    assert running.was_stopped and not running.is_done
