"""Measures the policy while it learns, in worlds of its own and, if wanted, in a process of its own."""

import os
import shutil
from collections.abc import Callable

from pydantic import Field

from metta.policy.checkpoint import CheckpointMetadata, save_checkpoint
from metta.rl.components.component import Component
from metta.rl.report import EpochReport, Progress
from metta.rl.run_folder import RunFolder
from metta.rl.trainer import Trainer
from metta.sim.background import BackgroundEvaluation, EvaluationJob
from metta.sim.results import PolicyName
from metta.sim.scorecard import RANDOM_URI, SCRIPTED_URI
from metta.sim.simulate import NamedPolicy, SimulationSettings, simulate
from metta.sim.simulation_config import SimulationConfig
from mettagrid.config.base import Config


class EvaluatorConfig(Config):
    """What is measured, and when."""

    simulations: list[SimulationConfig] = Field(
        default_factory=list, description="What is played; empty = the game that is trained in."
    )
    epoch_interval: int = Field(
        default=0,
        ge=0,
        description="Also measure every so many epochs; 0 = only after training: costs no training time.",
    )
    background: bool = Field(
        default=True,
        description="Measure in a process of its own while training goes on; false = training waits.",
    )
    num_threads: int = Field(
        default=1, ge=1, description="Threads of that process. One: it makes way for training."
    )
    after_training: bool = Field(
        default=True, description="Print the scorecard and record a replay when training is done."
    )
    baselines: list[str] = Field(
        default_factory=lambda: [RANDOM_URI, SCRIPTED_URI],
        description="Policies that the trained one is compared with: one of chance, one written by hand.",
    )


class Evaluator(Component):
    """Plays the simulations every so many epochs and adds `evaluation/<simulation>/<metric>` to the metrics.

    Stands before the writers, so that they see these metrics. Uses random generators of its own: a run with
    it equals one without. In the background, metrics come with the epoch in which they are ready, and
    `evaluation/epoch` says which one they are of; while one is measured, the next waits for its turn.

    Args:
        config: when, how.
        simulations: what is played.
        trainer: whose policy is measured.
        folder: of the run.
        settings: seed and device.
        add_late: takes the metrics that are ready only after the last epoch.
    """

    def __init__(
        self,
        config: EvaluatorConfig,
        simulations: list[SimulationConfig],
        trainer: Trainer,
        folder: RunFolder,
        settings: SimulationSettings,
        add_late: Callable[[Progress, dict[str, float]], None],
    ) -> None:
        self._config = config
        self._simulations = simulations
        self._trainer = trainer
        self._run = folder.run
        self._folder = folder.path / "evaluation" / str(os.getpid())  # one of a killed session may still play
        self._settings = settings
        self._add_late = add_late
        self._running: BackgroundEvaluation | None = None
        self._is_due = False

    def on_start(self, progress: Progress) -> None:
        """Remove what a killed session left."""
        shutil.rmtree(self._folder.parent, ignore_errors=True)

    def on_epoch_end(self, report: EpochReport) -> None:
        """Take what is ready, and measure if it is time.

        Raises:
            RuntimeError: an evaluation in the background failed.
        """
        if self._running is not None and not self._running.is_running():
            report.metrics.update(self._take())
        interval = self._config.epoch_interval
        self._is_due |= interval > 0 and report.progress.epoch % interval == 0
        if self._is_due and self._running is None:
            self._is_due = False
            if self._config.background:
                self._running = self._start(report.progress)
            else:
                report.metrics.update(self._measure(report.progress.epoch))

    def on_stop(self, progress: Progress) -> None:
        """Wait for the last measurement; if the run was asked to stop early, drop it instead."""
        if self._running is not None and progress.num_agent_steps >= self._trainer.config.total_timesteps:
            self._running.wait()
            self._add_late(progress, self._take())

    def close(self) -> None:
        """Leave no process behind."""
        if self._running is not None:
            self._running.stop()
            self._running = None
            shutil.rmtree(self._folder.parent, ignore_errors=True)

    def _measure(self, epoch: int) -> dict[str, float]:
        metrics = {"evaluation/epoch": float(epoch)}
        with self._trainer.kept_policy() as policy:
            named = NamedPolicy(policy, PolicyName(self._run, epoch))
            for simulation in self._simulations:
                means = simulate(simulation, [named], settings=self._settings).means()
                metrics.update({f"evaluation/{name}": value for name, value in means.items()})
        self._trainer.policy.train()
        return metrics

    def _start(self, progress: Progress) -> BackgroundEvaluation:
        self._folder.mkdir(parents=True, exist_ok=True)
        metadata = CheckpointMetadata(
            run=self._run, epoch=progress.epoch, agent_steps=progress.num_agent_steps
        )
        with self._trainer.kept_policy() as policy:
            save_checkpoint(BackgroundEvaluation.policy_path(self._folder), policy, metadata)
        job = EvaluationJob(
            run=self._run,
            epoch=progress.epoch,
            simulations=self._simulations,
            seed=self._settings.seed,
            device=self._settings.device,
            num_threads=self._config.num_threads,
        )
        return BackgroundEvaluation(self._folder, job)

    def _take(self) -> dict[str, float]:
        assert self._running is not None, "only what was started can be taken"
        running, self._running = self._running, None
        metrics = {f"evaluation/{name}": value for name, value in running.result().items()}
        shutil.rmtree(self._folder.parent, ignore_errors=True)
        return {"evaluation/epoch": float(running.job.epoch), **metrics}
