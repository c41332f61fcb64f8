"""The trainer: one short loop. What varies plugs in as losses and components."""

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import torch
from torch import Tensor

from metta.common.errors import UserError
from metta.curriculum.curriculum import Curriculum
from metta.policy.policy import Policy
from metta.rl.advantage import (
    center_rewards,
    compute_advantages,
    explained_variance,
    mean_of_all,
    normalize,
    successor_values,
)
from metta.rl.components.component import Component
from metta.rl.config import TrainerConfig
from metta.rl.experience import Experience, Minibatch
from metta.rl.losses.loss import Loss, LossContext, extra_name
from metta.rl.losses.ppo_actor import probability_ratios
from metta.rl.optimizer import Optimizer, clip_gradients, learning_rate
from metta.rl.ranks import (
    all_episodes,
    all_rows,
    average_gradients,
    copy_from_first,
    copy_random_state_from_first,
    mean_over_ranks,
    num_ranks,
    own_rank,
)
from metta.rl.report import EpochReport, Progress, UpdateLog, episode_means
from metta.rl.sampling import RowsAndWeights, draw_rows, own_parts, row_priorities
from metta.rl.schedules import Schedules
from metta.rl.task_choice import TaskChoice
from metta.rl.weights_average import follow
from metta.rollout.batch import Batch
from metta.rollout.rollout import Rollout
from metta.rollout.seats import Seat
from metta.rollout.share import WorldShare

LOSS_PREFIX = "losses."
"""Before the names of parameters that only losses have; no policy's own names begin so."""


def never() -> bool:
    """Answer "stop now?" with no."""
    return False


class Trainer:
    """Improves a policy by playing a batch of worlds, alone or as one of several ranks (`metta.rl.ranks`).

    Ranks play as many worlds each, and learn together what one process with all worlds learns, but for rounding.

    Owns rollout, experience, optimizer, random order and counters; `trainer_state` saves and restores them. The worlds
    are reset when the trainer is made.

    Args:
        config: settings.
        env: the batch of this rank's worlds; the trainer is its only user.
        policy: is moved to the device and trained in place.
        device: where to learn.
        seed: of worlds, choices and the order of minibatches. The same seed gives the same run on a CPU.
        desync: let the first episodes end at scattered ticks.
        curriculum: chooses which of the batch's games each world plays; none: they do not change.
    """

    def __init__(
        self,
        config: TrainerConfig,
        env: Batch,
        policy: Policy,
        device: torch.device | str = "cpu",
        seed: int = 0,
        desync: bool = True,
        curriculum: Curriculum | None = None,
    ) -> None:
        self.config = config.model_copy(deep=True)  # schedules change it
        self.env = env
        self.device = torch.device(device)
        self.policy = policy.to(self.device)
        self.progress = Progress()
        self.losses = self._build_losses()
        self._parameters = self._trained_parameters()
        copy_from_first(self.shared_tensors())
        copy_random_state_from_first()
        self.optimizer = Optimizer(config.optimizer, self._parameters)
        self.average = self._copy_for_average()
        self.schedules = Schedules(
            self.config.schedules, self.config.update_epochs_tuning, self.config, config.total_timesteps
        )
        self.reward_centre = torch.full((), torch.nan, device=self.device)
        self.order_generator = torch.Generator().manual_seed(seed)
        self.share = WorldShare(own_rank() * env.num_worlds, env.num_worlds, num_ranks() * env.num_worlds)
        self.rollout = Rollout(
            env, [Seat(self.policy)], self.device, seed, values_at_cut=True, autocast=self._autocast()
        )
        self.tasks = None if curriculum is None else TaskChoice(curriculum, self.rollout)
        self.rollout.reset(seed, desync, self.share)
        self.experience = Experience(
            env.spec,
            env.num_rows,
            config.num_segments(num_ranks() * env.num_rows),
            config.bptt_horizon,
            self.rollout.seats[0].memory.shape[1],
            self.device,
            {
                extra_name(name, key): extra
                for name, loss in self.losses.items()
                for key, extra in loss.experience_keys().items()
            },
        )
        self._num_minibatches = max(1, round(self.num_agent_steps / config.minibatch_size))
        if config.compile:
            self.policy.compile()

    def train(self, components: Sequence[Component] = (), should_stop: Callable[[], bool] = never) -> None:
        """Train until `total_timesteps`, or until `should_stop` says so, on all ranks, at the end of an epoch.

        An error of a component ends the training with that error.
        """
        for component in components:
            component.on_start(self.progress)
        while self.progress.num_agent_steps < self.config.total_timesteps:
            if should_stop():
                break
            self._begin_epoch()
            self._collect_rollout()
            self._update()
            report = self._end_epoch()
            for component in components:
                component.on_epoch_end(report)
        for component in components:
            component.on_stop(self.progress)

    @contextmanager
    def kept_policy(self) -> Iterator[Policy]:
        """Give the policy with the weights that are saved and evaluated: the averaged ones, if there are such."""
        self.optimizer.use_averaged_weights()
        try:
            yield self.policy if self.average is None else self.average
        finally:
            self.optimizer.use_latest_weights()

    @property
    def num_agent_steps(self) -> int:
        """Agent-steps in one epoch, those of all ranks."""
        return num_ranks() * self.experience.num_agent_steps

    def shared_tensors(self) -> list[Tensor]:
        """Return the weights and buffers that are the same on all ranks: all but what losses keep for each row."""
        return [
            *self.policy.state_dict().values(),
            *(
                value
                for loss in self.losses.values()
                for name, value in loss.state_dict().items()
                if name not in loss.row_buffers
            ),
        ]

    def _copy_for_average(self) -> Policy | None:
        if self.config.average_decay is None:
            return None
        return copy.deepcopy(self.policy).requires_grad_(False)

    def _build_losses(self) -> dict[str, Loss]:
        """Build the losses in their order; their weights come from PyTorch's generator, after the policy's."""
        return {
            name: config.build(LossContext(name, self.policy, self.env.num_rows, self.device)).to(self.device)
            for name, config in self.config.losses.items()
        }

    def _trained_parameters(self) -> dict[str, torch.nn.Parameter]:
        """Return all that the optimizer changes by name: the policy's parameters, then the losses' own."""
        parameters = dict(self.policy.named_parameters())
        for loss_name, loss in self.losses.items():
            parameters.update(
                {f"{LOSS_PREFIX}{loss_name}.{name}": value for name, value in loss.named_parameters()}
            )
        return {name: value for name, value in parameters.items() if value.requires_grad}

    def _autocast(self) -> Any:
        wanted = self.config.bf16 if self.config.bf16 is not None else self.device.type == "cuda"
        return torch.autocast(self.device.type, dtype=torch.bfloat16) if wanted else nullcontext()

    def _begin_epoch(self) -> None:
        self._epoch_start = time.perf_counter()
        copy_from_first(self._parameters.values())  # else rounding on unlike machines would part them
        self._updates = UpdateLog()
        steps = self.progress.num_agent_steps
        self.schedules.apply(steps)
        self.optimizer.learning_rate = learning_rate(
            self.config.optimizer, steps, self.config.total_timesteps
        )
        self._active = {
            name: loss for name, loss in self.losses.items() if self.config.losses[name].is_active(steps)
        }
        if not self._active:
            raise UserError(f"no loss is active at {steps} agent-steps: see weight, begin_at, end_at of each")

    def _collect_rollout(self) -> None:
        experience, rollout = self.experience, self.rollout
        experience.begin_rollout()
        with rollout.stopwatch.lap("infer"), torch.no_grad():
            for loss in self._active.values():
                loss.on_rollout_start(rollout)
        for step in range(experience.num_steps):
            if self.tasks is not None:
                self.tasks.note_step()
            experience.keep_memory(step, rollout.seats[0].memory)
            view = experience.view(step)
            rollout.observe(view)
            rollout.decide(view)
            with rollout.stopwatch.lap("infer"), torch.no_grad():
                for loss in self._active.values():
                    loss.on_decided(rollout, experience, step)
            rollout.advance(view)
        experience.next_values.copy_(rollout.next_values())
        experience.end_rollout()
        with rollout.stopwatch.lap("learn"), torch.no_grad():
            for loss in self._active.values():
                loss.on_rollout_end(rollout, experience)
            self._center_rewards()

    def _center_rewards(self) -> None:
        rate = self.config.advantage.center_rewards
        if rate is not None:
            experience = self.experience
            experience.rewards, self.reward_centre = center_rewards(
                experience.rewards, experience.steps.alive, self.reward_centre, rate
            )

    def _update(self) -> None:
        for _ in range(self.config.update_epochs):
            self._compute_advantages()
            for rows in self._deal_rows():
                self._take_step(rows)
            if self._has_moved_too_far():
                break

    def _compute_advantages(self) -> None:
        with self.rollout.stopwatch.lap("learn"), torch.no_grad():
            experience, steps, config = self.experience, self.experience.steps, self.config.advantage
            values = experience.latest_values
            successors = successor_values(values, steps.final_values, experience.next_values, steps.truncated)
            experience.advantages = compute_advantages(
                experience.rewards,
                values,
                successors,
                steps.terminated,
                steps.truncated,
                experience.ratios,
                config,
            )
            experience.returns = experience.advantages + values
            experience.normalized = (
                normalize(experience.advantages, experience.on_policy())
                if config.normalize
                else experience.advantages
            )

    def _deal_rows(self) -> list[list[RowsAndWeights]]:
        """Deal training rows to minibatches, and these to steps of the optimizer."""
        config, experience, count = self.config, self.experience, self._num_minibatches
        if config.row_priority > 0.0:
            rows, weights = self._draw_rows()
            parts: list[RowsAndWeights] = list(
                zip(rows.tensor_split(count), weights.tensor_split(count), strict=True)
            )
        else:
            shuffled = experience.shuffled_rows(count, self.order_generator, num_ranks())
            parts = [(rows, None) for rows in shuffled]
        if num_ranks() > 1:
            parts = own_parts(parts, self.share, experience.num_columns, self.device)
        size = config.accumulate_minibatches
        return [parts[first : first + size] for first in range(0, len(parts), size)]

    def _draw_rows(self) -> tuple[Tensor, Tensor]:
        """Draw training rows of all ranks by their advantages."""
        config, experience = self.config, self.experience
        done = min(1.0, self.progress.num_agent_steps / config.total_timesteps)
        beta = config.row_priority_correction * (1.0 - done) + done
        priorities = row_priorities(experience.advantages, experience.num_segments)
        by_column = priorities.view(experience.num_segments, -1).T  # ranks have columns beside each other
        priorities = all_rows(by_column).T.flatten()
        return draw_rows(priorities, config.row_priority, beta, self.order_generator)

    def _take_step(self, parts: list[RowsAndWeights]) -> None:
        """Add up the gradients of some minibatches and change the weights."""
        self.optimizer.zero_grad()
        for rows, weights in parts:
            with self.rollout.stopwatch.lap("copy"):
                minibatch = self.experience.gather(rows, weights)
            loss, metrics = self._compute_loss(minibatch)
            with self.rollout.stopwatch.lap("backward"):
                (loss / len(parts)).backward()
                self._updates.add_minibatch(metrics)
        with self.rollout.stopwatch.lap("backward"):
            self._step_optimizer()

    def _compute_loss(self, minibatch: Minibatch) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the weighted sum of the active losses on a minibatch, and their metrics by name."""
        with self.rollout.stopwatch.lap("forward"):
            with self._autocast():
                output = self.policy(
                    minibatch.observations, minibatch.action_mask, minibatch.memory, minibatch.resets
                )
            if self.config.update_epochs > 1:
                ratios, _ = probability_ratios(
                    output.logits.detach().float(), minibatch.actions, minibatch.log_probs
                )
                self.experience.note_update(minibatch, ratios, output.value)
            results = {name: loss.compute(minibatch, output) for name, loss in self._active.items()}
            weighted = [self.config.losses[name].weight * result.loss for name, result in results.items()]
            total = torch.stack(weighted).sum()
        metrics = {
            f"{name}.{key}": value for name, res in results.items() for key, value in res.metrics.items()
        }
        return total, {**metrics, "total": total.detach()}

    def _step_optimizer(self) -> None:
        learning = {name: value for name, value in self._parameters.items() if value.grad is not None}
        average_gradients(learning.values())
        norms = self._clip(learning)
        self.optimizer.step()
        for loss in self._active.values():
            loss.on_optimizer_step()
        if self.average is not None and self.config.average_decay is not None:
            follow(self.average, self.policy, self.config.average_decay)
        self._updates.add_step(list(learning), norms)

    def _clip(self, learning: dict[str, torch.nn.Parameter]) -> Tensor:
        """Shorten the policy's gradient, and that of each loss's own weights by itself; return all norms."""
        owners: dict[str, list[torch.nn.Parameter]] = {}
        for name, parameter in learning.items():
            owner = ".".join(name.split(".")[:2]) if name.startswith(LOSS_PREFIX) else ""
            owners.setdefault(owner, []).append(parameter)
        limit = self.config.optimizer.max_grad_norm
        return torch.cat([clip_gradients(parameters, limit) for parameters in owners.values()])

    def _has_moved_too_far(self) -> bool:
        """Compare the last pass's divergence with `target_kl`. Reads the device if there is one."""
        target = self.config.target_kl
        if target is None:
            return False
        last_pass = self._updates.last_means(self._num_minibatches)
        return any(value > target for name, value in last_pass.items() if name.endswith(".approx_kl"))

    def _end_epoch(self) -> EpochReport:
        with self.rollout.stopwatch.lap("learn"):
            updates = self._updates.read()
            rollout_metrics = self._rollout_metrics()
        seconds, laps = self._times()
        self.progress.epoch += 1
        self.progress.num_agent_steps += self.num_agent_steps
        self.progress.seconds += seconds
        episodes = all_episodes(self.rollout.take_finished())
        shares = {name: lap / seconds for name, lap in laps.items()}
        metrics = {
            **{f"loss/{name}": value for name, value in updates.means().items()},
            **rollout_metrics,
            **episode_means(episodes, self.env.spec),
            **(self.tasks.end_epoch(episodes, self.experience) if self.tasks is not None else {}),
            **{f"time/{name}": share for name, share in shares.items()},
            "time/agent_steps_per_second": self.num_agent_steps / seconds,
            "loss/learning_rate": self.optimizer.learning_rate,
        }
        self.schedules.note(metrics)
        return EpochReport(self.progress, seconds, metrics, updates, episodes, shares)

    def _times(self) -> tuple[float, dict[str, float]]:
        """Return the seconds of the epoch and of each lap, in the mean over ranks: schedules may look at them."""
        laps = self.rollout.stopwatch.take()
        own = torch.tensor([time.perf_counter() - self._epoch_start, *laps.values()], dtype=torch.float64)
        seconds, *shared = mean_over_ranks(own).tolist()
        return seconds, dict(zip(laps, shared, strict=True))

    def _rollout_metrics(self) -> dict[str, float]:
        experience, steps = self.experience, self.experience.steps
        tensors = {
            "loss/explained_variance": explained_variance(steps.values, experience.returns, steps.alive),
            "rollout/reward": mean_of_all(steps.rewards, steps.alive),
            "rollout/value": mean_of_all(steps.values, steps.alive),
            "rollout/alive": mean_over_ranks(steps.alive.float().mean()),
        }
        return dict(zip(tensors, torch.stack(list(tensors.values())).tolist(), strict=True))
