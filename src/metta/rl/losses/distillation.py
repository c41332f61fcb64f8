"""Distillation: be as the teacher is, by the divergence of the action distributions.

One loss for what goes by many names. Kickstarting (Schmitt et al. 2018, https://arxiv.org/abs/1803.03835):
student_led=1, beside PPO, with a weight that a schedule lets fall. Supervised: teacher_led=1, student_led=0. Sliced:
shares below 1 and practise=false; the rest of the agents learns by PPO alone. The teacher's logits are kept in the
rollout, so that several passes cost no further look.
"""

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

from metta.policy.policy import PolicyOutput
from metta.rl.advantage import masked_mean
from metta.rl.experience import Minibatch
from metta.rl.losses.loss import Loss, LossContext, LossResult
from metta.rl.losses.teacher import TaughtConfig, TaughtLoss


class DistillationConfig(TaughtConfig):
    """Settings of distillation."""

    kind: Literal["distillation"] = "distillation"
    """Name of this kind of loss."""
    divergence: Literal["forward", "reverse"] = Field(
        default="forward",
        description="forward: KL(teacher|student), covers all that it does; reverse: settles on one way",
    )
    temperature: float = Field(
        default=1.0, gt=0.0, description="above 1 the teacher's second choices count more; scripts have none"
    )
    smoothing: float = Field(
        default=0.01,
        ge=0.0,
        lt=1.0,
        description="chance mixed into the teacher for `reverse`, which is infinite where it is sure",
    )
    value_coef: float = Field(
        default=0.0, ge=0.0, description="weight of (V_teacher - V)^2; scripted teachers have no values"
    )

    def build(self, context: LossContext) -> Loss:
        """See `LossConfig.build`."""
        return DistillationLoss(self, context)


def forward_divergence(logits: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """Return T^2 KL(teacher | student) of the distributions softmax(. / T), elementwise over [..].

    T^2 keeps the gradient's size (Hinton et al. 2015, https://arxiv.org/abs/1503.02531).

    Args:
        logits: float32 [.., num_actions], the student's.
        teacher: float32 [.., num_actions], logits or log-probabilities.
        temperature: T.
    """
    student = (logits / temperature).log_softmax(dim=-1)
    wanted = (teacher / temperature).log_softmax(dim=-1)
    return temperature**2 * (wanted.exp() * (wanted - student)).sum(dim=-1)


def reverse_divergence(logits: Tensor, teacher: Tensor, temperature: float, smoothing: float) -> Tensor:
    """Return T^2 KL(student | (1 - s) teacher + s chance), elementwise over [..].

    Args:
        logits: float32 [.., num_actions], the student's; forbidden actions at -1e9.
        teacher: float32 [.., num_actions], logits or log-probabilities.
        temperature: T.
        smoothing: s, share of chance among all actions.
    """
    student = (logits / temperature).log_softmax(dim=-1)
    wanted = (teacher / temperature).softmax(dim=-1)
    wanted = (1.0 - smoothing) * wanted + smoothing / logits.shape[-1]
    return temperature**2 * (student.exp() * (student - wanted.clamp(min=1e-30).log())).sum(dim=-1)


class DistillationLoss(TaughtLoss):
    """L = mean divergence + value_coef mean (V_teacher - V)^2, over the steps that are taught."""

    config: DistillationConfig

    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """See `Loss.compute`."""
        config, taught = self.config, self.taught(minibatch)
        logits, teacher = output.logits.float(), self.extra(minibatch, "log_probs")
        if config.divergence == "forward":
            divergence = forward_divergence(logits, teacher, config.temperature)
        else:
            divergence = reverse_divergence(logits, teacher, config.temperature, config.smoothing)
        policy_loss = masked_mean(divergence, taught)
        value_errors = (self.extra(minibatch, "values") - output.value.float()).square()
        value_loss = masked_mean(value_errors, taught)
        with torch.no_grad():
            agrees = (logits.argmax(dim=-1) == teacher.argmax(dim=-1)).float()
            metrics = {
                "divergence": policy_loss.detach(),
                "value_loss": value_loss.detach(),
                "agreement": masked_mean(agrees, taught),
            }
        return LossResult(policy_loss + config.value_coef * value_loss, metrics)
