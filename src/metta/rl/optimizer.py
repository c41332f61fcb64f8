"""Optimizers: settings, building, stepping, learning rates, clipping, and their state as plain tensors."""

import importlib
import math
from typing import Any, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from metta.common.errors import UserError
from mettagrid.config.base import Config


class OptimizerConfig(Config):
    """The optimizer, its learning rate, and what is done to the gradient before."""

    type: Literal["adam", "adamw", "muon", "schedule_free"] = Field(
        default="adam",
        description="muon: orthogonal steps for hidden matrices, AdamW for the rest; schedule_free: averages "
        "instead of annealing, needs metta[schedule_free]",
    )
    learning_rate: float = Field(
        default=2e-3, gt=0.0, description="Step size. The networks are small; larger ones want about 3e-4."
    )
    schedule: Literal["linear", "cosine", "constant"] = Field(
        default="linear",
        description="Falls to 0 at total_timesteps: the last policy is the one that is kept. schedule_free "
        "wants constant.",
    )
    warmup: int = Field(
        default=0, ge=0, description="Agent-steps in which the learning rate rises to its value; 0 = none."
    )
    beta1: float = Field(
        default=0.9, ge=0.0, lt=1.0, description="Memory of the gradient; Adam's usual value."
    )
    beta2: float = Field(
        default=0.999, ge=0.0, lt=1.0, description="Memory of its square; Adam's usual value."
    )
    eps: float = Field(
        default=1e-5,
        gt=0.0,
        description="Keeps parameters that rarely get a gradient from jumping; PPO's usual value.",
    )
    momentum: float = Field(default=0.95, ge=0.0, lt=1.0, description="Muon's memory of the gradient.")
    weight_decay: float = Field(
        default=0.0, ge=0.0, description="None: PPO's data never repeats, so it hardly overfits."
    )
    max_grad_norm: float = Field(
        default=0.5,
        gt=0.0,
        description="Longer gradients are shortened to this; a rare reward else throws the policy far off.",
    )


class Optimizer:
    """One PyTorch optimizer, or two that step together, over named parameters.

    Args:
        config: settings.
        parameters: all that is trained, in a fixed order.
    """

    # What an optimizer itself counts in its groups; all else there are settings, and those of the session hold.
    COUNTED = frozenset({"params", "k", "weight_sum", "lr_max", "scheduled_lr", "train_mode"})

    def __init__(self, config: OptimizerConfig, parameters: dict[str, nn.Parameter]) -> None:
        self.parts = _build(config, parameters)
        self.is_averaging = config.type == "schedule_free"
        self._latest: list[tuple[nn.Parameter, Tensor]] = []  # while the averaged weights are in their place
        self.use_latest_weights()

    @property
    def learning_rate(self) -> float:
        """The learning rate of all parameters."""
        return self.parts[0].param_groups[0]["lr"]

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = value

    def zero_grad(self) -> None:
        """Forget all gradients."""
        for part in self.parts:
            part.zero_grad(set_to_none=True)

    def step(self) -> None:
        """Change the weights."""
        for part in self.parts:
            part.step()

    def use_latest_weights(self) -> None:
        """Give the parameters the weights that are trained, with which the policy also acts in rollouts."""
        if self.is_averaging:
            for part in self.parts:
                part.train()  # pyright: ignore[reportAttributeAccessIssue]
        with torch.no_grad():
            for parameter, latest in self._latest:
                parameter.copy_(latest)  # the way back rounds: a run must not depend on when it is saved
        self._latest = []

    def use_averaged_weights(self) -> None:
        """Give the parameters the averaged weights, if this optimizer averages; not for training."""
        if self.is_averaging:
            parameters = [p for part in self.parts for group in part.param_groups for p in group["params"]]
            self._latest = [(parameter, parameter.detach().clone()) for parameter in parameters]
            for part in self.parts:
                part.eval()  # pyright: ignore[reportAttributeAccessIssue]

    def groups(self) -> list[list[dict[str, Any]]]:
        """Return settings and counters of each part, as JSON can hold them."""
        return [part.state_dict()["param_groups"] for part in self.parts]

    def tensors(self) -> dict[str, Tensor]:
        """Return moments and the like by `<part>.<parameter>.<name>`."""
        return {
            f"{number}.{parameter}.{name}": value
            for number, part in enumerate(self.parts)
            for parameter, values in part.state_dict()["state"].items()
            for name, value in values.items()
        }

    def restore(self, groups: list[list[dict[str, Any]]], tensors: dict[str, Tensor]) -> None:
        """Put back what `groups` and `tensors` gave; settings of this session hold, e.g. another rate.

        Raises:
            ValueError: it was another optimizer.
        """
        if len(groups) != len(self.parts):
            raise ValueError("the saved optimizer is of another type")
        for number, (part, saved) in enumerate(zip(self.parts, groups, strict=True)):
            moments = _moments(number, tensors)
            _check_moments(part, saved, moments)
            present = [
                {key: value for key, value in group.items() if key not in self.COUNTED}
                for group in part.param_groups
            ]
            part.load_state_dict({"state": moments, "param_groups": saved})
            for group, settings in zip(part.param_groups, present, strict=True):
                group.update(settings)


def _moments(part: int, tensors: dict[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    """Return what is named `<part>.<parameter>.<name>` by parameter and name."""
    moments: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        which, parameter, key = name.split(".")
        if int(which) == part:
            moments.setdefault(int(parameter), {})[key] = value
    return moments


def _check_moments(
    part: torch.optim.Optimizer, groups: list[dict[str, Any]], moments: dict[int, dict[str, Tensor]]
) -> None:
    """Refuse what PyTorch would take and stumble over later: other parameters, moments of other shapes."""
    present = part.state_dict()["param_groups"]
    if [group.get("params") for group in groups] != [group["params"] for group in present]:
        raise ValueError("the saved optimizer has other parameters")
    for saved, group in zip(groups, present, strict=True):
        for key in Optimizer.COUNTED & group.keys():
            if type(saved.get(key)) is not type(group[key]) and not _are_numbers(saved.get(key), group[key]):
                raise ValueError(f"{key} of the saved optimizer is {saved.get(key)!r}")
    parameters = [parameter for group in part.param_groups for parameter in group["params"]]
    if len({frozenset(values) for values in moments.values()}) > 1:
        raise ValueError("the saved optimizer lacks moments of some parameters")
    for number, values in moments.items():
        if number >= len(parameters):
            raise ValueError(f"the saved optimizer has a parameter {number}; there are {len(parameters)}")
        for key, value in values.items():
            if value.shape not in ((), parameters[number].shape):
                raise ValueError(f"{key} of parameter {number} has the shape {tuple(value.shape)}")


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def learning_rate(config: OptimizerConfig, num_agent_steps: int, total_timesteps: int) -> float:
    """Return the learning rate of the epoch that begins after `num_agent_steps`.

    rate * min(1, steps / warmup) * f(steps / total); f(x) = 1 - x, (1 + cos(pi x)) / 2 or 1.
    """
    done = min(1.0, num_agent_steps / total_timesteps)
    falling = {"linear": 1.0 - done, "cosine": 0.5 * (1.0 + math.cos(math.pi * done)), "constant": 1.0}
    rising = min(1.0, num_agent_steps / config.warmup) if config.warmup else 1.0
    return config.learning_rate * falling[config.schedule] * rising


def clip_gradients(parameters: list[nn.Parameter], max_norm: float) -> Tensor:
    """Shorten the whole gradient to at most `max_norm`, without waiting for the device.

    Args:
        parameters: all with a gradient.
        max_norm: Euclidean length over all of them.

    Returns:
        float32 [len(parameters)]: the norm of each one's gradient before.
    """
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    norms = torch.stack([torch.linalg.vector_norm(gradient) for gradient in gradients])
    scale = (max_norm / (torch.linalg.vector_norm(norms) + 1e-6)).clamp(max=1.0)
    for gradient in gradients:
        gradient.mul_(scale)
    return norms


def is_hidden_matrix(name: str, parameter: nn.Parameter) -> bool:
    """Return whether Muon is for it: a matrix between layers, not a head, a vector or a table."""
    return parameter.ndim == 2 and min(parameter.shape) > 1 and "head" not in name


def _build(config: OptimizerConfig, parameters: dict[str, nn.Parameter]) -> list[torch.optim.Optimizer]:
    everything = list(parameters.values())
    if config.type == "muon":
        matrices = [value for name, value in parameters.items() if is_hidden_matrix(name, value)]
        others = [value for name, value in parameters.items() if not is_hidden_matrix(name, value)]
        parts = [_muon(config, matrices)] if matrices else []
        return [*parts, _adam(torch.optim.AdamW, config, others)] if others else parts
    if config.type == "schedule_free":
        return [_schedule_free(config, everything)]
    return [_adam(torch.optim.AdamW if config.type == "adamw" else torch.optim.Adam, config, everything)]


def _adam(
    kind: type[torch.optim.Adam], config: OptimizerConfig, parameters: list[nn.Parameter]
) -> torch.optim.Optimizer:
    """Fused: one pass over memory instead of a dozen."""
    return kind(
        parameters,
        lr=config.learning_rate,
        betas=(config.beta1, config.beta2),
        eps=config.eps,
        weight_decay=config.weight_decay,
        fused=True,
    )


def _muon(config: OptimizerConfig, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    """Jordan 2024, https://kellerjordan.github.io/posts/muon; steps as long as AdamW's, so one rate fits both."""
    if not hasattr(torch.optim, "Muon"):
        raise UserError("trainer.optimizer.type=muon needs PyTorch 2.9 or later: pip install -U torch")
    return torch.optim.Muon(
        parameters,
        lr=config.learning_rate,
        momentum=config.momentum,
        weight_decay=config.weight_decay,
        adjust_lr_fn="match_rms_adamw",
    )


def _schedule_free(config: OptimizerConfig, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    """Defazio et al. 2024, https://arxiv.org/abs/2405.15682."""
    try:
        library = importlib.import_module("schedulefree")
    except ModuleNotFoundError:
        raise UserError(
            "trainer.optimizer.type=schedule_free needs schedulefree: pip install 'metta[schedule_free]'"
        ) from None
    return library.AdamWScheduleFree(
        parameters,
        lr=config.learning_rate,
        betas=(config.beta1, config.beta2),
        eps=config.eps,
        weight_decay=config.weight_decay,
    )
