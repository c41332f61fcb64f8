"""Navigation in sequence: mine, generator, altar. Trained on terrain, measured on 17 named maps with budgets."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.scorecard import ALL_BASELINES
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.navigation_sequence import SEQUENCE_TASKS, SequenceNumbers, make_navigation_sequence

TERRAIN = "terrain"
"""The simulation on generated maps, which are others than those of training."""


def simulation(task: str = TERRAIN) -> SimulationConfig:
    """One of the named tasks, or generated terrain; hearts pay only."""
    if task == TERRAIN:  # a suite of its own: the mean of the suite is that of the named tasks
        env = make_navigation_sequence()
        return SimulationConfig(suite=TERRAIN, name="navigation_sequence", env=env, num_episodes=50)
    env = make_navigation_sequence(task)
    return SimulationConfig(suite="navigation_sequence", name=task, env=env, num_episodes=10)


def simulations() -> list[SimulationConfig]:
    """All named tasks, then terrain."""
    return [simulation(task) for task in (*SEQUENCE_TASKS, TERRAIN)]


def train() -> TrainTool:
    """Train on generated terrain with small rewards for ore and batteries, never on the named maps."""
    numbers = SequenceNumbers(ore_reward=0.02, battery_reward=0.1)
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=make_navigation_sequence(numbers=numbers)),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation()], baselines=ALL_BASELINES),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies on all named tasks and on terrain; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(
        simulations=simulations(), policy_uris=given, policy_uri=policy_uri, baselines=ALL_BASELINES
    )


def play(task: str = TERRAIN, policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy in one of the tasks."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(task))


def replay(task: str = TERRAIN, policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode of one of the tasks as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(task))
