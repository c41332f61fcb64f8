"""Cooperation: tasks that need two: heavy crates, levers, two colours, stags; one of them or all in one world."""

from typing import get_args

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.cooperation import Task, make_cooperation


def simulation(task: Task) -> SimulationConfig:
    """One task as policies are measured in it; hearts pay only."""
    return SimulationConfig(suite="cooperation", name=task, env=make_cooperation(task=task), num_episodes=10)


def simulations() -> list[SimulationConfig]:
    """Every task by itself, then all of them in one world."""
    return [simulation(task) for task in get_args(Task)]


def train(task: Task = "all") -> TrainTool:
    """Train on one task or all of them, then print the scorecard of that task."""
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=make_cooperation(task=task, shaped=True)),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation(task)]),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies in every task; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(simulations=simulations(), policy_uris=given, policy_uri=policy_uri)


def play(policy_uri: str = "mock://random", task: Task = "all") -> PlayTool:
    """Watch a policy."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(task))


def replay(policy_uri: str = "mock://random", task: Task = "all") -> ReplayTool:
    """Record an episode as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(task))
