"""Pictures and text maps of every game in mettagrid.games: all that a game has can be seen and told apart."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PIL import Image
from rich.cells import cell_len

from mettagrid.batch import BatchEnv, WorldView
from mettagrid.config.game import GROUP, WORLD
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.games.builders import make_builders
from mettagrid.games.mates import make_mates
from mettagrid.reference.makers import Maker, find_makers
from mettagrid.render import SceneReader, WorldPainter, legend_text, scene_text, status_text
from mettagrid.render.ground import ground_tile, trace_tile
from mettagrid.render.layers import Spot
from mettagrid.render.legend import legend_entries
from mettagrid.render.looks import WALLS, look_of
from mettagrid.render.palette import LIGHT
from mettagrid.render.scene import Scene, Thing
from mettagrid.render.signs import signs_of
from mettagrid.render.sprites import sprite

MAKERS = [maker for maker in find_makers() if maker.has_defaults]
READERS = {maker.name: SceneReader(maker.make()) for maker in MAKERS}
SIZE = 32
AGENT = Thing("agent", "agent", 1, 1, agent=0, heading=1, energy=0.5)

every_game = pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())


def difference(first: Image.Image, second: Image.Image) -> float:
    """Mean difference of a pixel's four channels, 0..255."""
    return float(np.abs(np.asarray(first, dtype=int) - np.asarray(second, dtype=int)).mean())


@every_game
def test_every_kind_of_a_game_has_a_look_of_its_own(reader: SceneReader):
    kinds = [kind for kind in reader.kinds if kind not in ("empty", "agent")]
    walls = [look_of(kind) for kind in kinds if look_of(kind) in WALLS]
    assert len(walls) == len(set(walls))
    others = [kind for kind in kinds if look_of(kind) not in WALLS]
    pictures = {kind: sprite(Thing(look_of(kind), kind, 0, 0), SIZE) for kind in others}
    pictures |= {ground: ground_tile(ground, False, SIZE) for ground in reader.grounds}
    for first, second in combinations(pictures, 2):
        assert difference(pictures[first], pictures[second]) > 2, (first, second)


@every_game
def test_the_legend_has_all_that_can_stand_or_lie_on_the_map(reader: SceneReader):
    assert not {WORLD, GROUP} & set(reader.kinds)
    kinds = [kind for kind in reader.kinds if kind not in ("empty", "agent") and look_of(kind) not in WALLS]
    entries = legend_entries(reader)
    words = [word for _, word in entries]
    assert len(words) == len(set(words))
    assert len(entries) >= len(reader.forms) + len(kinds) + len(reader.grounds) + len(reader.traces)
    assert {ground.replace("_", " ") for ground in (*reader.grounds, *reader.traces)} <= set(words)
    assert all(draw(SIZE, LIGHT).size == (SIZE, SIZE) for draw, _ in entries)


@every_game
def test_text_has_a_sign_of_its_own_for_everything_and_says_what_it_means(reader: SceneReader):
    signs = signs_of(reader.kinds, reader.grounds, reader.traces)
    assert len(set(signs.values())) == len(signs)
    assert {cell_len(sign) for sign in signs.values()} == {2}
    assert not {sign[0] for sign in signs.values()} & set("▲▶▼◀❄·")
    scene = Scene(0, 2, 2, (), 1, kinds=reader.kinds, ground_kinds=reader.grounds, trace_kinds=reader.traces)
    words = legend_text(scene).plain.replace("\n", "  ").split("  ")
    assert words == ["▲ agent", *(f"{sign.strip()} {name}" for (_, name), sign in signs.items())]


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.name)
def test_every_game_can_be_painted_and_written(maker: Maker):
    game = maker.make()
    env = BatchEnv(game, num_maps=1)
    env.reset(seed=1)
    view = env.world(0)
    painter = WorldPainter(game, 8)
    assert painter.paint(view).dtype == np.uint8
    text = scene_text(painter.reader.read(view)).plain.split("\n")
    assert [cell_len(line) for line in text] == [2 * view.width] * view.height


def test_a_game_without_ground_or_traces_shows_none():
    env = BatchEnv(make_mates(), num_maps=1)
    env.reset(seed=1)
    view = env.world(0)
    assert view.ground.size == view.traces.size == view.trace_ends.size == 0
    assert view.partners.tolist() == [0] * env.num_agents


def test_grounds_and_traces_are_where_the_world_has_them():
    game = make_builders()
    env = BatchEnv(game, num_maps=1)
    env.reset(seed=1)
    reader = SceneReader(game)
    grounds = reader.read(env.world(0)).grounds
    assert len(grounds) == int((env.world(0).ground > 0).sum()) > 50
    assert {spot.kind for spot in grounds} >= {"swamp", "bush", "water"}
    env.actions[:] = 0
    env.actions[3] = env.spec.action_names.index("sign")
    env.step()
    view = env.world(0)
    scene = reader.read(view)
    agent = next(thing for thing in scene.agents if thing.agent == 3)
    assert [(spot.kind, spot.row, spot.column) for spot in scene.traces] == [
        ("sign", agent.row, agent.column)
    ]
    late = replace(view, tick=int(view.trace_ends.max()))
    assert reader.read(late).traces == ()
    assert 0 < reader.read(replace(late, tick=late.tick - 5)).traces[0].strength < 0.2


PAINTER = WorldPainter(make_builders(), SIZE, legend=False, status=False)
EMPTY = Scene(0, 4, 5, (AGENT,), 1)


def cell(scene: Scene, row: int, column: int) -> np.ndarray:
    """The picture of one cell."""
    board = PAINTER.paint_scene(scene).astype(int)
    return board[row * SIZE : (row + 1) * SIZE, column * SIZE : (column + 1) * SIZE]


def test_ground_lies_under_the_things_and_nowhere_else():
    wet = replace(EMPTY, grounds=(Spot("water", 1, 1), Spot("water", 2, 3)))
    assert np.abs(cell(wet, 2, 3) - cell(EMPTY, 2, 3)).mean() > 20
    assert np.array_equal(cell(wet, 0, 0), cell(EMPTY, 0, 0))
    agents_middle = (slice(12, 18), slice(12, 18))
    assert np.array_equal(cell(wet, 1, 1)[agents_middle], cell(EMPTY, 1, 1)[agents_middle])
    assert not np.array_equal(cell(wet, 1, 1), cell(EMPTY, 1, 1))


def test_traces_fade():
    amounts = [np.asarray(trace_tile("sign", strength, SIZE))[..., 3].sum() for strength in (1.0, 0.5, 0.1)]
    assert amounts[0] > amounts[1] > amounts[2] > 0


def test_text_shows_ground_and_traces_where_nothing_stands():
    scene = replace(
        EMPTY,
        ground_kinds=("water",),
        trace_kinds=("sign",),
        grounds=(Spot("water", 0, 0), Spot("water", 1, 1)),
        traces=(Spot("sign", 0, 1),),
    )
    assert scene_text(scene).plain.split("\n")[:2] == ["~ ∴ · · · ", "· ▶ · · · "]


def test_mates_in_sight_of_each_other_are_joined():
    game = make_mates()
    env = BatchEnv(game, num_maps=1)
    env.reset(seed=1)
    view = env.world(0)
    partners = np.zeros_like(view.partners)
    partners[[0, 1, 2, 3]] = [2, 1, 4, 3]
    cells = view.cells.copy()
    cells[[0, 1, 2, 3]] = [18, 18 + 5, 36, 36 + 6]  # the view reaches 5 cells to each side
    assert SceneReader(game).read(replace(view, partners=partners, cells=cells)).bonds == ((0, 1),)
    two = replace(EMPTY, things=(AGENT, replace(AGENT, agent=1, column=4)))
    assert not np.array_equal(cell(replace(two, bonds=((0, 1),)), 1, 2), cell(two, 1, 2))


@pytest.mark.parametrize("changes", [{"team": 1}, {"team": 2}, {"form": 1}, {"form": 2}, {"form": 3}])
def test_teams_and_bodies_show(changes: dict[str, int]):
    assert difference(sprite(AGENT, SIZE), sprite(replace(AGENT, **changes), SIZE)) > 1


def test_the_young_are_smaller():
    grown, young = (sprite(replace(AGENT, is_young=is_young), SIZE) for is_young in (False, True))
    areas = [(np.asarray(picture)[..., 3] > 0).sum() for picture in (grown, young)]
    assert young.size == grown.size
    assert 0.3 < areas[1] / areas[0] < 0.7


def test_night_is_dark_in_pictures_and_told_in_text():
    game = make_builders()
    env = BatchEnv(game, num_maps=1)
    env.reset(seed=1)
    view, reader = env.world(0), SceneReader(game)
    by_day, by_night = reader.read(view), reader.read(at_night(view, env, night=1))
    assert by_day.night == 0 < by_night.night
    assert PAINTER.paint_scene(by_night).mean() < 0.8 * PAINTER.paint_scene(by_day).mean()
    assert status_text(by_night, 1000).plain.endswith("night")


def test_a_world_that_limits_sight_is_as_dark_as_it_says():
    game = make_builders()
    sighted = {"night": 0, "growth": 1, "rain": 0, "sight": 5}
    variables = game.variables | {"sight": Variable(cap=5, initial=5, shown="self")}
    game = game.model_copy(update={"world": ObjectKind(has=sighted), "variables": variables})
    env = BatchEnv(game, num_maps=1)
    env.reset(seed=1)
    reader = SceneReader(game)
    nights = [reader.read(at_night(env.world(0), env, sight=sight)).night for sight in (5, 2)]
    assert nights == pytest.approx([0.0, 0.6])


def at_night(view: WorldView, env: BatchEnv, **values: int) -> WorldView:
    """The view with other values of the world's variables."""
    variables = view.variables.copy()
    for name, value in values.items():
        variables[view.kinds == env.spec.kind_names.index(WORLD), env.spec.variable_names.index(name)] = value
    return replace(view, variables=variables)
