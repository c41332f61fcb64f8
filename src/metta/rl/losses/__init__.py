"""Losses, one file each: tensors in, a value and metrics out. They know no trainer."""

from metta.rl.losses.loss import Loss, LossConfig, LossContext, LossResult

__all__ = ["Loss", "LossConfig", "LossContext", "LossResult"]
