"""Builders: wood and stone for houses, blocks, doors and bridges, on land with terrain, nights and weather."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.builders import make_builders


def simulation(calm: bool) -> SimulationConfig:
    """The game as policies are measured in it: `basic` with all there is, `calm` on plain land in an endless day."""
    switches = dict.fromkeys(("night", "weather", "terrain", "hazards"), not calm)
    return SimulationConfig(
        suite="builders", name="calm" if calm else "basic", env=make_builders(**switches), num_episodes=10
    )


def simulations() -> list[SimulationConfig]:
    """With night, weather, terrain and hazards, and without."""
    return [simulation(calm=False), simulation(calm=True)]


def train() -> TrainTool:
    """Train with all there is and small rewards for what is mined; the scorecard counts hearts."""
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=make_builders(shaped=True)),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation(calm=False)]),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies in both simulations; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(simulations=simulations(), policy_uris=given, policy_uri=policy_uri)


def play(policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy, with all there is."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(calm=False))


def replay(policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode with all there is as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(calm=False))
