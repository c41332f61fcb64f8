"""Minibatches of random numbers for the tests of losses, and losses for the tiny policy."""

import math
from typing import Any

import torch

from metta.policy.policy import PolicyOutput
from metta.rl.experience import Minibatch
from metta.rl.losses.loss import Loss, LossConfig, LossContext
from tests.rl.fakes import tiny_policy

NUM_ACTIONS = 4


def make_minibatch(steps: int = 4, rows: int = 3, seed: int = 0, **changes: Any) -> Minibatch:
    """Everybody lives in one episode and chose at random; `changes` replace whole tensors."""
    generator = torch.Generator().manual_seed(seed)
    shape = (steps, rows)

    def normal() -> torch.Tensor:
        return torch.randn(shape, generator=generator)

    observations = torch.zeros(*shape, 2, 3, dtype=torch.uint8)
    observations[:, :, 0, 0] = 0x11
    observations[:, :, 0, 2] = torch.randint(0, 4, shape, generator=generator)
    observations[:, :, 1] = torch.tensor([254, 1, 7])
    tensors = {
        "observations": observations,
        "action_mask": torch.ones(*shape, NUM_ACTIONS, dtype=torch.bool),
        "resets": torch.zeros(shape, dtype=torch.bool),
        "alive": torch.ones(shape, dtype=torch.bool),
        "actions": torch.randint(0, NUM_ACTIONS, shape, generator=generator),
        "log_probs": torch.full(shape, math.log(1 / NUM_ACTIONS)),
        "values": normal(),
        "advantages": normal(),
        "returns": normal(),
        "memory": torch.zeros(rows, 8),
        "index": torch.arange(steps * rows),
        "rewards": normal(),
    }
    tensors.update(changes)
    tensors.setdefault("on_policy", tensors["alive"])
    return Minibatch(**tensors)


def make_output(minibatch: Minibatch, size: int = 8, seed: int = 1) -> PolicyOutput:
    """Random answers with gradients; `features` are [H, B, size]."""
    generator = torch.Generator().manual_seed(seed)
    shape = minibatch.alive.shape
    return PolicyOutput(
        logits=torch.randn(*shape, NUM_ACTIONS, generator=generator).requires_grad_(),
        value=torch.randn(shape, generator=generator).requires_grad_(),
        state=minibatch.memory,
        extras={"features": torch.randn(*shape, size, generator=generator).requires_grad_()},
    )


def build(config: LossConfig, name: str = "loss", rows: int = 3) -> Any:
    """The loss for the tiny policy."""
    context = LossContext(name, tiny_policy(), rows, torch.device("cpu"))
    loss = config.build(context)
    assert isinstance(loss, Loss)
    return loss
