"""Memory: what helps later is seen early. Trained on generated forks, measured on 26 named maps with budgets."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.scorecard import ALL_BASELINES
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.memory import MEMORY_TASKS, TRAINING_STEPS, make_memory

FORKS = "forks"
"""The simulation on generated forks, which are others than those of training."""


def simulation(task: str = FORKS) -> SimulationConfig:
    """One of the named tasks, or generated forks."""
    if task == FORKS:  # a suite of its own: the mean of the suite is that of the named tasks
        return SimulationConfig(suite=FORKS, name="memory", env=make_memory(), num_episodes=100)
    return SimulationConfig(suite="memory", name=task, env=make_memory(task), num_episodes=10)


def simulations() -> list[SimulationConfig]:
    """All named tasks, then forks."""
    return [simulation(task) for task in (*MEMORY_TASKS, FORKS)]


def train() -> TrainTool:
    """Train on generated forks with time to turn back, never on the named maps.

    The scorecard is of forks not trained on, with time for the right arm only. One agent a world: 256 worlds
    ask the policy for as many actions at once as ten arenas do.
    """
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=make_memory(max_steps=TRAINING_STEPS), num_worlds=256),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation()], baselines=ALL_BASELINES),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies on all named tasks and on forks; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(
        simulations=simulations(), policy_uris=given, policy_uri=policy_uri, baselines=ALL_BASELINES
    )


def play(task: str = FORKS, policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy in one of the tasks."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(task))


def replay(task: str = FORKS, policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode of one of the tasks as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(task))
