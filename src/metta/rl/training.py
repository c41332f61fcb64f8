"""What a recipe needs to describe a training run."""

from metta.rl.components.checkpointer import CheckpointerConfig
from metta.rl.components.evaluator import EvaluatorConfig
from metta.rl.config import AdvantageConfig, OptimizerConfig, TrainerConfig, ppo_losses
from metta.rl.environment import TrainingEnvironmentConfig
from metta.rl.losses.ppo_actor import PPOActorConfig
from metta.rl.losses.ppo_critic import PPOCriticConfig

__all__ = [
    "AdvantageConfig",
    "CheckpointerConfig",
    "EvaluatorConfig",
    "OptimizerConfig",
    "PPOActorConfig",
    "PPOCriticConfig",
    "TrainerConfig",
    "TrainingEnvironmentConfig",
    "ppo_losses",
]
