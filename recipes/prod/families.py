"""Families: gatherers feed makers, makers make hearts; kinship decides who shares in whose reward."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.families import KinSight, SharingName, make_families


def simulation(kinship: str = "families", sharing: SharingName = "kinship") -> SimulationConfig:
    """The game as policies are measured in it: hearts pay only."""
    env = make_families(kinship=kinship, sharing=sharing)
    return SimulationConfig(suite="families", name=kinship, env=env, num_episodes=10)


def simulations() -> list[SimulationConfig]:
    """The usual families, and strangers among whom nobody shares."""
    return [simulation(), simulation(kinship="none")]


def train(
    kinship: str = "families",
    share: float = 0.5,
    sharing: SharingName = "kinship",
    kin_sight: KinSight | None = None,
) -> TrainTool:
    """Train with a small reward for each harvest, then print the scorecard, which counts hearts.

    Compare `share=0` with `share=0.5`, or one kinship with another, and read `give.kin` beside `give.stranger`.
    """
    game = make_families(kinship=kinship, share=share, sharing=sharing, kin_sight=kin_sight, shaped=True)
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=game),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation(kinship, sharing)]),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies in families and among strangers; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(simulations=simulations(), policy_uris=given, policy_uri=policy_uri)


def play(policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy in its families."""
    return PlayTool(policy_uri=policy_uri, sim=simulation())


def replay(policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation())
