"""What there is to see in a world at one tick, in words that a drawing understands. It draws nothing.

`SceneReader` turns the engine's numbers (a `WorldView`) into a `Scene`: things with a look, a place and a
state. All knowledge about names of kinds and variables is here, so that pictures and terminals agree.
"""

from dataclasses import dataclass, replace

import numpy as np

from mettagrid.batch import WorldView
from mettagrid.compile import compile_game
from mettagrid.config.game import GameConfig

# Words in kind names -> how such things look. The first word that fits wins; anything else is a plain box.
_LOOKS = (
    ("wall", "wall"),
    ("border", "border"),
    ("generator", "gem"),
    ("mine", "gem"),
    ("diamond", "gem"),
    ("charger", "bolt"),
    ("altar", "heart"),
    ("sign", "note"),
    ("mark", "note"),
)
_HEARTS = "heart.gained"
_WAITING_WORDS = ("cooldown", "wait", "timer", "busy")
_STOCK_WORDS = ("stock", "supply", "remaining")
# Variables that are drawn in a way of their own, not as something that an agent carries.
_STATUSES = (
    "heading",
    "energy",
    "frozen",
    "shield",
    "team",
    "mark",
    "marker",
    "symbol",
    "hp",
    "hit_points",
    "posture",
)


@dataclass(frozen=True)
class Thing:
    """One object or agent on the map. Fractions are 0..1."""

    look: str  # "agent", "wall", "border" (cannot break), "gem", "bolt", "heart", "note" or "box"
    kind: str
    row: int
    column: int
    agent: int = -1  # which agent, -1 for objects
    heading: int = 0  # 0 north, 1 east, 2 south, 3 west
    energy: float = -1.0  # share of the limit, -1 = has none
    frozen: int = 0  # steps left
    shield: bool = False
    mark: int = 0  # 0 = no symbol
    is_resting: bool = False  # cooling down or empty
    health: float = 1.0
    carried: tuple[tuple[str, int], ...] = ()  # (resource, amount) of what is worth showing
    hearts: int = 0  # gained in this episode
    last_action: int = 0  # what the agent did in the step that led here, 0 = nothing


@dataclass(frozen=True)
class Scene:
    """A world at one tick."""

    tick: int
    height: int
    width: int
    things: tuple[Thing, ...]
    num_agents: int
    hearts: int | None = None  # gained by all agents in this episode, None where the game has no hearts
    title: str = ""
    kinds: tuple[str, ...] = ()  # names of all kinds of the game

    @property
    def agents(self) -> tuple[Thing, ...]:
        """The agents on the map."""
        return tuple(thing for thing in self.things if thing.look == "agent")


class SceneReader:
    """Reads scenes of one game; made once per game, because it compiles it to learn limits and names."""

    def __init__(self, game: GameConfig) -> None:
        """Args: game: the game that the worlds were built from."""
        compiled = compile_game(game)
        self.spec = compiled.spec
        self.actions = compiled.tables["actions"]  # int32 [num_actions, 3]: selector, a, b
        sizes = compiled.tables["sizes"]
        self.num_agents, self.height, self.width = int(sizes[0]), int(sizes[1]), int(sizes[2])
        stats = self.spec.stat_names
        self._heart_stat = stats.index(_HEARTS) if _HEARTS in stats else -1
        self._looks = [self.look(kind) for kind in self.spec.kind_names]
        # Plain lists: a scene reads single numbers, which NumPy is slow at.
        self._caps: list[list[int]] = compiled.tables["profile_cap"].tolist()  # [P][V]
        self._initial: list[list[int]] = compiled.tables["profile_initial"].tolist()  # [P][V]
        self._find_variables()

    def _find_variables(self) -> None:
        """Which variables mean what; -1 = the game has no such variable."""
        names = self.spec.variable_names

        def find(*wanted: str) -> int:
            return next((names.index(name) for name in wanted if name in names), -1)

        self._heading, self._energy, self._frozen = find("heading"), find("energy"), find("frozen")
        self._shield, self._hit_points = find("shield"), find("hp", "hit_points")
        self._mark = find("mark", "marker", "symbol")
        self._waiting = [i for i, name in enumerate(names) if any(word in name for word in _WAITING_WORDS)]
        self._stock = [i for i, name in enumerate(names) if any(word in name for word in _STOCK_WORDS)]
        self._carried = [(name, i) for i, name in enumerate(names) if name not in _STATUSES]
        self._carried = [(n, i) for n, i in self._carried if i not in (*self._waiting, *self._stock)]

    def read(self, view: WorldView) -> Scene:
        """The scene that `view` shows."""
        kinds, profiles = view.kinds.tolist(), view.profiles.tolist()
        variables = view.variables.tolist()
        things = []
        for index, cell in enumerate(view.cells.tolist()):
            if cell >= 0:
                look = self._looks[kinds[index]]
                thing = Thing(look, self.spec.kind_names[kinds[index]], *divmod(cell, self.width))
                if index < self.num_agents:
                    thing = self._agent(thing, view, index, variables[index])
                elif look != "border":
                    thing = self._object(thing, profiles[index], variables[index])
                things.append(thing)
        return Scene(
            tick=int(view.tick),
            height=self.height,
            width=self.width,
            things=tuple(things),
            num_agents=self.num_agents,
            hearts=self.hearts_in(view.stats),
            title=self.spec.name,
            kinds=tuple(self.spec.kind_names),
        )

    def hearts_in(self, stats: np.ndarray) -> int | None:
        """Hearts that all agents gained, from statistics int [A, num_stats]; None if the game has none."""
        return int(stats[:, self._heart_stat].sum()) if self._heart_stat >= 0 else None

    def look(self, kind: str) -> str:
        """How things of `kind` are drawn."""
        if kind == "agent":
            return "agent"
        return next((look for word, look in _LOOKS if word in kind), "box")

    def _agent(self, thing: Thing, view: WorldView, index: int, values: list[int]) -> Thing:
        caps = self._caps[int(view.profiles[index])]
        has_energy = self._energy >= 0 and caps[self._energy] > 0
        return replace(
            thing,
            look="agent",
            agent=index,
            heading=_value(values, self._heading) % 4,
            energy=values[self._energy] / caps[self._energy] if has_energy else -1.0,
            frozen=_value(values, self._frozen),
            shield=_value(values, self._shield) > 0,
            mark=_value(values, self._mark),
            carried=tuple((name, values[i]) for name, i in self._carried if values[i] > 0),
            hearts=int(view.stats[index, self._heart_stat]) if self._heart_stat >= 0 else 0,
            last_action=int(view.last_actions[index]),
        )

    def _object(self, thing: Thing, profile: int, values: list[int]) -> Thing:
        initial = _value(self._initial[profile], self._hit_points)
        is_waiting = any(values[i] > 0 for i in self._waiting)
        is_empty = any(self._caps[profile][i] > 0 and values[i] == 0 for i in self._stock)
        return replace(
            thing,
            mark=_value(values, self._mark),
            is_resting=is_waiting or is_empty,
            health=min(1.0, values[self._hit_points] / initial) if initial > 0 else 1.0,
        )


def _value(values: list[int], index: int) -> int:
    return values[index] if index >= 0 else 0
