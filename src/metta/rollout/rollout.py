"""The loop body of everything that plays: observe, decide, advance.

Knows nothing of learning; training gives it a place to write each step to, evaluation and play let it use its
own.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import numpy as np
import torch
from torch import Tensor

from metta.policy import categorical
from metta.policy.policy import PolicyOutput
from metta.policy.world_policy import WorldPolicy, Worlds
from metta.rollout.batch import Batch
from metta.rollout.records import EpisodeRecord
from metta.rollout.seats import Seat, SeatedPolicy, check_seats
from metta.rollout.share import WorldShare
from metta.rollout.step_buffer import StepBuffer
from metta.rollout.stopwatch import Stopwatch

GameChooser = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Says which of the batch's games some worlds (by their numbers among all of a run) play in some of their episodes:
int64 [k], int64 [k] -> int64 [k]."""

Listener = Callable[[Sequence[int] | None, PolicyOutput], None]
"""Is told what a policy made of its rows (None = all)."""


class Rollout:
    """Policies playing in a batch, one step at a time.

    Owns the policies' memory, the episode starts and the random generator of the choices.

    Args:
        env: the batch of worlds; the rollout is its only user.
        seats: who plays which rows; every row exactly once.
        device: where the policies run.
        seed: of the choices.
        greedy: choose the most likely action instead of drawing one.
        values_at_cut: also compute the value of the last observation of truncated episodes (training needs
            it).
        autocast: context of every forward pass, for example `torch.autocast`; None = none.
    """

    def __init__(
        self,
        env: Batch,
        seats: Sequence[Seat],
        device: torch.device | str = "cpu",
        seed: int = 0,
        greedy: bool = False,
        values_at_cut: bool = False,
        autocast: AbstractContextManager[object] | None = None,
    ) -> None:
        check_seats(seats, env.num_rows)
        self.env = env
        self.share = WorldShare.whole(env.num_worlds)
        self.device = torch.device(device)
        self.greedy = greedy
        self.values_at_cut = values_at_cut
        self.autocast = nullcontext() if autocast is None else autocast
        self.stopwatch = Stopwatch()
        self.generator = torch.Generator(device=self.device).manual_seed(seed)
        self.seats = [SeatedPolicy(seat, env.num_rows, self.device) for seat in seats]
        self._watchers = _watchers(self.seats, env)
        self.resets = torch.ones(env.num_rows, dtype=torch.bool, device=self.device)
        self.listener: Listener | None = None  # hears every decision, for whoever shows them
        self.num_finished = np.zeros(env.num_worlds, dtype=np.int64)  # episodes per world
        self.desynced = False  # the first episodes were shortened
        self.num_steps = 0  # since the worlds were reset or restored
        self.game_chooser: GameChooser | None = None  # None: the games that worlds play do not change
        self._finished: list[EpisodeRecord] = []
        self._own_buffer = StepBuffer.allocate(env.spec, (env.num_rows,), self.device)
        self._share_arrays()

    def _share_arrays(self) -> None:
        self._observations = torch.from_numpy(self.env.observations)
        self._final_observations = torch.from_numpy(self.env.final_observations)
        self._action_mask = torch.from_numpy(self.env.action_mask)
        self._alive = torch.from_numpy(self.env.alive)
        self._actions = torch.from_numpy(self.env.actions)
        self._rewards = torch.from_numpy(self.env.rewards)
        self._terminated = torch.from_numpy(self.env.terminated)
        self._truncated = torch.from_numpy(self.env.truncated)

    def reset(self, seed: int, desync: bool = False, share: WorldShare | None = None) -> None:
        """Start every world and every memory anew.

        Args:
            seed: of the worlds.
            desync: let the first episodes end at scattered ticks, so that later ones do not all end at once.
            share: which worlds of a run these are, where several processes train together; None = all.
        """
        self.share = share or WorldShare.whole(self.env.num_worlds)
        self.num_finished.fill(0)
        self._choose_games(np.arange(self.env.num_worlds), 0)
        self.env.reset(seed, self.share.streams, desync=desync)
        self.desynced = desync
        self.resets.fill_(True)
        self.num_steps = 0
        self._finished.clear()
        self.choose_next_games()

    def choose_next_games(self) -> None:
        """Ask anew what each world plays after its present episode, if anybody chooses."""
        self._choose_games(np.arange(self.env.num_worlds), 1)

    def _choose_games(self, worlds: np.ndarray, later: int) -> None:
        """Ask for the present episodes (0) of some worlds, or for those after them (1)."""
        if self.game_chooser is not None:
            episodes = self.num_finished[worlds] + later
            self.env.next_games[worlds] = self.game_chooser(worlds + self.share.first, episodes)

    @torch.inference_mode()
    def step(self, buffer: StepBuffer | None = None) -> StepBuffer:
        """Play one step of every world.

        Args:
            buffer: where to write the step, [N]; None = a buffer of the rollout's own, overwritten by the
                next step.

        Returns:
            The buffer that was written.
        """
        buffer = self._own_buffer if buffer is None else buffer
        self.observe(buffer)
        self.decide(buffer)
        self.advance(buffer)
        return buffer

    @torch.inference_mode()
    def observe(self, buffer: StepBuffer) -> None:
        """Write what every row sees before it acts."""
        with self.stopwatch.lap("copy"):
            buffer.observations.copy_(self._observations)
            buffer.action_mask.copy_(self._action_mask)
            buffer.resets.copy_(self.resets)
            buffer.alive.copy_(self._alive)

    @torch.inference_mode()
    def decide(self, buffer: StepBuffer) -> None:
        """Let every policy choose for its rows; writes actions, log_probs, values; moves the memory on."""
        with self.stopwatch.lap("infer"):
            for watcher, worlds, rows in self._watchers:
                watcher.watch(worlds, rows)
            for seat in self.seats:
                output = self._forward(
                    seat, seat.own(buffer.observations), seat.own(buffer.action_mask), seat.own(buffer.resets)
                )
                seat.memory, seat.logits = output.state.float(), output.logits.float()
                self._choose(seat, output, buffer)
            buffer.actions.mul_(buffer.alive)  # agents that are gone do nothing: action 0 is noop

    def _forward(
        self, seat: SeatedPolicy, observations: Tensor, action_mask: Tensor, resets: Tensor
    ) -> PolicyOutput:
        with self.autocast:
            return seat.policy(observations, action_mask, seat.memory, resets)

    def _choose(self, seat: SeatedPolicy, output: PolicyOutput, buffer: StepBuffer) -> None:
        logits = seat.logits
        if self.listener is not None:
            self.listener(seat.rows, output)
        actions = logits.argmax(dim=-1) if self.greedy else self.sample(logits)
        seat.put(buffer.actions, actions)
        seat.put(buffer.log_probs, categorical.log_prob(logits, actions))
        seat.put(buffer.values, output.value.float())

    def sample(self, logits: Tensor) -> Tensor:
        """Draw an action for each row [rows, num_actions], with the rollout's generator; int64 [rows].

        Rows of a share draw together with those of the other worlds, so that nobody's choices depend on who else is
        played in the same process.
        """
        whole = self.share.num_worlds == self.share.total
        num_rows = len(logits) if whole else self.env.num_agents * self.share.total
        uniform = torch.rand(num_rows, generator=self.generator, device=self.device)
        return categorical.sample(logits, uniform if whole else self.share.own(uniform))

    @torch.inference_mode()
    def advance(self, buffer: StepBuffer) -> None:
        """Play the buffer's actions; writes rewards, ends, values at cuts, and notes finished episodes."""
        with self.stopwatch.lap("copy"):
            self._actions.copy_(buffer.actions)
        with self.stopwatch.lap("simulate"):
            self.env.step()
        with self.stopwatch.lap("copy"):
            buffer.rewards.copy_(self._rewards)
            buffer.terminated.copy_(self._terminated)
            buffer.truncated.copy_(self._truncated)
            buffer.final_values.zero_()
            torch.logical_or(buffer.terminated, buffer.truncated, out=self.resets)
            # Whoever was born in this step begins with an empty memory, whoever had the slot before.
            self.resets |= self._alive.to(self.device) & ~buffer.alive
        ended = np.flatnonzero(self.env.episode_ended)
        if ended.size:
            self._end_episodes(ended, buffer)
        self.num_steps += 1

    def _end_episodes(self, worlds: np.ndarray, buffer: StepBuffer) -> None:
        self._finished.extend(self._record(int(world)) for world in worlds)
        self.num_finished[worlds] += 1
        self._choose_games(worlds, 1)
        rows = torch.from_numpy(np.flatnonzero(np.repeat(self.env.episode_ended, self.env.num_agents)))
        index = rows.to(self.device)
        if self.values_at_cut:
            with self.stopwatch.lap("infer"):
                self._value_at_cut(self._final_observations[rows].to(self.device), index, buffer)
        self.resets[index] = True

    def _record(self, world: int) -> EpisodeRecord:
        rows = slice(world * self.env.num_agents, (world + 1) * self.env.num_agents)
        index = int(self.num_finished[world])
        return EpisodeRecord(
            world=self.share.first + world,
            index=index,
            length=int(self.env.episode_length[world]),
            returns=self.env.episode_return[rows].copy(),
            stats=self.env.episode_stats[rows].copy(),
            shortened=self.desynced and index == 0,
            step=self.num_steps,
            game=int(self.env.episode_games[world]),
        )

    def _value_at_cut(self, observations: Tensor, index: Tensor, buffer: StepBuffer) -> None:
        """Value the last observations of the rows that were cut, with the memory after their last step."""
        seat = self.seats[0]
        assert len(self.seats) == 1 and seat.index is None, (
            "values at cuts are for the one policy that is trained"
        )
        everything = torch.ones(
            len(index), len(self.env.spec.action_names), dtype=torch.bool, device=self.device
        )
        no_resets = torch.zeros(len(index), dtype=torch.bool, device=self.device)
        with self.autocast:
            values = seat.policy(observations, everything, seat.memory[index], no_resets).value.float()
        buffer.final_values[index] = values * buffer.truncated[index]

    @torch.inference_mode()
    def next_values(self) -> Tensor:
        """Return the value of what every row sees now, float32 [N], without moving the memory on."""
        seat = self.seats[0]
        assert len(self.seats) == 1 and seat.index is None, "values are for the one policy that is trained"
        with self.stopwatch.lap("infer"):
            observations = self._observations.to(self.device)
            output = self._forward(seat, observations, self._action_mask.to(self.device), self.resets)
            return output.value.float()

    def take_seats(self, seats: Sequence[Seat]) -> None:
        """Let others play from the next step on; all begin with an empty memory."""
        check_seats(seats, self.env.num_rows)
        self.seats = [SeatedPolicy(seat, self.env.num_rows, self.device) for seat in seats]

    def place_of(self, row: int) -> tuple[SeatedPolicy, int]:
        """Return who plays a row, and the row's place among those that it plays."""
        for seat in self.seats:
            if seat.rows is None:
                return seat, row
            if row in seat.rows:
                return seat, seat.rows.index(row)
        raise IndexError(f"row {row} does not exist; the batch has rows 0..{self.env.num_rows - 1}")

    @torch.inference_mode()
    def fork(self, source: int, target: int) -> None:
        """Make world `target` and the memory of whoever plays in it exact copies of world `source`."""
        self.env.fork(source, target)
        agents = self.env.num_agents
        old, new = (slice(world * agents, (world + 1) * agents) for world in (source, target))
        self.resets[new] = self.resets[old]
        self.num_finished[target] = self.num_finished[source]
        seat = self.seats[0]
        assert len(self.seats) == 1 and seat.index is None, "forks are for the one policy that is trained"
        seat.memory[new] = seat.memory[old]

    def take_finished(self) -> list[EpisodeRecord]:
        """Return the episodes that finished since the last call, in the order of their ends."""
        finished, self._finished = self._finished, []
        return finished


def _watchers(seats: Sequence[SeatedPolicy], env: Batch) -> list[tuple[WorldPolicy, Worlds, list[int]]]:
    """Return the policies that look at the worlds themselves, with what they look at and the rows they play.

    Raises:
        ValueError: the batch has nothing to look at.
    """
    found: list[tuple[WorldPolicy, Worlds, list[int]]] = []
    for seat in seats:
        if isinstance(seat.policy, WorldPolicy):
            if not isinstance(env, Worlds):
                raise ValueError(
                    f"{type(seat.policy).__name__} looks at worlds; {type(env).__name__} shows none"
                )
            rows = list(range(env.num_rows)) if seat.index is None else seat.index.tolist()
            found.append((seat.policy, env, rows))
    return found
