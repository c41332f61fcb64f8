"""The shortest plan for a heart, found by searching over what one agent holds; or that there is none."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Literal, NamedTuple

from mettagrid.games.random_rules.rule_set import HEART, ITEM_CAP, ITEMS, Production, RuleSet

IMPOSSIBLE = 1_000_000
"""Estimated length of what cannot be done."""


@dataclass(frozen=True)
class PlanStep:
    """One step of a plan."""

    verb: Literal["use", "attack", "push", "mark"]
    """What is done."""
    station: str = ""
    """To which station; empty for a mark."""
    times: int = 1
    """How many times: hits of an attack."""
    mark: int = 0
    """The mark that is shown."""
    people: int = 1
    """Agents that must stand around the station."""

    def describe(self) -> str:
        """Tells the step in words."""
        if self.verb == "mark":
            return f"show mark {self.mark}"
        again = f" {self.times} times" if self.times > 1 else ""
        company = f" with {self.people} agents around it" if self.people > 1 else ""
        return f"{self.verb} {self.station}{again}{company}"


class _State(NamedTuple):
    held: tuple[int, ...]
    """Items held, in the order of ITEMS."""
    left: tuple[int, ...]
    """Uses that remain of each production; -1 for no limit."""
    opened: int
    """Bit i: production i was opened, or never was closed."""
    mark: int
    """Mark shown."""
    age: int
    """Steps since the perishable item was made last; 0 while none is held."""


def find_plan(rules: RuleSet, num_agents: int = 1) -> list[PlanStep] | None:
    """Find a shortest plan with which one agent, which begins with nothing, makes a heart.

    The others only stand around where company is asked for. What a stock gets back in time is not counted on, so that
    a plan holds from the first step on. Stations are pushed or broken open before everything else.

    Args:
        rules: any rule set, solvable or not.
        num_agents: agents in the world.

    Returns:
        The plan, or None if there is none.
    """
    search = _Search(rules, num_agents)
    return search.run() if search.usable else None


class _Search:
    """A* over holdings. Exact for any rule set; fast if each item comes from one station and there is no cycle."""

    def __init__(self, rules: RuleSet, num_agents: int) -> None:
        self.rules = rules
        self.perishable = -1 if rules.perishable is None else ITEMS.index(rules.perishable)
        self.usable = _useful([p for p in rules.everything() if p.people <= num_agents])
        self.takes = [[(ITEMS.index(item), n) for item, n in p.inputs] for p in self.usable]
        self.gives = [-1 if p.output == HEART else ITEMS.index(str(p.output)) for p in self.usable]
        self.marks = sorted({p.mark for p in self.usable if p.mark})
        self.order = _from_goal_to_sources(self.takes, self.gives)

    def run(self) -> list[PlanStep] | None:
        """Returns the shortest plan."""
        start = self._start()
        number = count()
        queue = [(self._at_least(start), 0, next(number), start)]
        costs: dict[_State, int] = {start: 0}
        came_from: dict[_State, tuple[_State, int, int]] = {}
        while queue:
            _, _, _, state = heapq.heappop(queue)
            for used, mark, price, after in self._moves(state):
                if used == 0:
                    return self._told(came_from, state)
                cost = costs[state] + price
                if cost >= costs.get(after, IMPOSSIBLE):
                    continue
                costs[after], came_from[after] = cost, (state, used, mark)
                remaining = self._at_least(after)
                if remaining < IMPOSSIBLE:
                    heapq.heappush(queue, (cost + remaining, remaining, next(number), after))
        return None

    def _start(self) -> _State:
        opened = sum(1 << i for i, p in enumerate(self.usable) if not p.is_closed)
        left = tuple(-1 if p.stock is None else p.stock for p in self.usable)
        return _State((0,) * len(ITEMS), left, opened, 0, 0)

    def _moves(self, state: _State) -> Iterator[tuple[int, int, int, _State]]:
        """Yields (production used or -1, mark shown, price in steps, state after it)."""
        for index, production in enumerate(self.usable):
            if self._can_use(state, index):
                price = 1 + (not state.opened >> index & 1)
                yield index, 0, price, self._after_use(state, index, production)
        for mark in self.marks:
            if mark != state.mark:
                yield -1, mark, 1, self._older(state)._replace(mark=mark)

    def _can_use(self, state: _State, index: int) -> bool:
        production, output = self.usable[index], self.gives[index]
        held = state.held
        if state.left[index] == 0 or production.mark not in (0, state.mark):
            return False
        if any(held[item] < amount for item, amount in self.takes[index]):
            return False
        if output < 0:
            return True
        paid = sum(amount for item, amount in self.takes[index] if item == output)
        return held[output] - paid + production.amount <= ITEM_CAP

    def _after_use(self, state: _State, index: int, production: Production) -> _State:
        held = list(state.held)
        for item, amount in self.takes[index]:
            held[item] -= amount
        output = self.gives[index]
        if output >= 0:
            held[output] += production.amount
        left = state.left
        if left[index] > 0:
            left = (*left[:index], left[index] - 1, *left[index + 1 :])
        after = _State(tuple(held), left, state.opened | 1 << index, state.mark, state.age)
        is_fresh = output >= 0 and output == self.perishable
        return after._replace(age=0) if is_fresh else self._older(after)

    def _older(self, state: _State) -> _State:
        """A step later: what is kept for too long is lost."""
        if self.perishable < 0 or state.held[self.perishable] == 0:
            return state._replace(age=0) if state.age else state
        if state.age + 1 < self.rules.lasts:
            return state._replace(age=state.age + 1)
        held = list(state.held)
        held[self.perishable] = 0
        return state._replace(held=tuple(held), age=0)

    def _at_least(self, state: _State) -> int:
        """A lower bound of the steps that remain: the uses without which nothing adds up."""
        if self.order is None:
            return 1
        wanted = [0] * len(ITEMS)
        marks = set()
        num_steps = 0
        for index in self.order:
            production, output = self.usable[index], self.gives[index]
            missing = 1 if output < 0 else wanted[output] - state.held[output]
            if missing <= 0:
                continue
            uses = -(-missing // production.amount) if output >= 0 else 1
            if 0 <= state.left[index] < uses:
                return IMPOSSIBLE
            for item, amount in self.takes[index]:
                wanted[item] += amount * uses
            marks.add(production.mark)
            num_steps += uses + (not state.opened >> index & 1)
        return num_steps + len(marks - {0, state.mark})

    def _told(self, came_from: dict[_State, tuple[_State, int, int]], state: _State) -> list[PlanStep]:
        moves = [(0, 0)]
        while state in came_from:
            state, used, mark = came_from[state]
            moves.append((used, mark))
        moves.reverse()
        closed = [i for i in dict.fromkeys(used for used, _ in moves) if i >= 0 and self.usable[i].is_closed]
        return [_opening(self.usable[i]) for i in closed] + [self._step(used, mark) for used, mark in moves]

    def _step(self, used: int, mark: int) -> PlanStep:
        if used < 0:
            return PlanStep("mark", mark=mark)
        return PlanStep("use", self.usable[used].station, people=self.usable[used].people)


def _opening(production: Production) -> PlanStep:
    if production.is_jammed:
        return PlanStep("push", production.station)
    return PlanStep("attack", production.station, times=production.hits)


def _useful(productions: list[Production]) -> list[Production]:
    """The goal first, then all that can be had and lead to it, directly or not; none if it cannot be had."""
    makable: set[str] = set()
    possible: list[Production] = []
    while len(possible) < len(productions):
        new = [p for p in productions if p not in possible and all(name in makable for name, _ in p.inputs)]
        if not new:
            break
        possible += new
        makable |= {production.output for production in new if production.output}
    wanted, useful = [HEART] if HEART in makable else [], []
    for item in wanted:
        makers = [production for production in possible if production.output == item]
        wanted += dict.fromkeys(name for p in makers for name, _ in p.inputs if name not in wanted)
        useful += makers
    return useful


def _from_goal_to_sources(takes: list[list[tuple[int, int]]], gives: list[int]) -> list[int] | None:
    """Indices so that who uses an item comes before who makes it; None if an item has two makers or needs itself."""
    if len(set(gives)) < len(gives):
        return None
    maker = {item: index for index, item in enumerate(gives)}
    num_users = [0] * len(gives)
    for inputs in takes:
        for item, _ in inputs:
            num_users[maker[item]] += 1
    order = [index for index, number in enumerate(num_users) if number == 0]
    for index in order:
        for item, _ in takes[index]:
            num_users[maker[item]] -= 1
            if num_users[maker[item]] == 0:
                order.append(maker[item])
    return order if len(order) == len(gives) else None
