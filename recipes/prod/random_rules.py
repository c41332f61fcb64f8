"""Random rules: a game whose goal and rules are drawn and hidden, so that a policy must find them out by trying."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.random_rules import make_random_rules


def simulation(difficulty: int = 3, seed: int = 0) -> SimulationConfig:
    """One drawn game as policies are measured in it."""
    return SimulationConfig(
        suite="random_rules",
        name=f"difficulty_{difficulty}_seed_{seed}",
        env=make_random_rules(seed, difficulty),
        num_episodes=30,
    )


def baselines(difficulty: int = 3, seed: int = 0) -> list[str]:
    """Chance, and a script that is told the rules."""
    return ["mock://random", f"mock://scripted?difficulty={difficulty}&seed={seed}"]


def train(difficulty: int = 3, seed: int = 0) -> TrainTool:
    """Train on the game that a seed draws, with small rewards for the stations that lead to a heart."""
    return TrainTool(
        training_env=TrainingEnvironmentConfig(
            game=make_random_rules(seed, difficulty, shaped=True), num_worlds=128
        ),
        trainer=TrainerConfig(total_timesteps=20_000_000),
        evaluator=EvaluatorConfig(
            simulations=[simulation(difficulty, seed)], baselines=baselines(difficulty, seed)
        ),
    )


def evaluate(
    difficulty: int = 3,
    seed: int = 0,
    policy_uris: str | list[str] | None = None,
    policy_uri: str | None = None,
) -> EvaluateTool:
    """Measure policies on the game that a seed draws; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(
        simulations=[simulation(difficulty, seed)],
        policy_uris=given,
        policy_uri=policy_uri,
        baselines=baselines(difficulty, seed),
    )


def play(difficulty: int = 3, seed: int = 0, policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy in the game that a seed draws."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(difficulty, seed))


def replay(difficulty: int = 3, seed: int = 0, policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode of the game that a seed draws as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(difficulty, seed))
