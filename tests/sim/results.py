"""Made-up simulation results for the tests of statistics, files and tables."""

from datetime import UTC, datetime

import numpy as np

from metta.sim.results import PolicyName, SimulationResult


def make_result(
    metrics: np.ndarray,
    policies: tuple[PolicyName, ...] = (PolicyName("run", 5, "file:///run"),),
    assignment: list[int] | None = None,
    result_id: str = "simulation-a",
    name: str = "arena/basic",
) -> SimulationResult:
    """A result with the metrics reward and heart.gained; `metrics` is [E, A, 2]."""
    num_agents = metrics.shape[1]
    return SimulationResult(
        id=result_id,
        name=name,
        env="arena",
        policies=policies,
        assignment=np.array(assignment or [0] * num_agents),
        metric_names=("reward", "heart.gained"),
        metrics=metrics.astype(np.float32),
        lengths=np.full(metrics.shape[0], 100),
        seed=3,
        started_at=datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC),
        finished_at=datetime(2030, 1, 2, 3, 5, 5, tzinfo=UTC),
        attributes={"seed": "3"},
    )
