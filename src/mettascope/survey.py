"""Survey: a whole episode at a glance: where agents went, what they did and earned, and what is worth marking.

The page asks for it block by block; timeline, traces, footprints, heat maps and graphs are drawn from it.
"""

import threading
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from mettagrid.config.game import GameConfig
from mettagrid.events import What
from mettagrid.replay import Replay, ReplayPlayer
from mettagrid.spec import GameSpec
from mettascope.varints import fold, pack

MOST_TICKS = 500
"""Of a block."""
_GOAL = "heart"
_ATTACK = "attack"


class Mark(IntEnum):
    """What a mark on the timeline says; `actor` did it to `target`."""

    ATTACK = 0
    """`actor` attacked `target`."""
    GIFT = 1
    """`actor` gave `amount` of `variable` to `target`."""
    THEFT = 2
    """`actor` took `amount` of `variable` from `target`."""
    BIRTH = 3
    """`target` was born to `actor`."""
    DEATH = 4
    """`target` died; `actor` did it, -1 if nobody."""
    HEART = 5
    """`target` gained `amount` hearts."""
    BOND = 6
    """`actor` and `target` became mates."""
    SHARE = 7
    """`actor` passed `amount` thousandths of reward on to `target`."""


MARK_FIELDS = ("tick", "what", "actor", "target", "variable", "amount")


@dataclass(frozen=True)
class Block:
    """Some successive ticks."""

    first: int
    cells: NDArray[np.int64]
    """[T, A] 1 + row * width + column, 0 = not on the map."""
    actions: NDArray[np.int64]
    """[T, A] what each agent did in the step that led there."""
    rewards: NDArray[np.int64]
    """[T, A] what it earned in that step, in thousandths."""
    marks: NDArray[np.int64]
    """[n, 6], see `MARK_FIELDS`."""

    def pack(self) -> bytes:
        """As the page reads it: varints of first tick, T, A, n; cells as differences; the rest."""
        num_ticks, num_agents = self.cells.shape
        head = np.array([self.first, num_ticks, num_agents, len(self.marks)], np.int64)
        moves = fold(np.diff(self.cells, axis=0, prepend=np.zeros((1, num_agents), np.int64)))
        parts = [head, moves, self.actions, fold(self.rewards), fold(self.marks)]
        return pack(np.concatenate([part.ravel() for part in parts]))


class Surveyor:
    """Makes blocks of one replay, with a player of its own. Safe to call from several threads.

    Args:
        replay: what was recorded so far.
    """

    def __init__(self, replay: Replay) -> None:
        self._player = ReplayPlayer(replay, with_events=True)
        self._turn = threading.Lock()
        self._marker = _Marker(replay.origin.game, self._player.env.spec)

    def block(self, replay: Replay, first: int) -> Block:
        """The block that begins with tick `first`.

        Args:
            replay: the recording as it is now.
            first: one of its ticks.

        Raises:
            ValueError: there is no such tick, or the world is not what was recorded.
        """
        with self._turn:
            self._player.follow(replay)
            ticks = range(first, min(first + MOST_TICKS, replay.last_tick + 1))
            if not ticks:
                raise ValueError(f"there is no tick {first}; the last one is {replay.last_tick}")
            rows = [self._row(tick) for tick in ticks]
        cells, actions, rewards, marks = (list(column) for column in zip(*rows, strict=True))
        return Block(first, np.stack(cells), np.stack(actions), np.stack(rewards), np.concatenate(marks))

    def _row(self, tick: int) -> tuple[NDArray[np.int64], ...]:
        events = self._player.events(tick)
        view = self._player.view()
        num_agents = len(view.rewards)
        cells = view.cells[:num_agents].astype(np.int64) + 1
        actions, rewards = view.last_actions.astype(np.int64), view.rewards.astype(np.int64)
        return cells, actions, rewards, self._marker.marks(tick, events)


class _Marker:
    """Picks out of events what is worth a mark."""

    def __init__(self, game: GameConfig, spec: GameSpec) -> None:
        self._num_agents = spec.num_agents
        names = spec.variable_names
        self._goal = names.index(_GOAL) if _GOAL in names else -2  # no event has this variable
        actions = game.actions()
        self._attacks = [i for i, action in enumerate(actions) if action.verb_name == _ATTACK]

    def marks(self, tick: int, events: NDArray[np.void]) -> NDArray[np.int64]:
        """The marks of a step, int64 [n, 6]."""
        what, target, source, actor = (events[name] for name in ("what", "target", "source", "actor"))
        is_agent = (target >= 0) & (target < self._num_agents)
        is_other = is_agent & (source >= 0) & (source < self._num_agents) & (source != target)
        handed = (what == What.HANDED_OVER) & is_other
        is_attack = (what == What.ACTED) & np.isin(events["amount"], self._attacks) & is_agent
        gained = (what == What.CHANGED) & (events["variable"] == self._goal) & (events["amount"] > 0)
        chosen = [
            (Mark.ATTACK, is_attack, actor, target),
            (Mark.GIFT, handed & (actor == source), source, target),
            (Mark.THEFT, handed & (actor != source), target, source),
            (Mark.BIRTH, what == What.BORN, actor, target),
            (Mark.DEATH, what == What.DIED, actor, target),
            (Mark.HEART, gained & is_agent, actor, target),
            (Mark.BOND, what == What.BONDED, source, target),
            (Mark.SHARE, (what == What.SHARED) & is_other, source, target),
        ]
        return np.concatenate([_rows(tick, mark, events, *rest) for mark, *rest in chosen])


def _rows(
    tick: int, mark: Mark, events: NDArray[np.void], is_chosen: NDArray[np.bool_], *who: NDArray[np.int32]
) -> NDArray[np.int64]:
    actor, target = (column[is_chosen] for column in who)
    rows = np.empty((len(actor), len(MARK_FIELDS)), np.int64)
    rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3] = tick, mark, actor, target
    is_attack = mark == Mark.ATTACK  # whose amount is the number of the action
    rows[:, 4] = -1 if is_attack else events["variable"][is_chosen]
    rows[:, 5] = 0 if is_attack else events["amount"][is_chosen]
    return rows
