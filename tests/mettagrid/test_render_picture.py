from dataclasses import replace

import numpy as np
import pytest

from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.render import WorldPainter, render_world
from mettagrid.render.events import Event
from mettagrid.render.palette import LIGHT
from mettagrid.render.scene import Scene, SceneReader, Thing
from mettagrid.render.sprites import sprite

GAME = make_arena(num_agents=6, size=(12, 15))
ENERGY = GAME.variables["energy"]
PAINTER = WorldPainter(GAME, cell_size=32)
AGENT = Thing("agent", "agent", 1, 1, agent=0, heading=1, energy=0.5)
STATES = [
    {"heading": 0},
    {"energy": 0.1},
    {"frozen": 3},
    {"shield": True},
    {"mark": 1},
    {"mark": 2},
    {"carried": (("red", 2),)},
    {"agent": 1},
]


def scene(*things: Thing) -> Scene:
    return Scene(tick=3, height=4, width=5, things=things, num_agents=1, hearts=2, kinds=("empty", "agent"))


def test_a_world_becomes_a_picture_with_even_sides():
    env = BatchEnv(GAME)
    env.reset(seed=1)
    picture = render_world(env.world(0), GAME, cell_size=21)
    assert picture.dtype == np.uint8
    assert picture.shape[2] == 3
    assert picture.shape[0] % 2 == picture.shape[1] % 2 == 0
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 100


def test_painting_changes_nothing_and_repeats():
    env = BatchEnv(GAME)
    env.reset(seed=1)
    before = env.hash(0)
    first, second = (WorldPainter(GAME, 24).paint(env.world(0)) for _ in range(2))
    assert np.array_equal(first, second)
    assert env.hash(0) == before


def test_the_scene_has_every_object_and_agent_of_the_world():
    env = BatchEnv(GAME)
    env.reset(seed=2)
    view = env.world(0)
    things = SceneReader(GAME).read(view)
    assert len(things.things) == int((view.cells >= 0).sum())
    assert [thing.agent for thing in things.agents] == list(range(6))
    assert {thing.look for thing in things.things} == {"agent", "wall", "border", "gem", "bolt", "heart"}
    assert all(thing.energy == pytest.approx(ENERGY.initial / ENERGY.cap) for thing in things.agents)
    assert things.hearts == 0


@pytest.mark.parametrize("changes", STATES)
def test_every_state_of_an_agent_looks_different(changes: dict[str, object]):
    plain = np.asarray(sprite(AGENT, 32), dtype=int)
    changed = np.asarray(sprite(replace(AGENT, **changes), 32), dtype=int)
    assert np.abs(plain - changed).sum() > 1000


@pytest.mark.parametrize("look", ["gem", "bolt", "heart", "box"])
def test_objects_that_rest_or_are_damaged_look_different(look: str):
    plain = Thing(look, "generator_red", 0, 0)
    pictures = [plain, replace(plain, is_resting=True), replace(plain, health=0.3)]
    assert len({sprite(thing, 32).tobytes() for thing in pictures}) == 3


def test_the_first_two_dozen_agents_have_different_colours():
    colors = np.array([LIGHT.agent_color(agent) for agent in range(24)], dtype=int)
    distances = np.abs(colors[:, None] - colors[None]).sum(axis=-1) + 1000 * np.eye(24, dtype=int)
    assert distances.min() > 25


def test_walls_join_only_to_walls_of_their_kind():
    def wall_at(*others: tuple[str, int, int]) -> np.ndarray:
        things = [
            Thing("wall", "wall", 1, 1),
            *(Thing(look, look, row, column) for look, row, column in others),
        ]
        return PAINTER.paint_scene(scene(*things))[32 + 40 : 64 + 30, 32:64]

    alone = wall_at()
    assert np.array_equal(alone, wall_at(("border", 1, 2)))
    assert not np.array_equal(alone, wall_at(("wall", 1, 2)))


@pytest.mark.parametrize("what", ["hit", "block", "gift", "heart"])
def test_events_flash_even_at_the_edge(what: str):
    plain = PAINTER.paint_scene(scene(AGENT))
    flash = PAINTER.paint_scene(scene(AGENT), [Event(what, (0, 0), (3, 4), LIGHT.red)])
    assert plain.shape == flash.shape
    assert not np.array_equal(plain, flash)


def test_events_since_the_last_picture_flash_once():
    env = BatchEnv(GAME)
    env.reset(seed=1)
    painter = WorldPainter(GAME, 16)
    plain = painter.paint(env.world(0))
    painter._seen.append(Event("hit", (3, 3), (5, 5), LIGHT.red))
    assert not np.array_equal(painter.paint(env.world(0)), plain)
    assert np.array_equal(painter.paint(env.world(0)), plain)


def test_legend_and_status_can_be_left_out():
    bare = WorldPainter(GAME, 16, legend=False, status=False)
    board = bare.paint_scene(scene(AGENT))
    assert board.shape == (4 * 16, 5 * 16, 3)


@pytest.mark.parametrize("cell_size", [1, 129])
def test_cells_have_sensible_sizes(cell_size: int):
    with pytest.raises(ValueError, match="between 2 and 128"):
        WorldPainter(GAME, cell_size)


def test_a_picture_has_a_largest_size():
    with pytest.raises(ValueError, match="too large"):
        WorldPainter(make_arena(num_agents=1, size=(120, 120)), 128)
