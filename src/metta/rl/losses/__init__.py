"""Losses, one file each: tensors in, a value and metrics out. They know no trainer and no world."""

from metta.rl.losses.loss import Loss, LossResult
from metta.rl.losses.ppo import PPOConfig, PPOLoss

__all__ = ["Loss", "LossResult", "PPOConfig", "PPOLoss"]
