"""What a recipe needs to describe a training run."""

from metta.rl.advantage import AdvantageConfig
from metta.rl.components.checkpointer import CheckpointerConfig
from metta.rl.components.evaluator import EvaluatorConfig
from metta.rl.config import TrainerConfig, ppo_losses
from metta.rl.environment import TrainingEnvironmentConfig
from metta.rl.losses.ppo_actor import PPOActorConfig
from metta.rl.losses.ppo_critic import PPOCriticConfig
from metta.rl.optimizer import OptimizerConfig
from metta.rl.schedules import ScheduleConfig

__all__ = [
    "AdvantageConfig",
    "CheckpointerConfig",
    "EvaluatorConfig",
    "OptimizerConfig",
    "PPOActorConfig",
    "PPOCriticConfig",
    "ScheduleConfig",
    "TrainerConfig",
    "TrainingEnvironmentConfig",
    "ppo_losses",
]
