"""Random rules: a game whose goal and rules are drawn and hidden, so that a policy must find them out by trying."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.config.game import GameConfig
from mettagrid.games.random_rules import make_random_rules, make_random_rules_batch

MIXED_EPISODES = 256
"""Episodes in which policies are measured if each draws its rules: several of every game."""


def simulation(difficulty: int = 3, seed: int = 0) -> SimulationConfig:
    """One drawn game as policies are measured in it."""
    return SimulationConfig(
        suite="random_rules",
        name=f"difficulty_{difficulty}_seed_{seed}",
        env=make_random_rules(seed, difficulty),
        num_episodes=30,
    )


def baselines(difficulty: int = 3, seed: int = 0, num_games: int = 1) -> list[str]:
    """Chance, and a script that is told the rules, if they are the same in all episodes."""
    told = [f"mock://scripted?difficulty={difficulty}&seed={seed}"] if num_games == 1 else []
    return ["mock://random", *told]


def simulations(difficulty: int = 3, seed: int = 0, num_games: int = 1) -> list[SimulationConfig]:
    """One drawn game; or the games of so many seeds, mixed, and as many others, which training does not meet."""
    if num_games == 1:
        return [simulation(difficulty, seed)]
    return [
        SimulationConfig(
            suite="random_rules",
            name=f"difficulty_{difficulty}_{name}",
            env=_mixed(difficulty, first, num_games, shaped=False),
            num_episodes=MIXED_EPISODES,
        )
        for name, first in (("met", seed), ("new", seed + num_games))
    ]


def _mixed(difficulty: int, first: int, num_games: int, shaped: bool) -> GameConfig:
    return make_random_rules_batch(range(first, first + num_games), difficulty, shaped=shaped)


def train(difficulty: int = 3, seed: int = 0, num_games: int = 1) -> TrainTool:
    """Train on the game that a seed draws, with small rewards for the stations that lead to a heart.

    With `num_games` above 1 every episode is one of the games of so many seeds, and nobody is told which: then the
    policy must learn to find out rules, and is measured in these games and in as many new ones.
    """
    return TrainTool(
        training_env=TrainingEnvironmentConfig(
            game=_mixed(difficulty, seed, num_games, shaped=True), num_worlds=128
        ),
        trainer=TrainerConfig(total_timesteps=20_000_000),
        evaluator=EvaluatorConfig(
            simulations=simulations(difficulty, seed, num_games),
            baselines=baselines(difficulty, seed, num_games),
        ),
    )


def evaluate(
    difficulty: int = 3,
    seed: int = 0,
    num_games: int = 1,
    policy_uris: str | list[str] | None = None,
    policy_uri: str | None = None,
) -> EvaluateTool:
    """Measure policies on the game that a seed draws, or with `num_games` on many; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(
        simulations=simulations(difficulty, seed, num_games),
        policy_uris=given,
        policy_uri=policy_uri,
        baselines=baselines(difficulty, seed, num_games),
    )


def play(difficulty: int = 3, seed: int = 0, policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy in the game that a seed draws."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(difficulty, seed))


def replay(difficulty: int = 3, seed: int = 0, policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode of the game that a seed draws as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(difficulty, seed))
