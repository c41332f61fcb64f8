"""Learning beside a teacher: who is taught, who acts, and what the teacher would have done.

The teacher plays along in the rollout with a memory of its own, so it answers what the agent meets and never has to
look twice at old steps. Its answers are kept in the experience.
"""

from abc import ABC

import torch
from pydantic import Field, model_validator
from torch import Tensor

from metta.policy import categorical
from metta.policy.uri import load_policy
from metta.rl.experience import Experience, ExtraKey, Minibatch
from metta.rl.losses.loss import Loss, LossConfig, LossContext
from metta.rollout.rollout import Rollout

_LOG_RATIO_LIMIT = 10.0


class TaughtConfig(LossConfig, ABC):
    """Settings of every loss with a teacher. Agents are dealt anew to the shares before every rollout."""

    teacher: str = Field(
        default="mock://scripted", min_length=1, description="address of the policy that teaches"
    )
    student_led: float = Field(
        default=1.0, ge=0.0, le=1.0, description="share of agents that act themselves and are taught"
    )
    teacher_led: float = Field(
        default=0.0, ge=0.0, le=1.0, description="share of agents for which the teacher acts; taught, too"
    )
    practise: bool = Field(
        default=True,
        description="whether the first share also learns from rewards; false = slices: either taught or not",
    )

    @model_validator(mode="after")
    def _shares_fit(self) -> "TaughtConfig":
        if self.student_led + self.teacher_led > 1.0 + 1e-9:
            raise ValueError(
                f"student_led={self.student_led} and teacher_led={self.teacher_led} are more than all agents; "
                "lower one so that their sum is at most 1"
            )
        return self


class TaughtLoss(Loss, ABC):
    """What losses with a teacher have in common.

    Steps that the teacher chose are off-policy: no policy gradient, and V-trace weighs them by the student's
    probability over the teacher's.
    """

    row_buffers = frozenset({"memory", "led", "followed"})
    memory: Tensor
    led: Tensor
    followed: Tensor

    def __init__(self, config: TaughtConfig, context: LossContext) -> None:
        super().__init__(config, context)
        self.shares = config
        spec = context.policy.spec
        teacher = load_policy(config.teacher, spec, context.device).requires_grad_(False)
        self._teacher = (teacher,)  # neither trained nor saved
        self.num_actions = len(spec.action_names)
        self.register_buffer("memory", teacher.initial_state(context.num_rows, context.device))
        self.register_buffer("led", torch.zeros(context.num_rows, dtype=torch.bool))
        self.register_buffer("followed", torch.zeros(context.num_rows, dtype=torch.bool))

    def experience_keys(self) -> dict[str, ExtraKey]:
        """See `Loss.experience_keys`."""
        return {
            "actions": ExtraKey(torch.int64),
            "log_probs": ExtraKey(torch.float32, (self.num_actions,)),
            "values": ExtraKey(torch.float32),
            "taught": ExtraKey(torch.bool),
        }

    def on_rollout_start(self, rollout: Rollout) -> None:
        """Deal the agents to the shares."""
        num_rows = rollout.env.num_agents * rollout.share.total
        lot = rollout.share.own(torch.rand(num_rows, device=self.led.device))
        self.led.copy_(lot < self.shares.teacher_led)
        self.followed.copy_(~self.led & (lot < self.shares.teacher_led + self.shares.student_led))

    def on_decided(self, rollout: Rollout, experience: Experience, step: int) -> None:
        """Ask the teacher, keep what it says, let it act for its share of the agents."""
        view = experience.view(step)
        output = self._teacher[0](view.observations, view.action_mask, self.memory, view.resets)
        self.memory.copy_(output.state)
        actions = rollout.sample(output.logits) * view.alive
        log_probs = output.logits.float().log_softmax(dim=-1)
        kept = {
            "actions": actions,
            "log_probs": log_probs,
            "values": output.value,
            "taught": (self.led | self.followed) & view.alive,
        }
        for key, value in kept.items():
            self.extra_steps(experience, key)[step].copy_(value)
        acts = self.led & ~experience.off_policy[step]
        experience.off_policy[step] |= self.led if self.shares.practise else self.led | self.followed
        chosen = log_probs.gather(-1, actions.unsqueeze(-1)).squeeze(-1)
        own = categorical.log_prob(rollout.seats[0].logits, actions)
        ratios = (own - chosen).clamp(-_LOG_RATIO_LIMIT, _LOG_RATIO_LIMIT).exp()
        view.actions.copy_(torch.where(acts, actions, view.actions))
        view.log_probs.copy_(torch.where(acts, chosen, view.log_probs))
        experience.ratios[step].copy_(torch.where(acts, ratios, experience.ratios[step]))

    def taught(self, minibatch: Minibatch) -> Tensor:
        """Return where the teacher's answer counts, bool [H, B]."""
        return self.extra(minibatch, "taught")
