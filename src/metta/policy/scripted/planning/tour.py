"""The best tour: what to use in which order, to be paid most and then to be done soonest."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from metta.policy.scripted.planning.rulebook import MOVES, Outcome, Rulebook
from metta.policy.scripted.planning.state import FAR, Board, State, Thing

NOOP = "noop"


@dataclass(frozen=True)
class Leg:
    """A walk to a thing, and what is done there."""

    cell: int
    """Where the thing is."""
    side: int
    """The direction in which the agent then looks."""
    action: str
    """What it does."""
    steps: int
    """How many steps all of that takes."""


@dataclass(order=True)
class _Node:
    time: int
    number: int
    state: State = field(compare=False)
    reward: float = field(compare=False)
    legs: tuple[Leg, ...] = field(compare=False)


def best_tour(board: Board, rules: Rulebook, start: State, horizon: int) -> tuple[Leg, ...]:
    """Return what pays most within the horizon, and of that the shortest; no legs if nothing pays.

    Where things rest and then give again, there is no end of what pays: it returns the way to the next reward.

    Goes through all states in the order of the time at which they are reached (Dijkstra); one step is a whole leg.

    Args:
        board: where one can walk.
        rules: what actions do.
        start: where everything is.
        horizon: steps that are left.
    """
    waiting, best = [_Node(0, 0, start, 0.0, ())], _Node(0, 0, start, 0.0, ())
    reached, number = {(start, 0.0): 0}, 0
    while waiting:
        node = heapq.heappop(waiting)
        if node.reward > best.reward:
            best = node
            if rules.timers or not any(rules.can_pay(kind, values) for _, kind, values in node.state.things):
                break
        for leg, outcome in legs_from(board, rules, node.state):
            time = node.time + leg.steps
            state = after(board, rules, node.state, leg, outcome)
            key = (state, node.reward + outcome.reward)
            if time <= horizon and time < reached.get(key, FAR):
                reached[key], number = time, number + 1
                heapq.heappush(waiting, _Node(time, number, *key, (*node.legs, leg)))
    return best.legs


def legs_from(board: Board, rules: Rulebook, state: State) -> Iterator[tuple[Leg, Outcome]]:
    """Yield every walk to a thing and action there that changes something, after waiting for the thing's timers."""
    blocked = frozenset(cell for cell, _, _ in state.things)
    distance = board.distances(state.cell, blocked)
    for cell, kind, values in state.things:
        rest = rules.rests(kind, values)
        for action in rules.actions:
            outcome = rules.outcome(action, state.own, kind, rules.later(kind, values, rest))
            if outcome is None:
                continue
            for side in range(4):
                steps = _steps(board, distance, state, cell, side)
                if steps < FAR:
                    yield Leg(cell, side, action, max(steps, rest)), outcome


def _steps(board: Board, distance: list[int], state: State, cell: int, side: int) -> int:
    """Return the steps until an action at a thing is done, without waiting."""
    step = board.steps[side]
    stand = cell - step
    if distance[stand] >= FAR:
        return FAR
    comes_straight = distance[stand - step] == distance[stand] - 1
    is_facing = state.heading == side if stand == state.cell else comes_straight
    return distance[stand] + (1 if is_facing else 2)


def after(board: Board, rules: Rulebook, state: State, leg: Leg, outcome: Outcome) -> State:
    """Return the state after a leg."""
    stand = leg.cell - board.steps[leg.side]
    others = _later(rules, [thing for thing in state.things if thing[0] != leg.cell], leg.steps)
    new: list[Thing] = []
    if outcome.thing is not None:
        new = [(stand if outcome.swaps else leg.cell, *outcome.thing)]
    things = tuple(sorted([*others, *new]))
    return State(leg.cell if outcome.swaps else stand, leg.side, outcome.own, things)


def _later(rules: Rulebook, things: Sequence[Thing], steps: int) -> list[Thing]:
    return [(cell, kind, rules.later(kind, values, steps)) for cell, kind, values in things]


def leg_to(board: Board, state: State, leg: Leg) -> list[str]:
    """Return the actions of a leg: steps, a turn if one is needed, waiting, and the action at the end."""
    blocked = frozenset(cell for cell, _, _ in state.things)
    stand = leg.cell - board.steps[leg.side]
    moves = walk(board, state.cell, stand, blocked, last=leg.side)
    is_facing = (MOVES.index(moves[-1]) if moves else state.heading) == leg.side
    way = [*moves, *([] if is_facing else [MOVES[leg.side]])]
    return [*way, *[NOOP] * (leg.steps - len(way) - 1), leg.action]


def walk(board: Board, start: int, goal: int, blocked: frozenset[int], last: int | None = None) -> list[str]:
    """Return the moves of a shortest way, whose last move goes in direction `last` if one such way does."""
    distance = board.distances(start, blocked)
    assert distance[goal] < FAR, "there is no way"
    moves: list[str] = []
    cell = goal
    while cell != start:
        sides = (0, 1, 2, 3) if moves or last is None else (last, 0, 1, 2, 3)
        side = next(s for s in sides if distance[cell - board.steps[s]] == distance[cell] - 1)
        moves.append(MOVES[side])
        cell -= board.steps[side]
    return moves[::-1]


def actions_of(
    board: Board, rules: Rulebook, start: State, tour: Sequence[Leg]
) -> tuple[list[State], list[str]]:
    """Return the actions of a tour, and the states in which they are done, with the last one after them all."""
    states, actions = [start], []
    for leg in tour:
        for action in leg_to(board, states[-1], leg):
            actions.append(action)
            states.append(_next(board, rules, states[-1], action))
    return states, actions


def _next(board: Board, rules: Rulebook, state: State, action: str) -> State:
    """Return the state after one action."""
    state = replace(state, things=tuple(_later(rules, state.things, 1)))
    things = {cell: (kind, values) for cell, kind, values in state.things}
    if action == NOOP:
        return state
    if action in MOVES:
        side = MOVES.index(action)
        there = state.cell + board.steps[side]
        is_free = board.is_open[there] and there not in things
        return replace(state, cell=there if is_free else state.cell, heading=side)
    there = state.cell + board.steps[state.heading]
    outcome = rules.outcome(action, state.own, *things[there])
    assert outcome is not None, "a tour does only what changes something"
    return after(board, rules, state, Leg(there, state.heading, action, 0), outcome)
