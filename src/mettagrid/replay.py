"""Replays: an episode as game, seed and actions, played again by the engine.

`ReplayRecorder` makes one while an episode runs and `ReplayPlayer` goes to any tick of it. Files are the
business of `mettagrid.replay_file`. Nothing here knows policies or pictures.
"""

from dataclasses import dataclass, field

import numpy as np

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
    actions: np.ndarray  # uint8 or int16 [ticks, agents]; actions[t] led from tick t to t + 1
    action_names: tuple[str, ...]
    hashes: dict[int, int]  # tick -> 64-bit hash of the world at that tick
    snapshots: dict[int, bytes] = field(repr=False, default_factory=dict)  # tick -> the world at that tick
    metta_version: str = ""  # who recorded it, for people

    @property
    def num_ticks(self) -> int:
        """Steps of the episode: ticks 0..num_ticks-1 can be looked at."""
        return int(self.actions.shape[0])


class ReplayRecorder:
    """Notes down the first world of a batch while somebody plays it. The batch stays the caller's.

    Example:
        recorder = ReplayRecorder(env := origin.start(), origin)
        while not recorder.is_finished:
            env.step(choose(env))
            recorder.record(env.actions)
        replay = recorder.replay()
    """

    def __init__(self, env: BatchEnv, origin: Origin) -> None:
        """Begins at the first tick. Args: env: a batch made by `origin.start()`, not stepped yet."""
        self._env, self._origin = env, origin
        self._actions: list[np.ndarray] = []
        self._hashes: dict[int, int] = {}
        self._snapshots: dict[int, bytes] = {}
        self.is_finished = False  # the episode has ended
        self._note_state()

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
        return Replay(self._origin, actions, names, dict(self._hashes), dict(self._snapshots))

    def _note_state(self) -> None:
        tick = len(self._actions)
        if tick % HASH_INTERVAL == 0:
            self._hashes[tick] = int(self._env.hash(0))
        if tick % SNAPSHOT_INTERVAL == 0:
            self._snapshots[tick] = bytes(self._env.snapshot(0))


class ReplayPlayer:
    """Goes to any tick of a replay by restoring a snapshot and stepping; checks the recorded hashes."""

    def __init__(self, replay: Replay) -> None:
        """Starts at tick 0.

        Raises:
            ValueError: the game has other actions now than when it was recorded, or begins differently.
        """
        self.replay = replay
        self._env = replay.origin.start()
        names = tuple(self._env.spec.action_names)
        shape = (replay.num_ticks, self._env.num_agents)
        if names != replay.action_names or replay.actions.shape != shape:
            raise ValueError(f"the replay's actions do not fit its game; {self._maker()}")
        self.tick = 0
        self._check()

    def view(self) -> WorldView:
        """The world at the present tick."""
        return self._env.world(0)

    def seek(self, tick: int) -> WorldView:
        """Goes to `tick` and returns the world there.

        Raises:
            ValueError: there is no such tick, or the world is not what was recorded.
        """
        if not 0 <= tick < max(1, self.replay.num_ticks):
            raise ValueError(f"tick {tick} is not between 0 and {self.replay.num_ticks - 1}")
        base = max((known for known in self.replay.snapshots if known <= tick), default=-1)
        if tick < self.tick or base - self.tick > SNAPSHOT_INTERVAL:  # else stepping there is as quick
            self._restore(base)
        while self.tick < tick:
            self._env.step(self.replay.actions[self.tick].astype(np.int32))
            self.tick += 1
            self._check()
        return self.view()

    def verify(self) -> None:
        """Plays everything from the seed alone, without snapshots, and compares every recorded hash.

        Raises:
            ValueError: a hash differs.
        """
        self._restart()
        self._check()
        while self.tick + 1 < self.replay.num_ticks:
            self._env.step(self.replay.actions[self.tick].astype(np.int32))
            self.tick += 1
            self._check()

    def _restart(self) -> None:
        self._env = self.replay.origin.start()
        self.tick = 0

    def _restore(self, tick: int) -> None:
        if tick < 0:
            self._restart()
        else:
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
