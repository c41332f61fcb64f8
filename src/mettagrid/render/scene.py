"""What there is to see in a world at one tick, in words that a drawing understands. It draws nothing.

`SceneReader` turns the engine's numbers (a `WorldView`) into a `Scene`: things with a look, a place and a
state. All knowledge about names of kinds and variables is here, so that pictures and terminals agree.
"""

from dataclasses import dataclass, field

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
    kinds: tuple[str, ...] = field(default=())

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
        self._caps = compiled.tables["profile_cap"]  # int32 [P, V]
        self._initial = compiled.tables["profile_initial"]  # int32 [P, V]
        self._variable = {name: index for index, name in enumerate(self.spec.variable_names)}
        self._waiting = [
            i for name, i in self._variable.items() if any(word in name for word in _WAITING_WORDS)
        ]
        self._stock = [i for name, i in self._variable.items() if any(word in name for word in _STOCK_WORDS)]
        statuses = {
            "heading",
            "energy",
            "frozen",
            "shield",
            "team",
            "mark",
            "marker",
            "hp",
            "hit_points",
            "posture",
        }
        hidden = {*self._waiting, *self._stock}
        self._carried = [(n, i) for n, i in self._variable.items() if n not in statuses and i not in hidden]

    def read(self, view: WorldView) -> Scene:
        """The scene that `view` shows."""
        places = [(index, int(cell)) for index, cell in enumerate(view.cells) if cell >= 0]
        things = tuple(self._thing(view, index, cell) for index, cell in places)
        return Scene(
            tick=int(view.tick),
            height=self.height,
            width=self.width,
            things=things,
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

    def _thing(self, view: WorldView, index: int, cell: int) -> Thing:
        kind = self.spec.kind_names[int(view.kinds[index])]
        values = view.variables[index]
        caps = self._caps[int(view.profiles[index])]
        look = self.look(kind)
        row, column = divmod(cell, self.width)
        if look == "border":
            return Thing(look, kind, row, column)
        is_agent = index < self.num_agents
        return Thing(
            look="agent" if is_agent else look,
            kind=kind,
            row=row,
            column=column,
            agent=index if is_agent else -1,
            heading=self._value(values, "heading") % 4,
            energy=self._share(values, caps, "energy") if is_agent else -1.0,
            frozen=self._value(values, "frozen"),
            shield=self._value(values, "shield") > 0,
            mark=self._value(values, "mark", "marker", "symbol"),
            is_resting=not is_agent and self._is_resting(values, caps),
            health=self._health(values, self._initial[int(view.profiles[index])]),
            carried=self._carried_by(values) if is_agent else (),
            hearts=int(view.stats[index, self._heart_stat]) if is_agent and self._heart_stat >= 0 else 0,
            last_action=int(view.last_actions[index]) if is_agent else 0,
        )

    def _value(self, values: np.ndarray, *names: str) -> int:
        return next((int(values[self._variable[name]]) for name in names if name in self._variable), 0)

    def _share(self, values: np.ndarray, caps: np.ndarray, name: str) -> float:
        index = self._variable.get(name, -1)
        return -1.0 if index < 0 or caps[index] <= 0 else float(values[index]) / float(caps[index])

    def _health(self, values: np.ndarray, initial: np.ndarray) -> float:
        """Share of the hit points that the thing began with; 1 where there are none."""
        shares = [self._share(values, initial, name) for name in ("hp", "hit_points")]
        return min(1.0, next((share for share in shares if share >= 0), 1.0))

    def _is_resting(self, values: np.ndarray, caps: np.ndarray) -> bool:
        is_waiting = any(values[index] > 0 for index in self._waiting)
        is_empty = any(caps[index] > 0 and values[index] == 0 for index in self._stock)
        return is_waiting or is_empty

    def _carried_by(self, values: np.ndarray) -> tuple[tuple[str, int], ...]:
        return tuple((name, int(values[index])) for name, index in self._carried if values[index] > 0)
