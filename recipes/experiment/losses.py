"""PPO with one more loss (or another one in its place), in games in which it is meant to help."""

from metta.rl.losses.action_supervised import ActionSupervisedConfig
from metta.rl.losses.contrastive import ContrastiveConfig
from metta.rl.losses.curiosity import CuriosityConfig
from metta.rl.losses.distillation import DistillationConfig
from metta.rl.losses.dynamics import DynamicsConfig
from metta.rl.losses.grpo import GRPOConfig
from metta.rl.losses.latent_prediction import LatentPredictionConfig
from metta.rl.losses.loss import LossConfig
from metta.rl.losses.reconstruction import ReconstructionConfig
from metta.rl.training import (
    EvaluatorConfig,
    ScheduleConfig,
    TrainerConfig,
    TrainingEnvironmentConfig,
    ppo_losses,
)
from metta.sim.simulation_config import SimulationConfig
from metta.tools.train import TrainTool
from mettagrid.builder.envs import make_arena
from mettagrid.config.nearest import did_you_mean
from mettagrid.games.navigation import make_navigation

ADDED: dict[str, LossConfig] = {
    "action_supervised": ActionSupervisedConfig(),
    "cloning": DistillationConfig(teacher_led=1.0, student_led=0.0),
    "contrastive": ContrastiveConfig(),
    "curiosity": CuriosityConfig(),
    "distillation": DistillationConfig(),
    "dynamics": DynamicsConfig(),
    "latent_prediction": LatentPredictionConfig(),
    "reconstruction": ReconstructionConfig(),
}
TAUGHT = ("action_supervised", "cloning", "distillation")
NAMES = ("ppo", "grpo", *ADDED)
GAMES = ("arena", "navigation")
TAUGHT_SHARE = {"arena": 0.5, "navigation": 0.25}
"""Part of the run in which there is a teacher. That of navigation thinks ten times as long as the policy does."""


def losses_of(name: str) -> dict[str, LossConfig]:
    """Return the losses of a case: `ppo`, `grpo`, or PPO and the one that is named.

    Raises:
        ValueError: there is no such case.
    """
    if name not in NAMES:
        raise ValueError(f"loss={name!r} is no case; {did_you_mean(name, NAMES)}")
    if name == "grpo":
        return {"grpo": GRPOConfig(group_size=8)}
    return {**ppo_losses(), **({name: ADDED[name]} if name in ADDED else {})}


def schedules_of(name: str, game: str, agent_steps: int) -> list[ScheduleConfig]:
    """Teachers help at first only: their weight falls to nothing over a part of the run."""
    if name not in TAUGHT:
        return []
    until = agent_steps * TAUGHT_SHARE[game]
    return [ScheduleConfig(path=f"losses.{name}.weight", start=1.0, end=0.0, until=until)]


def game_of(name: str, sparse: bool) -> TrainingEnvironmentConfig:
    """Return what is trained in: `arena`, peaceful, or `navigation`, one agent a world, whose rewards are sparse.

    Raises:
        ValueError: there is no such game.
    """
    if name not in GAMES:
        raise ValueError(f"game={name!r} is none of these; {did_you_mean(name, GAMES)}")
    if name == "navigation":
        return TrainingEnvironmentConfig(game=make_navigation(), num_worlds=256)
    return TrainingEnvironmentConfig(game=make_arena(combat=False, shaped=not sparse))


def train(
    loss: str = "ppo", game: str = "arena", sparse: bool = True, agent_steps: int = 10_000_000
) -> TrainTool:
    """Train in the peaceful arena or in navigation; sparse: hearts alone are rewarded, not what leads to them."""
    measured = make_navigation() if game == "navigation" else make_arena(combat=False)
    return TrainTool(
        training_env=game_of(game, sparse),
        trainer=TrainerConfig(
            total_timesteps=agent_steps,
            losses=losses_of(loss),
            schedules=schedules_of(loss, game, agent_steps),
        ),
        evaluator=EvaluatorConfig(simulations=[SimulationConfig(suite=game, name="basic", env=measured)]),
    )
