"""Measures the policy while it learns, in worlds of its own."""

from pydantic import Field

from metta.policy.policy import Policy
from metta.rl.components.component import Component
from metta.rl.report import EpochReport
from metta.sim.results import PolicyName, SimulationResult
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
    it equals one without.
    """

    def __init__(
        self,
        epoch_interval: int,
        simulations: list[SimulationConfig],
        policy: Policy,
        run: str,
        settings: SimulationSettings,
    ) -> None:
        self._epoch_interval = epoch_interval
        self._simulations = simulations
        self._policy = policy
        self._run = run
        self._settings = settings

    def on_epoch_end(self, report: EpochReport) -> None:
        """Measure if it is time."""
        if self._epoch_interval == 0 or report.progress.epoch % self._epoch_interval:
            return
        named = NamedPolicy(self._policy, PolicyName(self._run, report.progress.epoch))
        for simulation in self._simulations:
            result = simulate(simulation, [named], settings=self._settings)
            report.metrics.update(_means(result))
        self._policy.train()


def _means(result: SimulationResult) -> dict[str, float]:
    values = result.metrics.mean(axis=(0, 1))  # over episodes and agents
    return {
        f"evaluation/{result.name}/{name}": float(value)
        for name, value in zip(result.metric_names, values, strict=True)
    }
