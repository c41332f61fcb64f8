"""The arena: agents harvest diamonds, turn them into energy and energy into hearts, fight and share."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.builder.envs import make_arena


def simulation(combat: bool) -> SimulationConfig:
    """The arena of 24 agents as policies are measured in it: `basic` without fighting, `combat` with it.

    Maps differ a lot in how near things are to each other; 30 of them make the means comparable.
    """
    name = "combat" if combat else "basic"
    return SimulationConfig(suite="arena", name=name, env=make_arena(combat=combat), num_episodes=30)


def simulations() -> list[SimulationConfig]:
    """Both arenas."""
    return [simulation(combat=False), simulation(combat=True)]


def train(combat: bool = False) -> TrainTool:
    """Train on the arena, then print the scorecard beside the random and the scripted policy.

    Small rewards for diamonds and charging lead the way; the scorecard counts hearts. Without combat a policy learns
    to make hearts in minutes on two cores; with it, it takes about three times as long.
    """
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=make_arena(combat=combat, shaped=True)),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation(combat)]),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies on the arena; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(simulations=simulations(), policy_uris=given, policy_uri=policy_uri)


def play(policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy in the arena."""
    return PlayTool(policy_uri=policy_uri, sim=simulations()[1])


def replay(policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode of the arena as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulations()[1])
