"""What happened between two ticks that is worth drawing: blows, gifts, hearts. Compares two scenes."""

from dataclasses import dataclass

import numpy as np

from mettagrid.render.palette import LIGHT, Color, Palette
from mettagrid.render.scene import Scene, Thing

Cell = tuple[int, int]  # row, column

_SELECT_AHEAD, _SELECT_NEIGHBOUR = 1, 2
# (down, right) of one step north, east, south, west.
_STEPS = ((-1, 0), (0, 1), (1, 0), (0, -1))


@dataclass(frozen=True)
class Event:
    """Something to flash in one picture."""

    what: str  # "hit" (the target froze or lost health), "block" (a shield took it), "gift", "heart"
    source: Cell
    target: Cell
    color: Color


class EventReader:
    """Finds the events of one game; knows its actions."""

    def __init__(self, action_names: list[str], actions: np.ndarray, colors: Palette = LIGHT) -> None:
        """Prepares to read.

        Args:
            action_names: of the game.
            actions: int32 [num_actions, 3], selector and its two numbers.
            colors: of the flashes.
        """
        self._colors = colors
        self._names = action_names
        self._actions = actions

    def read(self, before: Scene, after: Scene) -> tuple[Event, ...]:
        """The events of the step between two scenes; none if they are not one step apart."""
        if after.tick != before.tick + 1:
            return ()
        was = {thing.agent: thing for thing in before.agents}
        now = {thing.agent: thing for thing in after.agents}
        at_cell_before = {(thing.row, thing.column): thing for thing in before.things}
        at_cell_after = {(thing.row, thing.column): thing for thing in after.things}
        events: list[Event] = []
        for agent, actor in now.items():
            if agent not in was:
                continue
            if actor.hearts > was[agent].hearts:
                events.append(
                    Event("heart", (actor.row, actor.column), (actor.row, actor.column), self._colors.pink)
                )
            name = self._names[actor.last_action]
            if was[agent].frozen == 0 and name.startswith(("attack", "give")):
                cell = self._target(was[agent], actor.last_action)
                aimed_at = at_cell_before.get(cell) or at_cell_after.get(cell)
                event = _event(name, actor, aimed_at, now, at_cell_after.get(cell), self._colors)
                events += [event] if event else []
        return tuple(events)

    def _target(self, actor: Thing, action: int) -> Cell:
        selector, a, b = (int(value) for value in self._actions[action])
        if selector == _SELECT_NEIGHBOUR:
            down, right = _STEPS[a % 4]
            return actor.row + down, actor.column + right
        if selector != _SELECT_AHEAD:
            return actor.row, actor.column
        down, right = _STEPS[actor.heading]
        side_down, side_right = _STEPS[(actor.heading + 1) % 4]
        return actor.row + a * down + b * side_down, actor.column + a * right + b * side_right


def _event(
    name: str,
    actor: Thing,
    was: Thing | None,
    now: dict[int, Thing],
    object_now: Thing | None,
    colors: Palette,
) -> Event | None:
    if was is None:
        return None
    source, target = (actor.row, actor.column), (was.row, was.column)
    if name.startswith("give"):
        is_agent = was.agent >= 0
        return Event("gift", source, target, colors.named_color(name, colors.green)) if is_agent else None
    is_now = now.get(was.agent) if was.agent >= 0 else object_now
    if is_now is not None and is_now.frozen > was.frozen:
        return Event("hit", source, target, colors.red)
    if was.agent < 0 and (is_now is None or is_now.health < was.health):
        return Event("hit", source, target, colors.red)
    return Event("block", source, target, colors.blue) if was.shield else None
