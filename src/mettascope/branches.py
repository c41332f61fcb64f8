"""Branches: all that a server shows, by number. Replays are opened, worlds are begun and forked here."""

import itertools
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from metta.sim.policies import load_named_policy
from metta.sim.simulate import map_seed
from mettagrid.compile import compile_game
from mettagrid.config.game import GameConfig
from mettagrid.maps.map_file import without_map_files
from mettagrid.replay import Origin, Replay
from mettascope.branch import Branch
from mettascope.live import LiveWorld, Player

_MOST_BRANCHES = 32


@dataclass(frozen=True)
class Fork:
    """How a new branch differs from the one that it leaves."""

    tick: int
    """Where it leaves."""
    policy_uri: str | None = None
    """Who plays from there on; None keeps the players that the branch has, or random ones."""
    changes: dict[str, Any] = field(default_factory=dict)
    """New values of the game's numbers, by dotted path."""
    hands: Sequence[int] = ()
    """Agents that are played by hand from there on."""


@dataclass(frozen=True)
class KeptArchive:
    """An archive that pages fetch and open by themselves; see `mettascope.archive`."""

    number: int
    title: str
    data: bytes = field(repr=False)
    """Of its file."""


class Branches:
    """The branches of one server. Safe to call from several threads."""

    def __init__(self) -> None:
        self._branches: dict[int, Branch] = {}
        self._archives: dict[int, KeptArchive] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Branch]:
        return iter(list(self._branches.values()))

    def __getitem__(self, number: int) -> Branch:
        """The branch of a number; ValueError if there is none."""
        branch = self._branches.get(number)
        if branch is None:
            raise ValueError(f"branch {number} is not open; open are {sorted(self._branches)}")
        return branch

    def open(self, replay: Replay, title: str) -> Branch:
        """Shows a replay.

        Raises:
            ValueError: it does not fit its game as the rules are today, or too much is open.
        """
        return self._add(title, replay)

    def keep_archive(self, data: bytes, title: str) -> KeptArchive:
        """Lets every page open an archive.

        Raises:
            ValueError: too much is open.
        """
        with self._lock:
            self._check_room()
            kept = KeptArchive(next(self._numbers), title, data)
            self._archives[kept.number] = kept
        return kept

    @property
    def archives(self) -> list[KeptArchive]:
        """The archives that every page opens."""
        return list(self._archives.values())

    def archive(self, number: int) -> KeptArchive:
        """The archive of a number; ValueError if there is none."""
        kept = self._archives.get(number)
        if kept is None:
            raise ValueError(f"archive {number} is not here; there are {sorted(self._archives)}")
        return kept

    def begin(self, game: GameConfig, policy_uri: str, seed: int, title: str) -> Branch:
        """Begins an episode that a policy plays.

        Raises:
            ValueError: there is no such policy, or too much is open.
        """
        live = self._start(game, policy_uri, seed)
        return self._add(title, live.replay(), live)

    def restart(self, number: int, seed: int | None = None) -> Branch:
        """Begins the episode of a branch anew, with the same players and no hands; the number stays.

        Raises:
            ValueError: it is a recording, which would be lost.
        """
        old = self[number]
        if old.live is None:
            raise ValueError(f"{old.title} is a recording: fork it, it cannot begin anew")
        uris = old.live.player_uris
        origin = old.recorded.replay.origin
        live = self._start(old.game, uris[0], origin.seed if seed is None else seed)
        for agent, uri in enumerate(uris):
            if uri != uris[0]:
                live.seat(self.player(old.game, uri), [agent])
        branch = Branch(number, old.title, live.replay(), live)
        self._branches[number] = branch
        return branch

    def fork(self, number: int, how: Fork) -> Branch:
        """A new branch that leaves another one at a tick and goes on with other players, rules or hands.

        Raises:
            ValueError: there is no such tick or policy, a change is refused, or it changes the shape of the world.
        """
        old = self[number]
        replay = old.replay()
        if not replay.first_tick <= how.tick <= replay.last_tick:
            raise ValueError(f"tick {how.tick} is not between {replay.first_tick} and {replay.last_tick}")
        if any(not 0 <= agent < old.game.num_agents for agent in how.hands):
            raise ValueError(f"hands: there are agents 0..{old.game.num_agents - 1}")
        uri = how.policy_uri or (old.live.player_uris[0] if old.live else "mock://random")
        live = LiveWorld.resume(replay, how.tick, self.player(old.game, uri))
        if how.changes:
            with without_map_files():
                game = old.game.model_copy(deep=True).override_all(how.changes)
            live = live.with_rules(game, self.player(game, uri))
        for agent in how.hands:
            live.take(agent)
        return self._add(f"{old.title}, fork at {how.tick}", live.replay(), live, parent=number)

    def close(self, number: int) -> None:
        """Forgets a branch."""
        self._branches.pop(self[number].number)

    def player(self, game: GameConfig, uri: str) -> Player:
        """The policy at an address, for a game; ValueError if there is none."""
        named = load_named_policy(uri, compile_game(game).spec, "cpu")
        policy = named.policy.eval()
        policy.show_attention()
        return Player(policy, uri)

    def _start(self, game: GameConfig, policy_uri: str, seed: int) -> LiveWorld:
        origin = Origin(game, seed, map_seed=map_seed(seed), policy=policy_uri)
        return LiveWorld.begin(origin, self.player(game, policy_uri))

    def _add(
        self, title: str, replay: Replay, live: LiveWorld | None = None, parent: int | None = None
    ) -> Branch:
        with self._lock:
            self._check_room()
            branch = Branch(next(self._numbers), title, replay, live, parent)
            self._branches[branch.number] = branch
        return branch

    def _check_room(self) -> None:
        if len(self._branches) + len(self._archives) >= _MOST_BRANCHES:
            raise ValueError(f"{_MOST_BRANCHES} worlds are open already: close one first")
