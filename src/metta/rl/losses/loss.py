"""What every loss has in common.

A loss is a config (its settings) and a module (its maths, and the weights that only it needs). The trainer calls the
hooks in the order in which they stand here; all but `compute` may be left out. A new loss is one new file in this
folder (or anywhere that the recipe imports) and one line in a recipe: see docs/guides/own_loss.md.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from inspect import isabstract
from typing import Annotated, Any, ClassVar

import torch
from pydantic import BeforeValidator, Field, SerializeAsAny
from torch import Tensor, nn

from metta.common.errors import UserError
from metta.io.spec import EMPTY_CELL
from metta.policy.policy import Policy, PolicyOutput
from metta.rl.experience import Experience, ExtraKey, Minibatch
from metta.rl.kinds import Kinds
from metta.rollout.rollout import Rollout
from mettagrid.config.base import Config

FEATURES = "features"
"""Name in `PolicyOutput.extras` of what the policy's heads look at."""


LOSSES: Kinds["LossConfig"] = Kinds("loss", "metta.rl.losses")
"""All kinds of losses."""


class LossConfig(Config, ABC):
    """Settings that every loss has; a subclass is one kind of loss, named by its field `kind`."""

    weight: float = Field(
        default=1.0, ge=0.0, allow_inf_nan=False, description="factor of this term in the objective; 0 = off"
    )
    begin_at: int = Field(default=0, ge=0, description="agent-steps of the run before which it is off")
    end_at: int | None = Field(
        default=None, ge=0, description="agent-steps of the run from which on it is off; none = never"
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Make the kind known; see `Kinds.register`."""
        super().__pydantic_init_subclass__(**kwargs)
        if not isabstract(cls):
            LOSSES.register(cls)

    @abstractmethod
    def build(self, context: "LossContext") -> "Loss":
        """Return the loss for a run."""

    def is_active(self, num_agent_steps: int) -> bool:
        """Return whether it counts in the epoch that begins after so many agent-steps."""
        return (
            self.weight > 0.0
            and num_agent_steps >= self.begin_at
            and (self.end_at is None or num_agent_steps < self.end_at)
        )


LossField = Annotated[SerializeAsAny[LossConfig], BeforeValidator(LOSSES.resolve)]
"""Type of a config's field that holds a loss and takes whatever `Kinds.resolve` takes."""

LossesField = Annotated[dict[str, LossField], BeforeValidator(LOSSES.by_name)]
"""Type of a config's field that holds the losses of a run, in the order in which they run."""


@dataclass(frozen=True)
class LossContext:
    """What a loss is built from.

    Attributes:
        name: of this loss in the run; its extra keys and its metrics begin with it.
        policy: that is trained.
        num_rows: `N`, rows of this process's batch of worlds.
        device: where the policy is.
    """

    name: str
    policy: Policy
    num_rows: int
    device: torch.device

    @cached_property
    def feature_size(self) -> int:
        """Size of the policy's features: asks the policy with an empty observation.

        Raises:
            UserError: the policy offers no features.
        """
        spec = self.policy.spec
        observations = torch.zeros(1, 1, spec.num_tokens, 3, dtype=torch.uint8, device=self.device)
        observations[..., 0] = EMPTY_CELL
        mask = torch.ones(1, 1, len(spec.action_names), dtype=torch.bool, device=self.device)
        resets = torch.ones(1, 1, dtype=torch.bool, device=self.device)
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            output = self.policy(observations, mask, self.policy.initial_state(1, self.device), resets)
        if FEATURES not in output.extras:
            raise UserError(
                f"trainer.losses.{self.name} needs a policy that offers features; "
                f"{type(self.policy).__name__} has no extras[{FEATURES!r}]"
            )
        return output.extras[FEATURES].shape[-1]


@dataclass(frozen=True)
class LossResult:
    """A term of the objective and what to report about it; everything stays on the device."""

    loss: Tensor
    """Scalar with gradient, before the weight."""
    metrics: dict[str, Tensor]
    """Scalars without gradient, by name."""


class Loss(nn.Module, ABC):
    """One term of the objective; the trainer adds the active terms with their weights.

    Where several processes train together, each computes its part of every minibatch. Means must be
    `advantage.masked_mean` then: it divides by the mean number of steps over ranks.

    Parameters are trained with the policy's, by the same optimizer; parameters and buffers are saved with the
    trainer's state. What must be neither (the trained policy, a teacher) is kept in a tuple.

    Args:
        config: settings; schedules change them between epochs.
        context: what it is built from.
    """

    row_buffers: ClassVar[frozenset[str]] = frozenset()
    """Buffers with an entry for each row of the batch, [N, ..]: every rank has its own. All others are shared."""

    def __init__(self, config: LossConfig, context: LossContext) -> None:
        super().__init__()
        self.config = config
        self.name = context.name

    def experience_keys(self) -> dict[str, ExtraKey]:
        """Return what this loss wants to be kept of every step, by name."""
        return {}

    def on_rollout_start(self, rollout: Rollout) -> None:
        """Before the first step of an epoch's rollout."""

    def on_decided(self, rollout: Rollout, experience: Experience, step: int) -> None:
        """After the policy chose the actions of a step, before they are played; may choose others."""

    def on_rollout_end(self, rollout: Rollout, experience: Experience) -> None:
        """After the rollout, before advantages; may change `experience.rewards` and fill its own keys."""

    @abstractmethod
    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """Return the loss of the policy's output on a minibatch.

        Args:
            minibatch: rows of experience, [H, B].
            output: what the policy answers on them now: logits [H, B, num_actions], value [H, B].
        """

    def on_optimizer_step(self) -> None:
        """After the weights have changed."""

    def extra(self, minibatch: Minibatch, key: str) -> Tensor:
        """Return one of this loss's own keys of a minibatch, [H, B, ..]."""
        return minibatch.extras[extra_name(self.name, key)]

    def extra_steps(self, experience: Experience, key: str) -> Tensor:
        """Return one of this loss's own keys of the whole experience, [T, N, ..]."""
        return experience.extras[extra_name(self.name, key)]


def extra_name(loss: str, key: str) -> str:
    """Return the name in the experience of a loss's own key."""
    return f"{loss}.{key}"


def features_of(output: PolicyOutput) -> Tensor:
    """Return what the policy's heads looked at, float32 [H, B, D]."""
    return output.extras[FEATURES].float()
