"""Memory: what helps later is seen early. Trained on generated forks, measured on 26 named maps with budgets."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.scorecard import ALL_BASELINES
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.memory import MEMORY_TASKS, T_MAZE_TASKS, TRAINING_STEPS, make_memory, t_mazes

FORKS = "forks"
"""The simulation on generated forks, which are others than those of training."""


def simulation(task: str = FORKS) -> SimulationConfig:
    """One of the named tasks, or generated forks."""
    if task == FORKS:  # a suite of its own: the mean of the suite is that of the named tasks
        return SimulationConfig(suite=FORKS, name="memory", env=make_memory(), num_episodes=100)
    if task in T_MAZE_TASKS:
        return SimulationConfig(suite="t_maze", name=task, env=make_memory(task), num_episodes=100)
    return SimulationConfig(suite="memory", name=task, env=make_memory(task), num_episodes=10)


def simulations() -> list[SimulationConfig]:
    """All named tasks, then T-mazes and forks."""
    return [simulation(task) for task in (*MEMORY_TASKS, *T_MAZE_TASKS, FORKS)]


def train(t_maze: int | None = None) -> TrainTool:
    """Train on generated forks with time to turn back, never on the named maps.

    The scorecard is of forks not trained on, with time for the right arm only. One agent a world: 256 worlds
    ask the policy for as many actions at once as ten arenas do.

    Args:
        t_maze: train on T-mazes with corridors up to so many cells instead, measured on the named ones.
    """
    if t_maze is None:
        game, measured = make_memory(max_steps=TRAINING_STEPS), [simulation()]
    else:
        game = make_memory(map=t_mazes(t_maze), max_steps=t_maze + TRAINING_STEPS)
        measured = [simulation(task) for task in T_MAZE_TASKS]
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=game, num_worlds=256),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=measured, baselines=ALL_BASELINES),
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
