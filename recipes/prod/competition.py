"""Competition: two teams, scarce diamonds, few altars, stores that can be robbed."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.competition import make_competition


def simulation(combat: bool = True) -> SimulationConfig:
    """The game as policies are measured in it: `basic` without attacks, `combat` with them."""
    name = "combat" if combat else "basic"
    return SimulationConfig(
        suite="competition", name=name, env=make_competition(combat=combat), num_episodes=20
    )


def simulations() -> list[SimulationConfig]:
    """Without attacks and with them."""
    return [simulation(combat=False), simulation(combat=True)]


def train(combat: bool = True, shared: float = 0.5) -> TrainTool:
    """Train both teams at once, then print the scorecard.

    `shared` is the part of every reward that is spread over the agent's team; hearts are counted for who made them.
    """
    game = make_competition(combat=combat, shared=shared, shaped=True)
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=game),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation(combat)]),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies without attacks and with them; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(simulations=simulations(), policy_uris=given, policy_uri=policy_uri)


def play(policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy, with combat."""
    return PlayTool(policy_uri=policy_uri, sim=simulation())


def replay(policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode with combat as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation())
