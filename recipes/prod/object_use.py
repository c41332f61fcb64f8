"""Object use: what is each station for? Trained with a new prize in every episode, measured on 14 named tasks."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.scorecard import ALL_BASELINES
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.object_use import OBJECT_TASKS, make_object_use

ROOM = "room"
"""The simulation in a room with all stations, one of which has the prize."""


def simulation(task: str = ROOM) -> SimulationConfig:
    """One of the named tasks, or the room."""
    if task == ROOM:  # a suite of its own: the mean of the suite is that of the named tasks
        return SimulationConfig(suite=ROOM, name="object_use", env=make_object_use(), num_episodes=100)
    return SimulationConfig(suite="object_use", name=task, env=make_object_use(task), num_episodes=20)


def simulations() -> list[SimulationConfig]:
    """All named tasks, then the room."""
    return [simulation(task) for task in (*OBJECT_TASKS, ROOM)]


def train() -> TrainTool:
    """Train in the room with all stations; walls that can be opened are met in the named tasks only."""
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=make_object_use()),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation()], baselines=ALL_BASELINES),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies on all named tasks and in the room; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(
        simulations=simulations(), policy_uris=given, policy_uri=policy_uri, baselines=ALL_BASELINES
    )


def play(task: str = ROOM, policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy in one of the tasks."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(task))


def replay(task: str = ROOM, policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode of one of the tasks as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(task))
