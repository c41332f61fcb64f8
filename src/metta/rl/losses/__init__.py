"""Losses: one file each. A loss takes tensors and returns a value and metrics; it knows no trainer and no world."""

from metta.rl.losses.loss import Loss, LossResult
from metta.rl.losses.ppo import PPOConfig, PPOLoss

__all__ = ["Loss", "LossResult", "PPOConfig", "PPOLoss"]
