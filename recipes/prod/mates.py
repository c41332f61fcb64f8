"""Mates: court, bond, share, bear children and feed them; or, without births, bonds alone."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.mates import make_mates


def simulation(births: bool = True) -> SimulationConfig:
    """The game as policies are measured in it: `births` with them, `bonds` without; hearts pay only."""
    name = "births" if births else "bonds"
    return SimulationConfig(suite="mates", name=name, env=make_mates(births=births), num_episodes=10)


def simulations() -> list[SimulationConfig]:
    """Both games."""
    return [simulation(births=True), simulation(births=False)]


def train(births: bool = True, bond_share: float = 0.3, kin_share: float = 0.5) -> TrainTool:
    """Train with small rewards for harvests, bonds and feeding, then print the scorecard, which counts hearts."""
    game = make_mates(births=births, bond_share=bond_share, kin_share=kin_share, shaped=True)
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=game),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation(births)]),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies with births and without; without a policy, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(simulations=simulations(), policy_uris=given, policy_uri=policy_uri)


def play(policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy court and bear."""
    return PlayTool(policy_uri=policy_uri, sim=simulation())


def replay(policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation())
