"""Assembly lines: resources from extractors, hearts from assemblers whose recipes ask for several hands."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.assembly_lines import make_assembly_lines

NAMES = {1: "one_hand", 2: "two_hands", 3: "three_hands"}


def simulation(hands: int) -> SimulationConfig:
    """The game as policies are measured in it, with recipes for up to so many hands; hearts pay only."""
    return SimulationConfig(
        suite="assembly_lines", name=NAMES[hands], env=make_assembly_lines(hands=hands), num_episodes=10
    )


def simulations() -> list[SimulationConfig]:
    """With recipes for one hand alone, for up to two, and for up to three, which is the whole game."""
    return [simulation(hands) for hands in NAMES]


def train() -> TrainTool:
    """Train in the whole game with small rewards for resources and circuits; the scorecard counts hearts."""
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=make_assembly_lines(shaped=True)),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation(3)]),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies with one, two and three hands; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(simulations=simulations(), policy_uris=given, policy_uri=policy_uri)


def play(policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy in the whole game."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(3))


def replay(policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode of the whole game as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(3))
