"""The rollout kept for learning: preallocated [T, N] tensors, cut into rows of `bptt_horizon` steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from metta.rollout.step_buffer import StepBuffer
from mettagrid.spec import GameSpec


@dataclass(frozen=True)
class Minibatch:
    """Rows of experience for one gradient step; all [H, B, ..] but `memory`."""

    observations: Tensor  # uint8 [H, B, num_tokens, 3]
    action_mask: Tensor  # bool [H, B, num_actions]
    resets: Tensor  # bool [H, B]
    alive: Tensor  # bool [H, B]; False = padding, carries no loss
    actions: Tensor  # int64 [H, B]
    log_probs: Tensor  # float32 [H, B], when the actions were taken
    values: Tensor  # float32 [H, B], when the actions were taken
    advantages: Tensor  # float32 [H, B]
    returns: Tensor  # float32 [H, B]
    memory: Tensor  # float32 [B, S], before the first step
    index: Tensor  # int64 [H*B], where the steps lie in the flattened [T*N] experience
    rewards: Tensor  # float32 [H, B], as the losses shaped them
    on_policy: Tensor  # bool [H, B]; alive, and the policy's own choice: counts for its gradient
    extras: Mapping[str, Tensor] = field(default_factory=dict)  # [H, B, ..], what losses asked for
    row_weights: Tensor | None = None  # float32 [B], corrects for rows that are drawn more often


@dataclass(frozen=True)
class ExtraKey:
    """A tensor that a loss wants to be kept of every step. Where it says what counts, 0 says that nothing does."""

    dtype: torch.dtype
    shape: tuple[int, ...] = ()
    """Behind [T, N]."""


class Experience:
    """Steps of all rows of one epoch.

    A training row is (segment k, column n): steps k*H .. (k+1)*H-1 of column n, with the memory that the
    policy had before the first of them. Written by the trainer once per epoch, never reallocated.

    Args:
        spec: the game's observation and actions.
        num_columns: `N`, rows of the batch of worlds.
        num_segments: training rows per column.
        bptt_horizon: `H`, steps per training row.
        memory_size: `S`.
        device: where everything lives.
        extra_keys: what losses want to be kept besides, by name.
    """

    def __init__(
        self,
        spec: GameSpec,
        num_columns: int,
        num_segments: int,
        bptt_horizon: int,
        memory_size: int,
        device: torch.device,
        extra_keys: Mapping[str, ExtraKey] | None = None,
    ) -> None:
        self.num_columns = num_columns
        self.num_segments = num_segments
        self.bptt_horizon = bptt_horizon
        self.num_steps = num_segments * bptt_horizon  # T
        shape = (self.num_steps, num_columns)
        self.steps = StepBuffer.allocate(spec, shape, device)
        self._views = [self.steps.at(step) for step in range(self.num_steps)]
        self.memory = torch.zeros(num_segments, num_columns, memory_size, device=device)
        self.next_values = torch.zeros(num_columns, device=device)
        self.latest_values = torch.zeros(shape, device=device)  # V of the policy as it was when last asked
        self.ratios = torch.ones(shape, device=device)  # likewise its probability ratios
        self.rewards = torch.zeros(shape, device=device)  # those of the steps; losses may add to them
        self.off_policy = torch.zeros(shape, dtype=torch.bool, device=device)  # not the policy's own choice
        self.extras = {
            name: torch.zeros(*shape, *key.shape, dtype=key.dtype, device=device)
            for name, key in (extra_keys or {}).items()
        }
        self.advantages = torch.zeros(shape, device=device)
        self.normalized = torch.zeros(shape, device=device)  # advantages as the losses get them
        self.returns = torch.zeros(shape, device=device)

    @property
    def num_agent_steps(self) -> int:
        """Agent-steps in one filled experience, T*N."""
        return self.num_steps * self.num_columns

    @property
    def num_rows(self) -> int:
        """Training rows in one filled experience."""
        return self.num_segments * self.num_columns

    def view(self, step: int) -> StepBuffer:
        """Return the place of one step, [N]."""
        return self._views[step]

    def keep_memory(self, step: int, memory: Tensor) -> None:
        """Copy the memory [N, S] if a training row begins at this step."""
        segment, offset = divmod(step, self.bptt_horizon)
        if offset == 0:
            self.memory[segment].copy_(memory)

    def begin_rollout(self) -> None:
        """Before a rollout: the policy is going to choose everything itself, until a loss says otherwise."""
        self.ratios.fill_(1.0)
        self.off_policy.fill_(False)

    def end_rollout(self) -> None:
        """After a rollout: its rewards and values are what learning begins with."""
        self.rewards.copy_(self.steps.rewards)
        self.latest_values.copy_(self.steps.values)

    def on_policy(self) -> Tensor:
        """Return where an agent was alive and the policy chose for it, bool [T, N]."""
        return self.steps.alive & ~self.off_policy

    def note_update(self, minibatch: Minibatch, ratios: Tensor, values: Tensor) -> None:
        """Keep what the policy answered on a minibatch, [H, B] each; the next pass's advantages use it."""
        if len(minibatch.index) == 0:
            return
        self.ratios.view(-1)[minibatch.index] = ratios.detach().flatten()
        self.latest_values.view(-1)[minibatch.index] = values.detach().float().flatten()

    def shuffled_rows(
        self, num_parts: int, generator: torch.Generator, num_ranks: int = 1
    ) -> tuple[Tensor, ...]:
        """Deal every training row to exactly one part, in random order.

        Args:
            num_parts: their sizes differ by at most one row.
            generator: of the order, on the CPU.
            num_ranks: how many experiences like this one are dealt together.

        Returns:
            Row numbers int64 [B] each: for `gather`, or on the CPU for `sampling.own_parts` if ranks are several.
        """
        order = torch.randperm(num_ranks * self.num_rows, generator=generator)
        return (order.to(self.returns.device) if num_ranks == 1 else order).tensor_split(num_parts)

    def gather(self, rows: Tensor, weights: Tensor | None = None) -> Minibatch:
        """Copy training rows [B] into a minibatch, with weights [B] if some rows come more often.

        No rows at all become one row in which nobody is alive: a rank without a part still takes its turn.
        """
        if len(rows) == 0:
            return self._nobody(rows, weights)
        segment, column = rows // self.num_columns, rows % self.num_columns
        first = segment * self.bptt_horizon * self.num_columns + column
        offsets = torch.arange(self.bptt_horizon, device=rows.device) * self.num_columns
        index = (offsets.unsqueeze(1) + first.unsqueeze(0)).flatten()  # [H*B], time first
        shape = (self.bptt_horizon, len(rows))

        def pick(tensor: Tensor) -> Tensor:
            return tensor.flatten(0, 1).index_select(0, index).view(*shape, *tensor.shape[2:])

        steps = self.steps
        alive = pick(steps.alive)
        return Minibatch(
            observations=pick(steps.observations),
            action_mask=pick(steps.action_mask),
            resets=pick(steps.resets),
            alive=alive,
            actions=pick(steps.actions),
            log_probs=pick(steps.log_probs),
            values=pick(steps.values),
            advantages=pick(self.normalized),
            returns=pick(self.returns),
            memory=self.memory.flatten(0, 1).index_select(0, rows),
            index=index,
            rewards=pick(self.rewards),
            on_policy=alive & ~pick(self.off_policy),
            extras={name: pick(tensor) for name, tensor in self.extras.items()},
            row_weights=weights,
        )

    def _nobody(self, rows: Tensor, weights: Tensor | None) -> Minibatch:
        minibatch = self.gather(rows.new_zeros(1), None if weights is None else weights.new_zeros(1))
        return replace(
            minibatch,
            alive=torch.zeros_like(minibatch.alive),
            on_policy=torch.zeros_like(minibatch.on_policy),
            index=minibatch.index[:0],
            extras={name: torch.zeros_like(value) for name, value in minibatch.extras.items()},
        )
