"""Replays: an episode as game, seed and actions, played again by the engine.

`ReplayRecorder` makes one while an episode runs and `ReplayPlayer` goes to any tick of it. Files are the
business of `mettagrid.replay_file`. Nothing here knows policies or pictures.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mettagrid.batch import BatchEnv, WorldView
from mettagrid.config.game import GameConfig

SNAPSHOT_INTERVAL = 100  # ticks; seeking steps at most this far
HASH_INTERVAL = 100  # ticks between two recorded hashes of the world


@dataclass(frozen=True)
class Origin:
    """All that decides how an episode begins, and a word about who played it."""

    game: GameConfig
    seed: int
    stream: int = 0  # which world of the seed
    num_maps: int = 64
    map_seed: int = 0
    policy: str = ""  # for people; nothing reads it

    def start(self) -> BatchEnv:
        """A batch of one world at the first tick of the episode."""
        env = BatchEnv(self.game, num_worlds=1, num_threads=1, num_maps=self.num_maps, map_seed=self.map_seed)
        env.reset(self.seed, streams=np.array([self.stream], dtype=np.int64))
        return env


@dataclass(frozen=True)
class Replay:
    """One recorded episode."""

    origin: Origin
    actions: np.ndarray  # uint8 or int16 [steps, agents]; actions[i] led from tick first_tick + i to the next
    action_names: tuple[str, ...]
    hashes: dict[int, int]  # tick -> 64-bit hash of the world at that tick
    snapshots: dict[int, bytes] = field(repr=False, default_factory=dict)  # tick -> the world at that tick
    metta_version: str = ""  # who recorded it, for people
    first_tick: int = 0  # where it begins; a fork begins at the snapshot of a later tick
    is_finished: bool = True  # the last step ended the episode

    @property
    def num_ticks(self) -> int:
        """How many steps were recorded."""
        return len(self.actions)

    @property
    def last_tick(self) -> int:
        """The last tick that can be looked at; the world after the end of the episode is that of another one."""
        return max(self.first_tick, self.first_tick + len(self.actions) - self.is_finished)


class ReplayRecorder:
    """Notes down the first world of a batch while somebody plays it. The batch stays the caller's.

    Example:
        recorder = ReplayRecorder(env := origin.start(), origin)
        while not recorder.is_finished:
            env.step(choose(env))
            recorder.record(env.actions)
        replay = recorder.replay()
    """

    def __init__(self, env: BatchEnv, origin: Origin, first_tick: int = 0) -> None:
        """Begins where the batch is.

        Args:
            env: a batch made by `origin.start()`, not stepped yet, or restored to the world at `first_tick`.
            origin: how the episode began.
            first_tick: the tick of the world now.
        """
        self.origin = origin
        self._env, self._first_tick = env, first_tick
        self._actions: list[np.ndarray] = []
        self._hashes: dict[int, int] = {}
        self._snapshots: dict[int, bytes] = {}
        self.is_finished = False  # the episode has ended
        self._note_state()

    @classmethod
    def resume(cls, env: BatchEnv, replay: Replay, tick: int) -> "ReplayRecorder":
        """Goes on with a recording from one of its ticks.

        Args:
            env: a batch of one world, which is at `tick`.
            replay: of which all after `tick` is left out.
            tick: between the first and the last tick of the replay.
        """
        recorder = cls(env, replay.origin, replay.first_tick)
        recorder._actions = [row.astype(np.int16) for row in replay.actions[: tick - replay.first_tick]]
        recorder._hashes = {at: value for at, value in replay.hashes.items() if at <= tick}
        recorder._snapshots = {at: data for at, data in replay.snapshots.items() if at <= tick}
        return recorder

    def record(self, actions: np.ndarray) -> None:
        """Notes a step that was just played. Args: actions: int [num_agents], of the first world."""
        assert not self.is_finished, "the episode has ended"
        self._actions.append(np.array(actions[: self._env.num_agents], dtype=np.int16))
        self.is_finished = bool(self._env.episode_ended[0])
        if not self.is_finished:
            self._note_state()

    def replay(self) -> Replay:
        """What was recorded so far."""
        names = tuple(self._env.spec.action_names)
        actions = np.array(self._actions, dtype=np.int16).reshape(-1, self._env.num_agents)
        actions = actions.astype(np.uint8) if len(names) <= 256 else actions
        return Replay(
            self.origin,
            actions,
            names,
            dict(self._hashes),
            dict(self._snapshots),
            first_tick=self._first_tick,
            is_finished=self.is_finished,
        )

    def _note_state(self) -> None:
        tick = self._first_tick + len(self._actions)
        if tick % HASH_INTERVAL == 0 or not self._actions:
            self._hashes[tick] = int(self._env.hash(0))
        if tick % SNAPSHOT_INTERVAL == 0 or not self._actions:
            self._snapshots[tick] = bytes(self._env.snapshot(0))


class ReplayPlayer:
    """Goes to any tick of a replay by restoring a snapshot and stepping; checks the recorded hashes."""

    def __init__(self, replay: Replay, with_events: bool = False) -> None:
        """Starts at the replay's first tick.

        Args:
            replay: what is played.
            with_events: also log what happens; see `events`.

        Raises:
            ValueError: the game has other actions now than when it was recorded, or begins differently.
        """
        self.replay = replay
        self._with_events = with_events
        self._env = self._start()
        names = tuple(self._env.spec.action_names)
        if names != replay.action_names or replay.actions.shape[1:] != (self._env.num_agents,):
            raise ValueError(f"the replay's actions do not fit its game; {self._maker()}")
        self._restart()

    @property
    def env(self) -> BatchEnv:
        """The batch whose only world is at the present tick; for looking."""
        return self._env

    def view(self) -> WorldView:
        """The world at the present tick."""
        return self._env.world(0)

    def events(self, tick: int) -> NDArray[np.void]:
        """Goes to `tick` and returns what happened in the step that led there; see `mettagrid.events`.

        Raises:
            ValueError: there is no such tick, or the world is not what was recorded.
        """
        if self.tick != tick - 1 and tick > self.replay.first_tick:
            self.seek(tick - 1)
        self.seek(tick)
        return self._env.events(0)

    def follow(self, replay: Replay) -> None:
        """Goes on with a longer recording of the same episode."""
        self.replay = replay

    def seek(self, tick: int) -> WorldView:
        """Goes to `tick` and returns the world there.

        Raises:
            ValueError: there is no such tick, or the world is not what was recorded.
        """
        first, last = self.replay.first_tick, self.replay.last_tick
        if not first <= tick <= last:
            raise ValueError(f"tick {tick} is not between {first} and {last}")
        base = max((known for known in self.replay.snapshots if known <= tick), default=-1)
        if tick < self.tick or base - self.tick > SNAPSHOT_INTERVAL:  # else stepping there is as quick
            self._restore(base)
        while self.tick < tick:
            self._step()
        return self.view()

    def verify(self) -> None:
        """Plays everything from the first tick, without later snapshots, and compares every recorded hash.

        Raises:
            ValueError: a hash differs.
        """
        self._restart()
        while self.tick < self.replay.last_tick:
            self._step()

    def _step(self) -> None:
        self._env.step(self.replay.actions[self.tick - self.replay.first_tick].astype(np.int32))
        self.tick += 1
        self._check()

    def _start(self) -> BatchEnv:
        env = self.replay.origin.start()
        if self._with_events:
            env.log_events(0)
        return env

    def _restart(self) -> None:
        first = self.replay.first_tick
        if first == 0:
            self._env = self._start()
            self.tick = 0
            self._check()
        elif first in self.replay.snapshots:
            self._restore(first)
        else:
            raise ValueError(f"the replay begins at tick {first} and has no snapshot of it")

    def _restore(self, tick: int) -> None:
        if tick < 0:
            self._restart()
            return
        self._env.restore(0, self.replay.snapshots[tick])
        self.tick = tick
        self._check()

    def _check(self) -> None:
        expected = self.replay.hashes.get(self.tick)
        if expected is not None and expected != int(self._env.hash(0)):
            raise ValueError(f"the world at tick {self.tick} is not what was recorded; {self._maker()}")

    def _maker(self) -> str:
        version = self.replay.metta_version or "(unknown version)"
        return f"it was made by metta {version}, whose rules differ, or was changed by hand"
