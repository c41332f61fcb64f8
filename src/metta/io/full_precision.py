"""What is computed in float32 even where the trainer chose bfloat16."""

import torch
from torch import Tensor, nn


def in_full_precision(layer: nn.Module, features: Tensor) -> Tensor:
    """Return layer(features), float32.

    For heads: bfloat16 keeps 8 bits, so that a logit of 8 would be off by up to 1 in 60, and with it the probability
    ratios that training goes by. They are too small to cost anything.
    """
    with torch.autocast(features.device.type, enabled=False):
        return layer(features.float())
