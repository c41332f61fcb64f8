"""Group-relative policy optimisation: no critic; the others who began in the same state are the baseline.

Shao et al. 2024, https://arxiv.org/abs/2402.03300. There a group is several answers to one question; here it is several
worlds forked from one, with the agents' memories, so that all differences come from what the agents chose and from what
came of it. Give it to `trainer.losses` instead of PPO's actor (and critic).
"""

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

from metta.common.errors import UserError
from metta.policy.policy import PolicyOutput
from metta.rl.advantage import mean_of_all
from metta.rl.experience import Experience, ExtraKey, Minibatch
from metta.rl.losses.loss import Loss, LossConfig, LossContext, LossResult
from metta.rl.losses.ppo_actor import surrogate_result
from metta.rollout.rollout import Rollout


class GRPOConfig(LossConfig):
    """Settings of group-relative policy optimisation."""

    kind: Literal["grpo"] = "grpo"
    """Name of this kind of loss."""
    group_size: int = Field(
        default=4, ge=2, description="worlds that begin each rollout in the same state; divides num_worlds"
    )
    gamma: float = Field(default=0.99, ge=0.0, le=1.0, description="discount of the rewards that are summed")
    normalize: bool = Field(default=True, description="bring the advantages of a rollout to deviation 1")
    clip_coef: float = Field(default=0.2, gt=0.0, description="how far a probability may move, as a ratio")
    ent_coef: float = Field(default=0.01, ge=0.0, description="weight of the entropy")

    def build(self, context: LossContext) -> Loss:
        """See `LossConfig.build`."""
        return GRPOLoss(self, context)


def returns_to_go(rewards: Tensor, ends: Tensor, gamma: float) -> Tensor:
    """Return R_t = r_t + gamma (1 - end_t) R_{t+1}, with nothing after the last step.

    Args:
        rewards: float32 [T, ..].
        ends: bool, same shape: the episode or life ended in step t.
        gamma: discount.
    """
    returns = torch.empty_like(rewards)
    following = torch.zeros_like(rewards[0])
    decay = gamma * (~ends).float()
    for step in range(len(rewards) - 1, -1, -1):
        following = torch.addcmul(rewards[step], decay[step], following, out=returns[step])
    return returns


def group_advantages(returns: Tensor, alive: Tensor) -> Tensor:
    """Return A = R - mean of R over the members of the group that are alive at that step; 0 for the dead.

    Args:
        returns: float32 [T, groups, members, agents].
        alive: bool, same shape.
    """
    weights = alive.float()
    means = (returns * weights).sum(dim=2, keepdim=True) / weights.sum(dim=2, keepdim=True).clamp(min=1.0)
    return (returns - means) * weights


class GRPOLoss(Loss):
    """PPO's clipped surrogate with group-relative advantages."""

    config: GRPOConfig

    def experience_keys(self) -> dict[str, ExtraKey]:
        """See `Loss.experience_keys`."""
        return {"advantages": ExtraKey(torch.float32)}

    def on_rollout_start(self, rollout: Rollout) -> None:
        """Fork the first world of each group into the others.

        Raises:
            UserError: the groups do not fill the worlds.
        """
        size, worlds = self.config.group_size, rollout.env.num_worlds
        if worlds % size:
            raise UserError(
                f"trainer.losses.{self.name}.group_size={size} does not divide training_env.num_worlds={worlds}"
                f"{' of each rank' if rollout.share.total > worlds else ''}"
            )
        for world in range(worlds):
            if world % size:
                rollout.fork(world - world % size, world)

    def on_rollout_end(self, rollout: Rollout, experience: Experience) -> None:
        """Compare the members of each group."""
        steps, config = experience.steps, self.config
        returns = returns_to_go(experience.rewards, steps.terminated | steps.truncated, config.gamma)
        shape = (len(returns), -1, config.group_size, rollout.env.num_agents)
        advantages = group_advantages(returns.view(shape), steps.alive.view(shape)).view_as(returns)
        if config.normalize:
            deviation = mean_of_all(advantages.square(), experience.on_policy()).sqrt()
            advantages = advantages / (deviation + 1e-8)
        self.extra_steps(experience, "advantages").copy_(advantages)

    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """See `Loss.compute`."""
        config, advantages = self.config, self.extra(minibatch, "advantages")
        return surrogate_result(
            minibatch, output.logits.float(), advantages, config.clip_coef, config.ent_coef
        )
