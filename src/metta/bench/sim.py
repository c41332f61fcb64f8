"""How fast the arena is simulated, beside the floor of writing its observations and beside mettagrid.

Everything that is compared takes turns (A B C, A B C, ...) in one run, so that a machine that gets slower or
faster meanwhile does the same to all; the result is the median. Actions are random and drawn beforehand.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from metta.bench.fresh_maps import fresh_map_figures
from metta.bench.machine import on_cores, resident_bytes, usable_cores
from metta.bench.many_tasks import many_task_figures
from metta.bench.peer import SETTINGS, Peer
from metta.bench.table import Figure, ratio
from mettagrid import _core
from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.config.game import GameConfig
from mettagrid.config.things import View

NUM_AGENTS = 24
NUM_ACTION_ROWS = 16  # pre-generated actions of the whole batch, used in turn
LARGE_BATCH = 4096
MIB, GIB = 2**20, 2**30
_TINY_STEPS = 10_000
_WARM_UP_SECONDS = 1.0
_QUIET_SHARE = 0.9  # below that, other programs took so much of the core that figures mean little
_FLOOR = "floor: filling main memory, 1 thread"
_CACHED_FLOOR = "filling the batch's own observations"
_MEMORY_BYTES = 256 * MIB  # larger than caches: what is kept, as the experience of a training, ends up there


@dataclass(frozen=True)
class SimSettings:
    """What is measured, and for how long."""

    num_worlds: int = 1024
    """Worlds of the batch. With 1,024 its observations take 15 MB, more than a core's own cache: they go
    through the memory system, as they do in training that keeps every step. Smaller batches are faster."""
    threads: tuple[int, ...] = (1, 2)
    """Numbers of threads. One thread is always measured, too: everything else is compared with it."""
    seconds: float = 1.0
    """Length of one measurement."""
    repeats: int = 7
    """Measurements of each kind."""
    peer_python: str | None = None
    """Interpreter that has mettagrid; None = no comparison."""
    allocate: bool = False
    """Whether a batch of 4,096 worlds is really made, not only reckoned."""


class OurBatch:
    """The arena with pre-drawn actions, stepped by some threads that stay on their cores."""

    def __init__(self, game: GameConfig, num_worlds: int, num_threads: int) -> None:
        """Build the batch. Threads are made on the cores that they stay on; the first one is the caller's."""
        cores = usable_cores()
        self._own = cores[:1] if num_threads <= len(cores) else []
        with on_cores(cores[1:num_threads] if self._own else []):
            self.env = BatchEnv(game, num_worlds, num_threads)
        draw = np.random.default_rng(0).integers
        num_actions = len(self.env.spec.action_names)
        self.actions = [
            draw(num_actions, size=self.env.num_rows, dtype=np.int32) for _ in range(NUM_ACTION_ROWS)
        ]
        self.core_shares: list[float] = []
        """For each measurement, the share of its time in which the calling thread had a core."""
        self._turn = 0

    def warm_up(self) -> None:
        """Play until the worlds are at scattered ticks of episodes that began in the usual way."""
        self.env.reset(0, desync=True)
        for _ in range(self.env.spec.max_steps):
            self.env.step(self._next_actions())

    def copy_worlds(self, other: "OurBatch") -> None:
        """Put all worlds into the state of another batch's."""
        for world in range(self.env.num_worlds):
            self.env.restore(world, other.env.snapshot(world))

    def measure(self, seconds: float) -> float:
        """Step for about `seconds`; returns agent-steps per second."""
        with on_cores(self._own):
            num_steps, elapsed, begin, begin_busy = 0, 0.0, time.perf_counter(), time.thread_time()
            while elapsed < seconds:
                self.env.step(self._next_actions())
                num_steps += 1
                elapsed = time.perf_counter() - begin
            self.core_shares.append((time.thread_time() - begin_busy) / elapsed)
        return num_steps * self.env.num_rows / elapsed

    def shares(self, seconds: float) -> dict[str, float]:
        """Step for about `seconds` with a clock; returns the share of each phase."""
        totals: dict[str, int] = {}
        end = time.perf_counter() + seconds
        with on_cores(self._own):
            while time.perf_counter() < end:
                for phase, nanoseconds in self.env.timed_step(self._next_actions()).items():
                    totals[phase] = totals.get(phase, 0) + nanoseconds
        whole = sum(totals.values())
        return {phase: nanoseconds / whole for phase, nanoseconds in totals.items()}

    def tokens_used(self) -> float:
        """Return the mean number of tokens in an observation, as they are now."""
        return float((self.env.observations[..., 0] != 255).sum(axis=1).mean())

    def _next_actions(self) -> np.ndarray:
        self._turn = (self._turn + 1) % NUM_ACTION_ROWS
        return self.actions[self._turn]


def bench_sim(settings: SimSettings) -> tuple[list[Figure], dict[str, Any]]:
    """Measure the simulator.

    Returns:
        The figures in the order of the table, and facts about what was measured.

    Raises:
        UserError: the peer's interpreter or its mettagrid is missing.
    """
    game = make_arena(num_agents=NUM_AGENTS, combat=True)
    core = usable_cores()[0]
    with ExitStack() as stack:
        peers: dict[str, Peer] = {}
        if settings.peer_python is not None:
            for name, environment in SETTINGS.items():
                peers[name] = stack.enter_context(Peer(settings.peer_python, environment, core))
                peers[name].measure(_WARM_UP_SECONDS)
        batches = _warm_batches(game, settings)
        single = batches[1]
        rates = _in_turns(_subjects(batches, peers, core), settings)
        facts = _facts(single, settings, peers)
    shares = single.shares(settings.seconds)
    figures = [
        *_speeds(rates),
        Figure("share of its core that 1 thread had", tuple(single.core_shares), "%"),
        *_comparisons(rates),
        *(Figure(f"share of {phase}", (share,), "%") for phase, share in shares.items()),
        *fresh_map_figures(settings.num_worlds, settings.seconds, settings.repeats),
        *many_task_figures(settings.num_worlds, settings.seconds, settings.repeats),
        _call_cost(settings),
        *_memory(single.env, settings),
    ]
    return figures, facts


def _warm_batches(game: GameConfig, settings: SimSettings) -> dict[int, OurBatch]:
    """One batch for each number of threads, all in the same state."""
    counts = sorted({1, *settings.threads})
    batches = {count: OurBatch(game, settings.num_worlds, count) for count in counts}
    batches[1].warm_up()
    for count in counts[1:]:
        batches[count].copy_worlds(batches[1])
    return batches


def _subjects(
    batches: dict[int, OurBatch], peers: dict[str, Peer], core: int
) -> dict[str, Callable[[float], float]]:
    """What is compared, by name: measures for so many seconds and returns agent-steps per second."""
    observations = batches[1].env.observations
    subjects = {_threads(count): batch.measure for count, batch in batches.items()}
    row_bytes = observations[0].nbytes
    subjects[_FLOOR] = lambda seconds: _fill_rate(_MEMORY_BYTES, row_bytes, seconds, core)
    subjects[_CACHED_FLOOR] = lambda seconds: _fill_rate(observations.nbytes, row_bytes, seconds, core)
    return subjects | {name: peer.measure for name, peer in peers.items()}


def _in_turns(
    subjects: dict[str, Callable[[float], float]], settings: SimSettings
) -> dict[str, tuple[float, ...]]:
    """Measure all subjects in turn, `repeats` times; rates by name."""
    rounds = [
        {name: run(settings.seconds) for name, run in subjects.items()} for _ in range(settings.repeats)
    ]
    return {name: tuple(rates[name] for rates in rounds) for name in subjects}


def _fill_rate(num_bytes: int, row_bytes: int, seconds: float, core: int) -> float:
    """Agent-steps per second at which one thread could fill rows in a buffer of `num_bytes` with constants."""
    with on_cores([core]):
        return _core.fill_speed(num_bytes, seconds) / row_bytes


def _speeds(rates: dict[str, tuple[float, ...]]) -> list[Figure]:
    return [Figure(name, values) for name, values in rates.items()]


def _comparisons(rates: dict[str, tuple[float, ...]]) -> Iterator[Figure]:
    """The ratios that have targets, as far as what they compare was measured."""
    figures = {figure.name: figure for figure in _speeds(rates)}
    single = figures[_threads(1)]
    if _threads(2) in figures:
        yield ratio("2 threads to 1 thread", figures[_threads(2)], single, target=1.85)
    yield ratio("1 thread to the floor", single, figures[_FLOOR], "%", target=0.18)
    yield ratio("1 thread to filling its own observations", single, figures[_CACHED_FLOOR], "%")
    peers = [figures[name] for name in SETTINGS if name in figures]
    if peers:
        best = max(peers, key=lambda figure: figure.median)
        yield ratio(f"1 thread to {best.name}", single, best, target=25.0)


def _call_cost(settings: SimSettings) -> Figure:
    """Microseconds of one `step` call of the smallest game: what Python adds, and next to nothing else."""
    env = BatchEnv(GameConfig(name="tiny", view=View(height=3, width=3, num_tokens=1)))
    env.reset(0)
    actions = np.zeros(1, dtype=np.int32)
    values = []
    for _ in range(settings.repeats):
        begin = time.perf_counter()
        for _ in range(_TINY_STEPS):
            env.step(actions)
        values.append((time.perf_counter() - begin) / _TINY_STEPS * 1e6)
    return Figure("one step call of a tiny world", tuple(values), "µs", target=10.0, at_least=False)


def _memory(env: BatchEnv, settings: SimSettings) -> Iterator[Figure]:
    yield Figure("state of one world", (env.world_bytes / 1024,), "KiB", target=64.0, at_least=False)
    reckoned = LARGE_BATCH * bytes_per_world(env)
    yield Figure(
        f"{LARGE_BATCH:,} worlds with buffers", (reckoned / MIB,), "MiB", target=1024.0, at_least=False
    )
    if settings.allocate:
        allocated = _allocated(env.game)
        if allocated is not None:
            name = f"{LARGE_BATCH:,} worlds with buffers, allocated"
            yield Figure(name, (allocated / MIB,), "MiB", target=1024.0, at_least=False)


def bytes_per_world(env: BatchEnv) -> float:
    """Return the bytes that one world takes: its state and its rows of all arrays."""
    arrays = [value for value in vars(env).values() if isinstance(value, np.ndarray)]
    return env.world_bytes + sum(array.nbytes for array in arrays) / env.num_worlds


def _allocated(game: GameConfig) -> int | None:
    """Bytes by which this process grows with a large batch that was stepped."""
    before = resident_bytes()
    if before is None:
        return None
    env = BatchEnv(game, LARGE_BATCH)
    env.reset(0)
    env.step()
    after = resident_bytes()
    return None if after is None else after - before


def _facts(batch: OurBatch, settings: SimSettings, peers: dict[str, Peer]) -> dict[str, Any]:
    spec = batch.env.spec
    facts: dict[str, Any] = {
        "game": spec.name,
        "num_worlds": settings.num_worlds,
        "num_agents": spec.num_agents,
        "view": [spec.view_height, spec.view_width],
        "num_tokens": spec.num_tokens,
        "num_actions": len(spec.action_names),
        "tokens_used": batch.tokens_used(),
        "seconds": settings.seconds,
        "repeats": settings.repeats,
        "is_disturbed": min(batch.core_shares) < _QUIET_SHARE,
    }
    for name, peer in peers.items():
        facts[name] = {**peer.description, "tokens_used": peer.last_answer["tokens_used"]}
    return facts


def _threads(count: int) -> str:
    return f"{count} thread{'s' if count > 1 else ''}"
