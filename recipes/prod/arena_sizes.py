"""The arena in the sizes of 2024, from 5 agents on 25 x 25 cells to 100 on 100 x 100, each rich and poor."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.arena_sizes import ARENA_SIZES, make_sized_arena

AGENT_EPISODES = 100
"""Episodes times agents of a simulation, at least two episodes: few agents need many maps to be compared on."""


def simulation(size: str = "a20_40x40", rich: bool = True) -> SimulationConfig:
    """One size as policies are measured in it, with combat."""
    game = make_sized_arena(size, rich)
    return SimulationConfig(
        suite="arena_sizes",
        name=f"{size}_{'rich' if rich else 'poor'}",
        env=game,
        num_episodes=max(2, AGENT_EPISODES // game.num_agents),
    )


def simulations() -> list[SimulationConfig]:
    """All sizes, rich and poor."""
    return [simulation(size, rich) for size in ARENA_SIZES for rich in (True, False)]


def train(size: str = "a20_40x40", rich: bool = True, combat: bool = False) -> TrainTool:
    """Train on an arena of one size."""
    game = make_sized_arena(size, rich, combat=combat, shaped=True)
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=game),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation(size, rich)]),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies on all sizes; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(simulations=simulations(), policy_uris=given, policy_uri=policy_uri)


def play(size: str = "a20_40x40", rich: bool = True, policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy in an arena of one size."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(size, rich))


def replay(size: str = "a20_40x40", rich: bool = True, policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode of an arena of one size as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(size, rich))
