"""What there is to see in a world at one tick, in words that a drawing understands. It draws nothing.

`SceneReader` turns the engine's numbers (a `WorldView`) into a `Scene`: things with a look, a place and a
state. All knowledge about names of kinds and variables is here, so that pictures and terminals agree.
"""

from dataclasses import dataclass, replace

import numpy as np

from mettagrid.batch import WorldView
from mettagrid.compile import compile_game
from mettagrid.config.game import GROUP, WORLD, GameConfig
from mettagrid.render.layers import LayerReader, Spot
from mettagrid.render.looks import look_of

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
    "youth",
    "sight",
    # What somebody is or did, not what it has.
    "bonded",
    "strong",
    "talent",
    "grown",
    "age",
    "maker",
    "species",
    "rank",
    "strength",
    "hand",
    "eaten",
    "catches",
)


@dataclass(frozen=True)
class Thing:
    """One object or agent on the map. Fractions are 0..1."""

    look: str  # "agent" or one of those in looks.py; a "border" is a wall that cannot break
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
    team: int = 0  # that all can see, 0 = none
    form: int = 0  # which of the game's sorts of bodies
    is_young: bool = False
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
    kinds: tuple[str, ...] = ()  # names of all kinds that can stand on the map
    ground_kinds: tuple[str, ...] = ()
    trace_kinds: tuple[str, ...] = ()
    grounds: tuple[Spot, ...] = ()
    traces: tuple[Spot, ...] = ()
    bonds: tuple[tuple[int, int], ...] = ()  # agents that are mates and see each other
    night: float = 0.0  # 0 day .. 1 nobody sees anything

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
        self._looks = [look_of(kind) for kind in self.spec.kind_names]
        # Plain lists: a scene reads single numbers, which NumPy is slow at.
        self._caps: list[list[int]] = compiled.tables["profile_cap"].tolist()  # [P][V]
        self._initial: list[list[int]] = compiled.tables["profile_initial"].tolist()  # [P][V]
        self._layers = LayerReader(game, self._caps)
        self.kinds = tuple(name for name in self.spec.kind_names if name not in (WORLD, GROUP))
        self.grounds, self.traces = tuple(game.grounds), tuple(game.traces)
        self.forms = _forms(game)
        self._form_of_body = [self.forms.index(_form(game, body)) for body in game.bodies]
        self._find_variables(game)

    def _find_variables(self, game: GameConfig) -> None:
        """Which variables mean what; -1 = the game has no such variable."""
        names = self.spec.variable_names

        def find(*wanted: str) -> int:
            return next((names.index(name) for name in wanted if name in names), -1)

        self._heading, self._energy, self._frozen = find("heading"), find("energy"), find("frozen")
        self._shield, self._hit_points = find("shield"), find("hp", "hit_points")
        self._mark = find("mark", "marker", "symbol")
        self._waiting = [i for i, name in enumerate(names) if any(word in name for word in _WAITING_WORDS)]
        self._stock = [i for i, name in enumerate(names) if any(word in name for word in _STOCK_WORDS)]
        variables = game.all_variables()
        has_teams = "team" in names and variables["team"].shown != "nobody"
        self._team, self._youth = find("team") if has_teams else -1, find("youth")
        self._carried = [
            (name, i)
            for i, (name, variable) in enumerate(variables.items())
            if name not in _STATUSES and variable.agents and not variable.countdown
        ]
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
            kinds=self.kinds,
            ground_kinds=self.grounds,
            trace_kinds=self.traces,
            grounds=self._layers.grounds(view),
            traces=self._layers.traces(view),
            bonds=self._layers.bonds(view),
            night=self._layers.night(view),
        )

    def hearts_in(self, stats: np.ndarray) -> int | None:
        """Hearts that all agents gained, from statistics int [A, num_stats]; None if the game has none."""
        return int(stats[:, self._heart_stat].sum()) if self._heart_stat >= 0 else None

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
            team=_value(values, self._team),
            form=self._form_of_body[int(view.profiles[index])],
            is_young=_value(values, self._youth) > 0,
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


def _forms(game: GameConfig) -> tuple[str, ...]:
    """The sorts of bodies that look different, by the name of the first body of each."""
    return tuple(dict.fromkeys(_form(game, body) for body in game.bodies))


def _form(game: GameConfig, body: str) -> str:
    """The first body of the same species, where a game has species; else the body itself."""
    species = {name: other.initial.get("species", 0) for name, other in game.bodies.items()}
    if "species" not in game.variables:
        return body
    return next(name for name in species if species[name] == species[body])
