"""What a plan is about: a board with walls, an agent on it, and the things that rules say something about."""

from collections import deque
from dataclasses import dataclass, field

FAR = 1 << 30
"""Distance of a cell that cannot be reached."""

Values = tuple[int, ...]
Thing = tuple[int, str, Values]
"""Cell, kind and variables of an object."""


@dataclass(frozen=True)
class State:
    """Everything that changes while an agent acts alone."""

    cell: int
    """Where the agent is."""
    heading: int
    """0 north, 1 east, 2 south, 3 west."""
    own: Values
    """The agent's variables, in the order of the rule book."""
    things: tuple[Thing, ...]
    """The objects that rules say something about, by their cells."""


@dataclass
class Board:
    """Which cells are open, walls and unknown places aside; a cell is row * width + column.

    The rim of a board must be closed, so that no step leads over the edge.
    """

    is_open: list[bool]
    width: int
    _known: dict[tuple[int, frozenset[int]], list[int]] = field(default_factory=dict, repr=False)

    @property
    def steps(self) -> tuple[int, int, int, int]:
        """What a step north, east, south, west adds to a cell."""
        return -self.width, 1, self.width, -1

    def distances(self, start: int, blocked: frozenset[int]) -> list[int]:
        """Return the steps from a cell to every cell, `FAR` where no way leads; asked twice, found once."""
        key = (start, blocked)
        if key not in self._known:
            self._known[key] = self._search(start, blocked)
        return self._known[key]

    def _search(self, start: int, blocked: frozenset[int]) -> list[int]:
        distance = [FAR if is_open else -1 for is_open in self.is_open]  # below 0: closed
        for cell in blocked:
            distance[cell] = -1
        distance[start] = 0
        waiting, steps = deque([start]), self.steps
        while waiting:
            cell = waiting.popleft()
            further = distance[cell] + 1
            for step in steps:
                if distance[cell + step] > further:
                    distance[cell + step] = further
                    waiting.append(cell + step)
        return [FAR if steps < 0 else steps for steps in distance]
