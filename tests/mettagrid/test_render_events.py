from dataclasses import replace

import numpy as np

from mettagrid.render.events import EventReader
from mettagrid.render.scene import Scene, Thing

NAMES = ["noop", "attack_2", "give_energy"]
ACTIONS = np.array(
    [[0, 0, 0], [1, 2, 1], [2, 1, 0]]
)  # attack: 2 ahead, 1 to the right; give: the cell to the east
READER = EventReader(NAMES, ACTIONS)
ACTOR = Thing("agent", "agent", 5, 5, agent=0, heading=1)
VICTIM = Thing("agent", "agent", 6, 7, agent=1)


def scene(tick: int, *things: Thing) -> Scene:
    return Scene(tick, 10, 10, things, num_agents=2)


def events(before: tuple[Thing, ...], after: tuple[Thing, ...]) -> list[tuple[str, tuple[int, int]]]:
    return [(event.what, event.target) for event in READER.read(scene(3, *before), scene(4, *after))]


def test_a_blow_that_freezes_is_a_hit_at_the_cell_it_was_aimed_at():
    after = (replace(ACTOR, last_action=1), replace(VICTIM, frozen=10))
    assert events((ACTOR, VICTIM), after) == [("hit", (6, 7))]


def test_a_blow_on_a_shield_is_a_block():
    shielded = replace(VICTIM, shield=True)
    assert events((ACTOR, shielded), (replace(ACTOR, last_action=1), shielded)) == [("block", (6, 7))]


def test_a_blow_into_the_air_is_nothing():
    elsewhere = replace(VICTIM, row=0)
    assert events((ACTOR, elsewhere), (replace(ACTOR, last_action=1), elsewhere)) == []


def test_an_object_that_breaks_was_hit():
    wall = Thing("wall", "wall", 6, 7)
    assert events((ACTOR, wall), (replace(ACTOR, last_action=1),)) == [("hit", (6, 7))]


def test_a_gift_goes_to_a_neighbour():
    neighbour = replace(VICTIM, row=5, column=6)
    assert events((ACTOR, neighbour), (replace(ACTOR, last_action=2), neighbour)) == [("gift", (5, 6))]


def test_a_heart_shows_where_it_was_gained():
    assert events((ACTOR,), (replace(ACTOR, hearts=1),)) == [("heart", (5, 5))]


def test_scenes_that_are_not_one_step_apart_show_nothing():
    assert READER.read(scene(3, ACTOR), scene(5, replace(ACTOR, hearts=1))) == ()
