"""Random network distillation: what one cannot foretell is new, and new is worth a reward.

Burda et al. 2019, https://arxiv.org/abs/1810.12894. A network learns to foretell the output of another one whose
weights are random and fixed; its error is large on observations unlike all that it has been trained on.
"""

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from metta.io.spec import TokenTable, observation_spec
from metta.policy.policy import PolicyOutput
from metta.rl.advantage import masked_mean, mean_of_all
from metta.rl.experience import Experience, ExtraKey, Minibatch
from metta.rl.losses.loss import Loss, LossConfig, LossContext, LossResult
from metta.rl.losses.token_grid import TokenSums
from metta.rollout.rollout import Rollout

_SCALE_DECAY = 0.99  # per epoch: the errors fall as the predictor learns, their scale follows
_LARGEST_BONUS = 5.0  # in deviations: a single unheard-of sight does not drown everything else


class CuriosityConfig(LossConfig):
    """Settings of the reward for novelty."""

    kind: Literal["curiosity"] = "curiosity"
    """Name of this kind of loss."""
    reward_coef: float = Field(
        default=0.01, ge=0.0, description="reward of a step whose outcome is as new as usual"
    )
    size: int = Field(default=64, ge=1, description="outputs of the random network")
    train_share: float = Field(
        default=0.25,
        gt=0.0,
        le=1.0,
        description="share of a minibatch's observations that are learned; the paper's, for many worlds",
    )

    def build(self, context: LossContext) -> Loss:
        """See `LossConfig.build`."""
        return CuriosityLoss(self, context)


def novelty(predictions: Tensor, targets: Tensor) -> Tensor:
    """Return the mean over the last dimension of (prediction - target)^2."""
    return (predictions - targets).square().mean(dim=-1)


class CuriosityLoss(Loss):
    """L = mean novelty of what was seen; each step's reward grows by reward_coef * novelty of what it led to."""

    config: CuriosityConfig
    scale: Tensor

    def __init__(self, config: CuriosityConfig, context: LossContext) -> None:
        super().__init__(config, context)
        table, size = observation_spec(context.policy.spec).tokens, config.size
        self.target = _Network(table, size, num_layers=1).requires_grad_(False)
        self.predictor = _Network(table, size, num_layers=2)
        self.register_buffer(
            "scale", torch.zeros(())
        )  # running root mean square of the novelty; 0 = none yet

    def experience_keys(self) -> dict[str, ExtraKey]:
        """See `Loss.experience_keys`."""
        return {
            "bonus": ExtraKey(torch.float32),
            "target": ExtraKey(torch.float32, (self.config.size,)),  # it never changes: once is enough
        }

    def on_rollout_end(self, rollout: Rollout, experience: Experience) -> None:
        """Reward each step for the novelty of what it led to, unless the episode or life ended."""
        seen, num_steps = experience.steps, experience.num_steps
        targets = self.extra_steps(experience, "target")
        for step in range(num_steps):
            targets[step].copy_(self.target.without_gradient(seen.observations[step]))
        new = torch.stack(
            [self._novelty(seen.observations[step], targets[step]) for step in range(num_steps)]
        )
        self._follow_scale(mean_of_all(new.square(), seen.alive).sqrt())
        last = torch.from_numpy(rollout.env.observations).to(new.device)
        after = self._novelty(last, self.target.without_gradient(last))
        outcome = torch.cat([new[1:], after.unsqueeze(0)])
        goes_on = ~(seen.terminated | seen.truncated) & seen.alive
        bonus = (outcome / (self.scale + 1e-8)).clamp(max=_LARGEST_BONUS) * goes_on
        self.extra_steps(experience, "bonus").copy_(bonus)
        experience.rewards += self.config.reward_coef * bonus

    def compute(self, minibatch: Minibatch, output: PolicyOutput) -> LossResult:
        """See `Loss.compute`."""
        alive = minibatch.alive.flatten()
        count = max(1, round(self.config.train_share * len(alive)))
        sample = torch.randint(len(alive), (count,), device=alive.device)
        predictions = self.predictor(minibatch.observations.flatten(0, 1)[sample])
        targets = self.extra(minibatch, "target").flatten(0, 1)[sample]
        loss = masked_mean(novelty(predictions, targets), alive[sample])
        bonus = masked_mean(self.extra(minibatch, "bonus"), minibatch.alive)
        return LossResult(loss, {"novelty": loss.detach(), "bonus": bonus})

    def _novelty(self, tokens: Tensor, targets: Tensor) -> Tensor:
        """What the predictor does not foretell of some steps, [N], without gradient."""
        return novelty(self.predictor.without_gradient(tokens), targets)

    def _follow_scale(self, present: Tensor) -> None:
        mixed = _SCALE_DECAY * self.scale + (1.0 - _SCALE_DECAY) * present
        self.scale.copy_(torch.where(self.scale > 0, mixed, present))


class _Network(nn.Module):
    """Sums over tokens, then some layers."""

    def __init__(self, table: TokenTable, size: int, num_layers: int) -> None:
        super().__init__()
        self.sums = TokenSums(table, size)
        layers: list[nn.Module] = []
        for _ in range(num_layers):
            layers += [nn.ReLU(), nn.Linear(size, size)]
        self.layers = nn.Sequential(*layers)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.layers(self.sums(tokens))

    def without_gradient(self, tokens: Tensor) -> Tensor:
        with torch.no_grad():
            return self.layers(self.sums.without_gradient(tokens))
