"""Carries out a plan in the engine: walks from station to station with full knowledge of one world."""

from collections import deque
from collections.abc import Callable

import numpy as np

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.random_rules import PlanStep

MOVES = {"move_north": (-1, 0), "move_east": (0, 1), "move_south": (1, 0), "move_west": (0, -1)}
PATIENCE = 100
"""Steps that a walk or a wait may take."""


class Walker:
    """Agent 0 follows plans; agent 1 comes along where company is needed; the others stand still."""

    def __init__(self, game: GameConfig, map_seed: int = 0) -> None:
        self.env = BatchEnv(game, num_maps=1, map_seed=map_seed)
        self.env.reset(0)
        self.spec = self.env.spec
        self.chosen: dict[str, int] = {}
        self.num_steps = 0

    def follow(self, plan: list[PlanStep]) -> "Walker":
        for step in plan:
            if step.verb == "mark":
                self.do(f"mark_{step.mark}")
                continue
            station = self.station(step.station)
            self.walk(0, self.beside(station))
            if step.people > 1:
                self.walk(1, lambda cell, s=station: self.distance(cell, s, steps=False) <= 2)
            direction = self.direction_to(station)
            if step.verb == "push":
                self.do(direction)
                continue
            self.wait(station)
            if self.has("heading") != list(MOVES).index(direction):
                self.do(direction)
            for _ in range(step.times):
                self.do(step.verb)
        return self

    def do(self, action: str, agent: int = 0) -> None:
        self.env.actions[:] = 0
        self.env.actions[agent] = self.spec.action_names.index(action)
        self.env.step()
        self.num_steps += 1

    def has(self, variable: str, thing: int = 0) -> int:
        return int(self.env.world(0).variables[thing, self.spec.variable_names.index(variable)])

    def station(self, kind: str) -> int:
        """The nearest of its kind when it is first needed: what was opened or emptied is that one."""
        if kind not in self.chosen:
            kinds = np.flatnonzero(self.env.world(0).kinds == self.spec.kind_names.index(kind))
            ways = {int(thing): self.way(0, self.beside(int(thing))) for thing in kinds}
            lengths = {thing: len(way) for thing, way in ways.items() if way is not None}
            self.chosen[kind] = min(lengths or ways, key=lambda thing: lengths.get(thing, 0))
        return self.chosen[kind]

    def beside(self, thing: int) -> Callable[[tuple[int, int]], bool]:
        return lambda cell: self.distance(cell, thing, steps=True) == 1

    def place(self, thing: int) -> tuple[int, int]:
        world = self.env.world(0)
        return divmod(int(world.cells[thing]), world.width)

    def distance(self, cell: tuple[int, int], thing: int, steps: bool) -> int:
        place = self.place(thing)
        rows, columns = abs(cell[0] - place[0]), abs(cell[1] - place[1])
        return rows + columns if steps else max(rows, columns)

    def direction_to(self, thing: int) -> str:
        (row, column), here = self.place(thing), self.place(0)
        return next(
            name
            for name, (down, right) in MOVES.items()
            if (here[0] + down, here[1] + right) == (row, column)
        )

    def wait(self, station: int) -> None:
        """What was shown is looked at after timers fell, so a cooldown of 1 is over when one acts."""
        for _ in range(PATIENCE):
            if self.has("cooldown", station) <= 1:
                return
            self.do("noop")
        raise AssertionError(f"station {station} never is ready")

    def walk(self, agent: int, is_there: Callable[[tuple[int, int]], bool]) -> None:
        way = self.way(agent, is_there)
        for distance in range(1, 10):
            if way is not None:
                break
            self.step_aside(1 - agent, distance)
            way = self.way(agent, is_there)
        assert way is not None, f"agent {agent} cannot get there"
        for action in way:
            self.do(action, agent)

    def step_aside(self, agent: int, distance: int) -> None:
        """The agent goes to a cell so far away, if there is one."""
        row, column = self.place(agent)
        for action in (
            self.way(agent, lambda cell: abs(cell[0] - row) + abs(cell[1] - column) == distance) or []
        ):
            self.do(action, agent)

    def way(self, agent: int, is_there: Callable[[tuple[int, int]], bool]) -> list[str] | None:
        world = self.env.world(0)
        taken = {divmod(int(cell), world.width) for cell in world.cells if cell >= 0}
        start = self.place(agent)
        ways: dict[tuple[int, int], list[str]] = {start: []}
        queue = deque([start])
        while queue:
            cell = queue.popleft()
            if is_there(cell):
                return ways[cell]
            for action, (down, right) in MOVES.items():
                following = cell[0] + down, cell[1] + right
                if following not in taken and following not in ways:
                    ways[following] = [*ways[cell], action]
                    queue.append(following)
        return None
