"""What there is to see in a world at one tick, in words that a drawing understands. It draws nothing.

`SceneReader` turns the engine's numbers (a `WorldView`) into a `Scene`: things with a look, a place and a
state. What the names of variables mean is in `roles.py`, what those of kinds mean in `looks.py`.
"""

from dataclasses import dataclass, replace

import numpy as np

from mettagrid.batch import WorldView
from mettagrid.compile import compile_game
from mettagrid.config.game import GROUP, WORLD, GameConfig
from mettagrid.render.layers import LayerReader, Spot
from mettagrid.render.looks import look_of
from mettagrid.render.roles import find_roles, form_numbers, forms_of

_HEARTS = "heart.gained"


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
        self.forms, self._form_of_body = forms_of(game), form_numbers(game)
        self._roles = find_roles(game)
        self._known: list[Thing | None] = []  # by object, as of `_state`
        self._state: list[np.ndarray] = []

    def read(self, view: WorldView) -> Scene:
        """The scene that `view` shows."""
        return Scene(
            tick=int(view.tick),
            height=self.height,
            width=self.width,
            things=self._read_things(view),
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

    def _read_things(self, view: WorldView) -> tuple[Thing, ...]:
        """All things on the map by object; those that did not change since the last scene are kept."""
        variables = view.variables.tolist()
        for index in self._changed(view).tolist():
            self._known[index] = self._thing(view, index, variables[index])
        return tuple(thing for thing in self._known if thing is not None)

    def _changed(self, view: WorldView) -> np.ndarray:
        """The objects of which anything may look different than in the last scene."""
        deeds = [view.last_actions]
        deeds += [view.stats[:, self._heart_stat]] if self._heart_stat >= 0 else []
        state = [np.array(array) for array in (view.cells, view.kinds, view.profiles, view.variables, *deeds)]
        last, self._state = self._state, state
        if not last or any(a.shape != b.shape for a, b in zip(last, state, strict=True)):
            self._known = [None] * len(view.cells)
            return np.arange(len(view.cells))
        changes = [a != b for a, b in zip(last, state, strict=True)]
        changed = changes[0] | changes[1] | changes[2] | changes[3].any(axis=1)
        for deed in changes[4:]:
            changed[: self.num_agents] |= deed
        return np.flatnonzero(changed)

    def _thing(self, view: WorldView, index: int, values: list[int]) -> Thing | None:
        cell, kind = int(view.cells[index]), int(view.kinds[index])
        if cell < 0:
            return None
        thing = Thing(self._looks[kind], self.spec.kind_names[kind], *divmod(cell, self.width))
        if index < self.num_agents:
            return self._agent(thing, view, index, values)
        return thing if thing.look == "border" else self._object(thing, int(view.profiles[index]), values)

    def hearts_in(self, stats: np.ndarray) -> int | None:
        """Hearts that all agents gained, from statistics int [A, num_stats]; None if the game has none."""
        return int(stats[:, self._heart_stat].sum()) if self._heart_stat >= 0 else None

    def _agent(self, thing: Thing, view: WorldView, index: int, values: list[int]) -> Thing:
        roles, caps = self._roles, self._caps[int(view.profiles[index])]
        has_energy = roles.energy >= 0 and caps[roles.energy] > 0
        return replace(
            thing,
            look="agent",
            agent=index,
            heading=_value(values, roles.heading) % 4,
            energy=values[roles.energy] / caps[roles.energy] if has_energy else -1.0,
            frozen=_value(values, roles.frozen),
            shield=_value(values, roles.shield) > 0,
            mark=_value(values, roles.mark),
            carried=tuple((name, values[i]) for name, i in roles.carried if values[i] > 0),
            team=_value(values, roles.team),
            form=self._form_of_body[int(view.profiles[index])],
            is_young=_value(values, roles.youth) > 0,
            hearts=int(view.stats[index, self._heart_stat]) if self._heart_stat >= 0 else 0,
            last_action=int(view.last_actions[index]),
        )

    def _object(self, thing: Thing, profile: int, values: list[int]) -> Thing:
        roles = self._roles
        initial = _value(self._initial[profile], roles.hit_points)
        is_waiting = any(values[i] > 0 for i in roles.waiting)
        is_empty = any(self._caps[profile][i] > 0 and values[i] == 0 for i in roles.stock)
        return replace(
            thing,
            mark=_value(values, roles.mark),
            is_resting=is_waiting or is_empty,
            health=min(1.0, values[roles.hit_points] / initial) if initial > 0 else 1.0,
        )


def _value(values: list[int], index: int) -> int:
    return values[index] if index >= 0 else 0
