"""The arena: agents harvest diamonds, turn them into energy and energy into hearts, fight and share."""

from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.sim.simulation_config import SimulationConfig
from metta.sweep.space import make_space
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.sweep import SweepTool
from metta.tools.train import TrainTool
from mettagrid.builder.envs import make_arena
from mettagrid.games.arena_ranges import make_arena_ranges


def simulation(combat: bool) -> SimulationConfig:
    """The arena of 24 agents as policies are measured in it: `basic` without fighting, `combat` with it.

    Maps differ a lot in how near things are to each other; 30 of them make the means comparable.
    """
    name = "combat" if combat else "basic"
    return SimulationConfig(suite="arena", name=name, env=make_arena(combat=combat), num_episodes=30)


def ranges_simulation(combat: bool) -> SimulationConfig:
    """The arena whose numbers are drawn anew in every episode; twice as many of them, since they differ more."""
    name = f"ranges_{'combat' if combat else 'basic'}"
    return SimulationConfig(suite="arena", name=name, env=make_arena_ranges(combat=combat), num_episodes=60)


def simulations() -> list[SimulationConfig]:
    """Both arenas."""
    return [simulation(combat=False), simulation(combat=True)]


def train(combat: bool = False, ranges: bool = False) -> TrainTool:
    """Train on the arena, then print the scorecard beside the random and the scripted policy.

    Small rewards for diamonds and charging lead the way; the scorecard counts hearts. Without combat a policy learns
    to make hearts in minutes on two cores; with it, it takes about three times as long. With ranges every episode has
    other prices, cooldowns, blows and stations, and agents are told the numbers.
    """
    make, measured = (make_arena_ranges, ranges_simulation) if ranges else (make_arena, simulation)
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=make(combat=combat, shaped=True)),
        trainer=TrainerConfig(),
        evaluator=EvaluatorConfig(simulations=[measured(combat)]),
    )


def evaluate(
    policy_uris: str | list[str] | None = None, policy_uri: str | None = None, ranges: bool = False
) -> EvaluateTool:
    """Measure policies on the arena, with ranges on those arenas; without a policy, only the baselines."""
    ranged = [ranges_simulation(combat=False), ranges_simulation(combat=True)] if ranges else []
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(simulations=ranged or simulations(), policy_uris=given, policy_uri=policy_uri)


def sweep() -> SweepTool:
    """Look for learning rate, entropy bonus and portions with which short trainings make the most hearts."""
    return SweepTool(
        recipe_module="arena",
        search_space=make_space(
            {
                "trainer.optimizer.learning_rate": "3e-4..1e-2:log",
                "trainer.losses.ppo_actor.ent_coef": "1e-3..3e-2:log",
                "trainer.minibatch_size": "1024..8192:pow2",
            }
        ),
        train_overrides={"trainer.total_timesteps": 4_000_000},
        metric="episode/heart.gained",
        pruner="median",
        max_trials=24,
    )


def play(policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy in the arena."""
    return PlayTool(policy_uri=policy_uri, sim=simulations()[1])


def replay(policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode of the arena as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulations()[1])
