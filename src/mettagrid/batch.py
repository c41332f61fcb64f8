"""BatchEnv: many worlds, of one game or several, stepped together into arrays that are shared, not copied.

The arrays are the interface: they are allocated once, every step writes them in place, and NumPy and PyTorch see the
same memory (`torch.from_numpy(env.observations)`). Knows nothing of learning.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mettagrid import _core
from mettagrid.compile import build_maps, compile_games, joint_spec
from mettagrid.config.game import GameConfig
from mettagrid.events import EVENT, MOST_EVENTS, ExplainedRule, explain_rules
from mettagrid.map_renewal import MapRenewal, pool_seed
from mettagrid.spec import GameSpec

NO_INFO: dict[str, object] = {}


@dataclass(frozen=True)
class WorldView:
    """The state of one world, for drawing and inspecting. Arrays are views: the next step changes them.

    Objects `0..A-1` are the agents; `kinds[o] == 0` marks a slot that is free.
    """

    tick: int
    """Steps since the episode began."""
    episode: int
    """Episodes that this world has finished."""
    kinds: NDArray[np.uint8]
    """[O] kind of each object, an index into `GameSpec.kind_names`."""
    cells: NDArray[np.int32]
    """[O] row * width + column, -1 for what is not on the map (a copy)."""
    variables: NDArray[np.int16]
    """[O, V] variables in the order of `GameSpec.variable_names`."""
    profiles: NDArray[np.uint8]
    """[O] body of each object."""
    rewards: NDArray[np.int32]
    """[A] reward of the last step, in thousandths."""
    last_actions: NDArray[np.uint8]
    """[A] what each agent did in the last step (0 where its action was impossible)."""
    stats: NDArray[np.int32]
    """[A, num_stats] statistics of the running episode."""
    ground: NDArray[np.uint8]
    """[height, width] ground of each cell: 0 plain, else 1 + its place in `grounds`. Empty without grounds."""
    traces: NDArray[np.uint8]
    """[height, width] what was left on each cell: 1 + its place in `traces`, 0 nothing. Empty without traces."""
    trace_ends: NDArray[np.uint32]
    """[height, width] the tick from which that trace is gone. Empty without traces."""
    partners: NDArray[np.uint16]
    """[A] 1 + the agent that each is bonded to, 0 for nobody."""
    kinship: NDArray[np.uint8]
    """[A, A] how near the second is to the first, of `FULL_KINSHIP` (240). Empty without kinship."""
    height: int
    width: int


class BatchEnv:
    """`W` worlds of `A` agents; world `w` owns rows `w*A .. (w+1)*A - 1` of the `N = W*A` rows.

    Not thread-safe: one owner steps it.

    Attributes:
        observations: uint8 [N, num_tokens, 3], tokens (where, feature, value); 255 where unused.
        action_mask: bool [N, num_actions], what each agent can do next.
        rewards: float32 [N].
        terminated: bool [N], the agent died in this step.
        truncated: bool [N], its episode ended by time in this step.
        alive: bool [N], the agent acts in the next step; rows of dead agents are empty until the episode ends.
        actions: int32 [N], what `step()` takes.
        final_observations: uint8 [N, num_tokens, 3], the last observation of each world's last finished episode.
        episode_ended: bool [W], in this step.
        episode_length, episode_return, episode_stats: int32 [W], float32 [N], int32 [N, num_stats] of the last
            finished episode.
        next_games: int32 [W], which of the batch's games each world plays from its next episode on; written at any
            time between steps, before the first reset too. A number that names no game changes nothing.
        games: int32 [W], which of them is played now; read only.
        episode_games: int32 [W], which of them the last finished episode was.
    """

    observations: NDArray[np.uint8]
    action_mask: NDArray[np.bool_]
    rewards: NDArray[np.float32]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]
    alive: NDArray[np.bool_]
    actions: NDArray[np.int32]
    final_observations: NDArray[np.uint8]
    episode_ended: NDArray[np.bool_]
    episode_length: NDArray[np.int32]
    episode_return: NDArray[np.float32]
    episode_stats: NDArray[np.int32]
    next_games: NDArray[np.int32]
    games: NDArray[np.int32]
    episode_games: NDArray[np.int32]

    def __init__(
        self,
        game: GameConfig | Sequence[GameConfig],
        num_worlds: int = 1,
        num_threads: int = 1,
        num_maps: int | Sequence[int] = 64,
        map_seed: int = 0,
        renew_maps: int | None = None,
    ) -> None:
        """Compile the game, build its maps and allocate everything; no later call allocates, but for new maps.

        Args:
            game: rules, people and map; or several games whose names, views and numbers of agents are the same.
            num_worlds: `W`, at least 1.
            num_threads: threads that step the worlds; results do not depend on it.
            num_maps: maps built now, of which every episode takes one; for each game, or one number for each.
            map_seed: seed of the maps; each of several games has its own maps.
            renew_maps: steps after which all maps are replaced by new ones, which another process builds meanwhile;
                None keeps the first ones. Which maps an episode finds does not depend on how fast that process is.

        Raises:
            ValueError: the game cannot be, games cannot be played side by side, or a count is below 1.
        """
        several = [game] if isinstance(game, GameConfig) else list(game)
        compiled, places = compile_games(several)
        counts = [num_maps] * len(several) if isinstance(num_maps, int) else list(num_maps)
        if renew_maps is not None and len(several) > 1:
            raise ValueError(f"renew_maps is for batches of one game, this one has {len(several)}")
        # Game 0 has the maps that it has alone; the others' seeds follow from its seed as those of later pools do.
        maps = [
            np.ascontiguousarray(build_maps(one, count, pool_seed(map_seed, number)), np.int32)
            for number, (one, count) in enumerate(zip(several, counts, strict=True))
        ]
        tables = [
            {name: np.asarray(table).ravel().tolist() for name, table in one.tables.items()}
            for one in compiled
        ]
        self._core = _core.ColonyBatch(tables, maps, places, num_worlds, num_threads)
        self.game = several[0]
        self.num_games = len(several)
        self.spec: GameSpec = joint_spec(compiled)
        self._rule_sources = compiled[0].rule_sources
        self.num_worlds = num_worlds
        self.num_agents = self.spec.num_agents
        self.num_rows = num_worlds * self.num_agents
        self.split = num_worlds // 2
        for name, array in self._core.arrays().items():
            setattr(self, name, array)
        self._halves = (
            slice(0, self.split * self.num_agents),
            slice(self.split * self.num_agents, self.num_rows),
        )
        self._was_reset = False
        self._renewal = (
            MapRenewal(several[0], counts[0], map_seed, renew_maps) if renew_maps is not None else None
        )

    def reset(
        self, seed: int, streams: NDArray[np.int64] | None = None, desync: bool = False
    ) -> NDArray[np.uint8]:
        """Start the first episode of every world.

        Args:
            seed: any integer; its lowest 64 bits count.
            streams: int64 [W], the random stream of each world; by default its index. Equal streams, equal worlds.
            desync: let the first episodes end at scattered ticks, so that worlds do not all reset together.

        Returns:
            `observations`.
        """
        if streams is None:
            streams = np.arange(self.num_worlds, dtype=np.int64)
        self._core.reset(seed % 2**64, np.ascontiguousarray(streams, dtype=np.int64), desync)
        self._was_reset = True
        return self.observations

    def step(
        self, actions: NDArray[np.int32] | None = None
    ) -> tuple[
        NDArray[np.uint8], NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_], dict[str, object]
    ]:
        """One action of every agent. A world whose episode ends begins the next one in the same step.

        Args:
            actions: int32 [N]; without it, `self.actions`. An id that does not exist does nothing.

        Returns:
            `observations, rewards, terminated, truncated, {}`: the batch's own arrays.
        """
        self._renew_maps()
        self._core.step(self._checked(actions, self.actions))
        return self.observations, self.rewards, self.terminated, self.truncated, NO_INFO

    def send(self, half: int, actions: NDArray[np.int32] | None = None) -> None:
        """Begin a step of one half of the worlds (`rows_of(half)`) and return at once.

        Until `recv` returns that half, its rows must not be read.
        """
        if half == 0:
            self._renew_maps()
        self._core.send(half, self._checked(actions, self.actions[self.rows_of(half)]))

    def recv(self) -> int:
        """Wait for the half that was sent first and return its number."""
        return self._core.recv()

    def rows_of(self, half: int) -> slice:
        """Rows of half 0 (the first worlds) or 1 (the others)."""
        return self._halves[half]

    def snapshot(self, world: int) -> bytes:
        """All state of one world."""
        return self._core.snapshot(world)

    def restore(self, world: int, data: bytes) -> None:
        """Put a world back to a snapshot of the same game; its observations and mask show that state."""
        self._core.restore(world, data)
        self._was_reset = True

    def fork(self, source: int, target: int) -> None:
        """Make world `target` an exact copy of world `source`; with equal actions both go on equally."""
        self._core.fork(source, target)

    def hash(self, world: int) -> int:
        """64-bit hash of all state of one world."""
        return self._core.hash(world)

    @property
    def tokens_dropped(self) -> NDArray[np.int64]:
        """int64 [W]: tokens that did not fit into observations since reset."""
        return np.array(
            [self._core.tokens_dropped(world) for world in range(self.num_worlds)], dtype=np.int64
        )

    @property
    def world_bytes(self) -> int:
        """Bytes of one world's state."""
        return self._core.world_bytes

    def world(self, world: int) -> WorldView:
        """Look at one world."""
        view = self._core.world(world)
        height, width = view["grid"].shape
        places = view["places"].astype(np.int32)
        return WorldView(
            tick=view["tick"],
            episode=view["episode"],
            kinds=view["kinds"],
            cells=np.where(places[:, 0] < 0, -1, places[:, 0] * width + places[:, 1]),
            variables=view["variables"][:, : len(self.spec.variable_names)],
            profiles=view["profiles"],
            rewards=view["rewards"],
            last_actions=view["last_actions"],
            stats=view["stats"],
            ground=view["ground"],
            traces=view["traces"],
            trace_ends=view["trace_ends"],
            partners=view["partners"],
            kinship=view["kinship"],
            height=height,
            width=width,
        )

    def log_events(self, world: int, is_on: bool = True, most: int = MOST_EVENTS) -> None:
        """Log what happens in one world, from its next step on, or no more. Costs time only where it is on.

        Args:
            world: which one; the log stays with it through resets, restored snapshots and forks.
            is_on: whether.
            most: events of one step that are kept; what comes after them is counted in `events_dropped`.

        Raises:
            ValueError: `most` is below 1.
        """
        if most < 1:
            raise ValueError(f"most must be at least 1, got {most}: to end the log, is_on=False")
        self._core.log_events(world, most if is_on else 0)

    def events(self, world: int) -> NDArray[np.void]:
        """The events of a world's last step in the order in which they happened: `mettagrid.events.EVENT` each.

        Of the last step of an episode, too, though the world has begun the next one. Empty after a reset, a restored
        snapshot or a fork. A copy.

        Raises:
            ValueError: the world is not logged.
        """
        rows, _ = self._core.events(world)
        return rows.view(EVENT)[:, 0]

    def explain_rules(self) -> list[ExplainedRule]:
        """For each rule of the first game, by the index that events name, where it stands and what it says."""
        return explain_rules(self.game, self._rule_sources)

    def events_dropped(self, world: int) -> int:
        """How many events of a world's last step did not fit into its log.

        Raises:
            ValueError: the world is not logged.
        """
        return self._core.events(world)[1]

    def continue_maps(self, num_steps: int) -> None:
        """After restoring worlds: go on with the maps that a batch has after so many steps. See `renew_maps`."""
        if self._renewal is not None:
            self._renewal.num_steps = num_steps

    def timed_step(self, actions: NDArray[np.int32] | None = None) -> dict[str, int]:
        """`step` with a clock in each world: nanoseconds spent per phase, summed over worlds. One thread only."""
        phases = ("actions", "rules", "observations", "resets")
        return dict(zip(phases, self._core.timed_step(self._checked(actions, self.actions)), strict=True))

    def _renew_maps(self) -> None:
        """Called once for each step of all worlds."""
        if self._renewal is not None and (maps := self._renewal.after_step()) is not None:
            self._core.set_maps(maps)

    def _checked(self, actions: NDArray[np.int32] | None, own: NDArray[np.int32]) -> NDArray[np.int32]:
        if not self._was_reset:
            raise ValueError("step before reset: call reset(seed) first")
        if actions is None:
            return own
        if actions.dtype == np.int32 and actions.shape == own.shape and actions.flags.c_contiguous:
            return actions
        if actions.shape != own.shape:
            raise ValueError(f"actions has shape {actions.shape}, needs {own.shape}: one action for each row")
        if not np.issubdtype(actions.dtype, np.integer):
            raise ValueError(f"actions has dtype {actions.dtype}, needs int32")
        # Wider numbers would wrap around to ids that exist.
        fits = (actions >= -(2**31)) & (actions < 2**31)
        return np.where(fits, actions, 2**31 - 1).astype(np.int32)
