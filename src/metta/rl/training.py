"""What a recipe needs to describe a training run."""

from metta.rl.components.checkpointer import CheckpointerConfig
from metta.rl.components.evaluator import EvaluatorConfig
from metta.rl.config import OptimizerConfig, TrainerConfig
from metta.rl.environment import TrainingEnvironmentConfig
from metta.rl.losses.ppo import PPOConfig

__all__ = [
    "CheckpointerConfig",
    "EvaluatorConfig",
    "OptimizerConfig",
    "PPOConfig",
    "TrainerConfig",
    "TrainingEnvironmentConfig",
]
