"""LiveWorld: a world that is being played: by policies, by hand, or by repeating what was recorded.

It records itself, so that all that happened can be looked at and forked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from metta.policy.policy import Policy, PolicyOutput
from metta.rollout import Rollout, Seat
from metta.rollout.step_buffer import StepBuffer
from mettagrid.batch import BatchEnv, WorldView
from mettagrid.config.game import GameConfig
from mettagrid.replay import Origin, Replay, ReplayRecorder
from mettascope.minds.notes import MindNotes

NOOP = 0
WARM_UP = 100
"""Ticks that a policy looks back on, at least, before it plays on from the middle of an episode."""


@dataclass(frozen=True)
class Player:
    """A policy that plays some agents, with the address by which people know it."""

    policy: Policy
    uri: str


class LiveWorld:
    """One world on its way. Not thread-safe: one thread at a time. `begin`, `resume` and `with_rules` make one.

    Args:
        env: a batch of one world.
        recorder: notes what happens in it.
        player: plays all agents at first.
        tick: of the world now.
    """

    def __init__(self, env: BatchEnv, recorder: ReplayRecorder, player: Player, tick: int) -> None:
        self.spec = env.spec
        self.minds = MindNotes(self.spec)
        self.tick = tick
        self._env, self._recorder = env, recorder
        env.log_events(0)
        self._rollout = Rollout(env, [Seat(player.policy)], "cpu", seed=tick)
        self._rollout.listener = self._hear
        self._buffer = StepBuffer.allocate(env.spec, (env.num_rows,), torch.device("cpu"))
        self._players = [player] * env.num_agents
        self._hands: dict[int, int] = {}  # agents that are played by hand -> what each does next

    @classmethod
    def begin(cls, origin: Origin, player: Player) -> "LiveWorld":
        """A world at the first tick of an episode."""
        env = origin.start()
        return cls(env, ReplayRecorder(env, origin), player, 0)

    @classmethod
    def resume(cls, replay: Replay, tick: int, player: Player) -> "LiveWorld":
        """The world of a replay at a tick, with a player who has seen what happened shortly before.

        Args:
            replay: the past.
            tick: between the first and the last tick of the replay.
            player: plays on; its memory begins empty at most `WARM_UP` to twice as many ticks before.
        """
        env = replay.origin.start()
        known = [at for at in replay.snapshots if at <= max(tick - WARM_UP, replay.first_tick)]
        at = max(known, default=replay.first_tick)
        if known:
            env.restore(0, replay.snapshots[at])
        live = cls(env, ReplayRecorder.resume(env, replay, at), player, at)
        while live.tick < tick:
            live.step(recorded=replay.actions[live.tick - replay.first_tick])
        return live

    def with_rules(self, game: GameConfig, player: Player) -> "LiveWorld":
        """This world as it is, to go on with other numbers in its rules; its recording begins now.

        Raises:
            ValueError: a world of that game has another shape.
        """
        origin = replace(self._recorder.origin, game=game)
        env = origin.start()
        try:
            env.restore(0, self._env.snapshot(0))
        except ValueError as error:
            raise ValueError(f"the world does not fit the changed rules: {error}") from None
        live = LiveWorld(env, ReplayRecorder(env, origin, self.tick), player, self.tick)
        for agent in range(env.num_agents):
            live.set_memory(agent, self.memory(agent))
        return live

    @property
    def is_finished(self) -> bool:
        """Whether the episode has ended; then nothing more happens."""
        return self._recorder.is_finished

    @property
    def hands(self) -> frozenset[int]:
        """The agents that are played by hand."""
        return frozenset(self._hands)

    @property
    def player_uris(self) -> list[str]:
        """Who plays each agent."""
        return [player.uri for player in self._players]

    def view(self) -> WorldView:
        """The world now."""
        return self._env.world(0)

    def events(self) -> NDArray[np.void]:
        """What happened in the last step; see `mettagrid.events`."""
        return self._env.events(0)

    def mask(self, agent: int) -> list[int]:
        """The actions that an agent can choose now."""
        return np.flatnonzero(self._env.action_mask[agent]).tolist()

    def replay(self) -> Replay:
        """What was played so far."""
        return self._recorder.replay()

    def step(self, recorded: np.ndarray | None = None) -> None:
        """Plays one step.

        Args:
            recorded: actions [num_agents] to repeat whatever the players would do; their memory moves on.
        """
        assert not self.is_finished, "the episode has ended"
        self._rollout.observe(self._buffer)
        self._rollout.decide(self._buffer)
        for agent, action in self._hands.items():
            self._buffer.actions[agent] = action
            self._hands[agent] = NOOP
        if recorded is not None:
            self._buffer.actions.copy_(torch.from_numpy(recorded.astype(np.int64)))
        self._rollout.advance(self._buffer)
        self._recorder.record(self._env.actions)
        self.tick += 1

    def take(self, agent: int) -> None:
        """Lets an agent be played by hand from now on."""
        self._hands.setdefault(agent, NOOP)

    def release(self, agent: int) -> None:
        """Gives an agent back to its policy."""
        self._hands.pop(agent, None)

    def act(self, agent: int, action: int) -> None:
        """Chooses what an agent that is played by hand does in the next step.

        Raises:
            ValueError: it is not played by hand, or there is no such action.
        """
        if agent not in self._hands:
            raise ValueError(f"agent {agent} is not played by hand: take it over first")
        if not 0 <= action < len(self.spec.action_names):
            raise ValueError(
                f"action {action} does not exist; there are 0..{len(self.spec.action_names) - 1}"
            )
        self._hands[agent] = action

    @torch.inference_mode()
    def seat(self, player: Player, agents: Iterable[int]) -> None:
        """Lets another policy play some agents, with an empty memory. The others keep theirs."""
        memories = self._memories()
        for agent in agents:
            self._players[agent] = player
            memories[agent] = None
        groups: dict[int, list[int]] = {}
        for agent, own in enumerate(self._players):
            groups.setdefault(id(own), []).append(agent)
        seats = [Seat(self._players[rows[0]].policy, rows) for rows in groups.values()]
        self._rollout.take_seats(seats)
        for agent, memory in enumerate(memories):
            if memory is not None:
                self.set_memory(agent, memory)

    @torch.inference_mode()
    def memory(self, agent: int) -> Tensor:
        """The memory of an agent's policy, float32 [S] (a copy)."""
        seat, row = self._rollout.place_of(agent)
        return seat.memory[row].clone()

    @torch.inference_mode()
    def set_memory(self, agent: int, memory: Tensor | None) -> None:
        """Gives an agent's policy a memory.

        Args:
            agent: which agent.
            memory: float32 [S]; None = the memory that episodes begin with.

        Raises:
            ValueError: the policy has another kind of memory.
        """
        seat, row = self._rollout.place_of(agent)
        fresh = seat.policy.initial_state(1)[0] if memory is None else memory
        if fresh.shape != seat.memory[row].shape:
            raise ValueError(
                f"a memory of {fresh.numel()} numbers does not fit agent {agent}, "
                f"whose policy has {seat.memory[row].numel()}"
            )
        seat.memory[row] = fresh

    def _memories(self) -> list[Tensor | None]:
        return [self.memory(agent) for agent in range(self._env.num_agents)]

    def _hear(self, agents: Sequence[int] | None, output: PolicyOutput) -> None:
        rows = range(self._env.num_agents) if agents is None else agents
        self.minds.note(self.tick, rows, output, self._env.observations)
