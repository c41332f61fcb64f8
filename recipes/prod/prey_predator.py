"""Prey and predators: prey graze and hide, predators sprint and catch."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.prey_predator import make_prey_predator


def simulation(deadly: bool = False) -> SimulationConfig:
    """The game as policies are measured in it: caught prey is frozen (`mild`) or eaten (`deadly`)."""
    name, env = "deadly" if deadly else "mild", make_prey_predator(deadly=deadly)
    return SimulationConfig(suite="prey_predator", name=name, env=env, num_episodes=20)


def simulations() -> list[SimulationConfig]:
    """Mild and deadly."""
    return [simulation(), simulation(deadly=True)]


def train(deadly: bool = False, sample_bodies: bool = False) -> TrainTool:
    """Train both species at once, then print the scorecard.

    `sample_bodies` draws every agent's species anew in each episode, so that a policy meets many and few predators.
    """
    game = make_prey_predator(deadly=deadly, sample_bodies=sample_bodies, shaped=True)
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=game),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation(deadly)]),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies, mild and deadly; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(simulations=simulations(), policy_uris=given, policy_uri=policy_uri)


def play(policy_uri: str = "mock://random", deadly: bool = False) -> PlayTool:
    """Watch a policy."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(deadly))


def replay(policy_uri: str = "mock://random", deadly: bool = False) -> ReplayTool:
    """Record an episode as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(deadly))
