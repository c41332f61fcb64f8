"""In-context chain: which converter does what is new in every episode, and must be found out within it."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.scorecard import ALL_BASELINES
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.in_context_chain import CHAIN_TASKS, ChainNumbers, make_in_context_chain

CHAINS = {"short": (2, 1), "medium": (3, 2), "long": (4, 3)}
"""Length and distractors of the simulations on a field that agents see all of."""


def simulation(name: str = "medium", num_agents: int = 1) -> SimulationConfig:
    """One of the `CHAINS`, or a named task, as policies are measured in it; hearts pay only."""
    if name not in CHAINS:
        env = make_in_context_chain(num_agents=num_agents, task=name)
        return SimulationConfig(suite="in_context_tasks", name=name, env=env, num_episodes=20)
    length, distractors = CHAINS[name]
    numbers = ChainNumbers(length=length, distractors=distractors)
    env = make_in_context_chain(num_agents=num_agents, numbers=numbers)
    return SimulationConfig(suite="in_context_chain", name=name, env=env, num_episodes=100)


def simulations() -> list[SimulationConfig]:
    """All chains, then the named tasks."""
    return [simulation(name) for name in (*CHAINS, *CHAIN_TASKS)]


def train(length: int = 3, distractors: int = 2, num_agents: int = 1) -> TrainTool:
    """Train on chains whose order is drawn in every episode, then print the scorecard of such chains.

    256 agents, as there are few in a world: acting costs much less for all at once.
    """
    numbers = ChainNumbers(length=length, distractors=distractors)
    game, measured = (
        make_in_context_chain(num_agents=num_agents, shaped=shaped, numbers=numbers)
        for shaped in (True, False)
    )
    name = f"{length}_of_{length + distractors}"
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=game, num_worlds=256 // num_agents),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(
            simulations=[
                SimulationConfig(suite="in_context_chain", name=name, env=measured, num_episodes=100)
            ]
        ),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies in all chains and named tasks; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(
        simulations=simulations(), policy_uris=given, policy_uri=policy_uri, baselines=ALL_BASELINES
    )


def play(policy_uri: str = "mock://random", task: str = "medium") -> PlayTool:
    """Watch a policy in one of the chains or named tasks."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(task))


def replay(policy_uri: str = "mock://random", task: str = "medium") -> ReplayTool:
    """Record an episode of one of the chains or named tasks as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(task))
