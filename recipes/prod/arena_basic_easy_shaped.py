"""The arena of mid-2025: ore, batteries and hearts; lasers and armor. One battery makes a heart."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.arena_basic_easy_shaped import make_arena_basic_easy_shaped


def simulation(combat: bool) -> SimulationConfig:
    """The game as policies are measured in it: `basic` without fighting, `combat` with it; hearts pay only."""
    return SimulationConfig(
        suite="arena_basic_easy_shaped",
        name="combat" if combat else "basic",
        env=make_arena_basic_easy_shaped(combat=combat),
        num_episodes=10,
    )


def simulations() -> list[SimulationConfig]:
    """Without fighting and with it."""
    return [simulation(combat=False), simulation(combat=True)]


def train(combat: bool = False, curriculum: bool = False) -> TrainTool:
    """Train with rewards for what agents hold, then print the scorecard, which counts hearts.

    With the curriculum every episode draws its rewards and some of its numbers anew.
    """
    game = make_arena_basic_easy_shaped(combat=combat, shaped=True, curriculum=curriculum)
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=game),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[simulation(combat)]),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies without fighting and with it; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(simulations=simulations(), policy_uris=given, policy_uri=policy_uri)


def play(policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy, with combat."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(combat=True))


def replay(policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode with combat as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(combat=True))
