"""Navigation: find the altars. Trained on generated terrain, measured on 25 named maps with budgets."""

from metta.rl.training import (
    EvaluatorConfig,
    PPOActorConfig,
    TrainerConfig,
    TrainingEnvironmentConfig,
    ppo_losses,
)
from metta.sim.scorecard import ALL_BASELINES
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.play import PlayTool
from metta.tools.replay import ReplayTool
from metta.tools.train import TrainTool
from mettagrid.games.navigation import NAVIGATION_TASKS, make_navigation

TERRAIN = "terrain"
"""The simulation on generated maps, which are others than those of training."""


def simulation(task: str = TERRAIN) -> SimulationConfig:
    """One of the named tasks, or generated terrain."""
    if task == TERRAIN:  # a suite of its own: the mean of the suite is that of the named tasks
        return SimulationConfig(suite=TERRAIN, name="navigation", env=make_navigation(), num_episodes=50)
    return SimulationConfig(suite="navigation", name=task, env=make_navigation(task), num_episodes=10)


def simulations() -> list[SimulationConfig]:
    """All named tasks, then terrain."""
    return [simulation(task) for task in (*NAVIGATION_TASKS, TERRAIN)]


def train() -> TrainTool:
    """Train on generated terrain, never on the named maps; the scorecard is of terrain not trained on.

    One agent a world: with 256 worlds the policy is asked for as many actions at once as in ten arenas. With the
    usual entropy of 0.01 it still bumps into walls at the end.
    """
    return TrainTool(
        training_env=TrainingEnvironmentConfig(game=make_navigation(), num_worlds=256),
        trainer=TrainerConfig(losses={**ppo_losses(), "ppo_actor": PPOActorConfig(ent_coef=0.003)}),
        evaluator=EvaluatorConfig(simulations=[simulation()], baselines=ALL_BASELINES),
    )


def evaluate(policy_uris: str | list[str] | None = None, policy_uri: str | None = None) -> EvaluateTool:
    """Measure policies on all named tasks and on terrain; without one, only the baselines."""
    given = [policy_uris] if isinstance(policy_uris, str) else policy_uris or []
    return EvaluateTool(
        simulations=simulations(), policy_uris=given, policy_uri=policy_uri, baselines=ALL_BASELINES
    )


def play(task: str = TERRAIN, policy_uri: str = "mock://random") -> PlayTool:
    """Watch a policy in one of the tasks."""
    return PlayTool(policy_uri=policy_uri, sim=simulation(task))


def replay(task: str = TERRAIN, policy_uri: str = "mock://random") -> ReplayTool:
    """Record an episode of one of the tasks as a replay file and a movie."""
    return ReplayTool(policy_uri=policy_uri, sim=simulation(task))
