"""SceneMap: maps of a game, drawn by scenes: borders whole, everything in reach, the same seed the same map."""

import re

import numpy as np
import pytest
from pydantic import ValidationError

from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.config.base import explain
from mettagrid.config.distribution import Uniform
from mettagrid.config.game import GameConfig
from mettagrid.maps import Child, Lattice, MazeDfs, MazeKruskal, RandomScene, RoomGrid, SceneMap, draw_grid
from tests.mettagrid.maps.slow_ways import is_reached

KINDS = {"empty": 0, "agent": 1, "wall": 2, "altar": 3, "mine": 4}
STATIONS = RandomScene(objects={"altar": 5, "mine": 3})


def maze_map(**fields) -> SceneMap:
    scene = MazeKruskal(branching=0.1, children=[Child(scene=STATIONS)])
    return SceneMap(**{"height": 15, "width": 19, "scene": scene} | fields)


def test_counts_border_and_ways_are_as_promised():
    maps = maze_map().build(40, 7, 4, KINDS)
    assert (maps.shape, maps.dtype) == ((40, 17, 21), np.int32)
    for grid in maps:
        assert [int((grid == kind).sum()) for kind in (1, 3, 4)] == [4, 5, 3]
        assert (grid[[0, -1]] == 2).all() and (grid[:, [0, -1]] == 2).all()
        assert is_reached(grid, {3, 4})
    assert len({grid.tobytes() for grid in maps}) == 40


def test_map_i_depends_on_the_seed_and_on_i_alone():
    maps = maze_map().build(6, 3, 2, KINDS)
    np.testing.assert_array_equal(maze_map().build(4, 3, 2, KINDS), maps[:4])
    assert (maze_map().build(6, 4, 2, KINDS) != maps).any(axis=(1, 2)).all()


def test_things_that_would_cut_ways_off_are_put_elsewhere():
    """A maze without loops is cut by anything in a corridor: only dead ends are left for stations."""
    scene = MazeDfs(children=[Child(scene=RandomScene(objects={"altar": 2}))])
    for grid in SceneMap(height=11, width=11, scene=scene).build(20, 1, 3, KINDS):
        assert is_reached(grid, {3})


def test_a_border_can_be_wide_or_absent():
    wide = maze_map(border_width=3)
    assert wide.shape == (21, 25)
    grid = wide.build(1, 0, 1, KINDS)[0]
    inside = np.zeros(grid.shape, bool)
    inside[3:-3, 3:-3] = True
    assert (grid[~inside] == 2).all() and (grid[inside] != 2).any()
    assert maze_map(border=None).build(1, 0, 1, KINDS).shape == (1, 15, 19)


def test_a_map_that_cannot_be_is_refused_with_a_line():
    alone = SceneMap(height=3, width=3, scene=RandomScene(objects={"altar": 9}))
    with pytest.raises(ValueError, match=r"^scene: only \d of 9 things fit into 3 x 3 cells"):
        alone.build(1, 0, 1, KINDS)
    closed = SceneMap(
        height=5,
        width=5,
        scene=RoomGrid(door=0, children=[Child(scene=RandomScene(agents=2, keep_ways=False))]),
    )
    for _ in range(2):
        with pytest.raises(ValueError, match="not everything can be reached by everybody"):
            SceneMap(
                height=5,
                width=5,
                scene=RoomGrid(door=0, children=[Child(scene=RandomScene(agents=1), where=["room"])]),
            ).build(1, 0, 4, KINDS)
    assert closed.model_copy(update={"connected": False}).build(1, 0, 2, KINDS).shape == (1, 7, 7)
    many = SceneMap(height=5, width=5, scene=RandomScene(agents=3))
    with pytest.raises(ValueError, match="the scenes have more places for agents than the 2 agents"):
        many.build(1, 0, 2, KINDS)


def arena_in(map_config: dict) -> GameConfig:
    return GameConfig.model_validate(make_arena(num_agents=4).model_dump() | {"map": map_config})


ARENA_MAP = {
    "form": "scenes",
    "border": "border",
    "height": 20,
    "width": 20,
    "scene": {
        "form": "room_grid",
        "children": [{"scene": {"form": "random", "objects": {"altar": 3, "wall": 20}}}],
    },
}


def test_a_game_steps_on_it_and_comes_back_from_json():
    game = arena_in(ARENA_MAP)
    assert GameConfig.model_validate_json(game.model_dump_json()) == game
    env = BatchEnv(game, 3)
    env.reset(0)
    rng = np.random.default_rng(0)
    for _ in range(50):
        env.step(rng.integers(len(env.spec.action_names), size=env.num_rows, dtype=np.int32))
    assert env.observations.any()


def test_numbers_of_scenes_vary_from_map_to_map():
    game = arena_in(ARENA_MAP)
    path = "map.scene.children.0.scene.objects.wall"
    varied = game.override("vary", {path: Uniform(5, 60)})
    env = BatchEnv(varied, 24)
    env.reset(0)
    wall = env.spec.kind_names.index("wall")
    counts = {int((env.world(world).kinds == wall).sum()) for world in range(24)}
    assert len(counts) > 5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"scene": {"form": "maze_krusk"}},
            r"map\.scene\.form: unknown form 'maze_krusk'; did you mean maze_kruskal",
        ),
        ({"scene": {"form": "maze_dfs", "coridor": 2}}, r"map\.scene\.coridor: there is no such field"),
        (
            {"scene": {"form": "maze_dfs", "corridor": 0}},
            r"map\.scene\.corridor: .*greater than or equal to 1",
        ),
        (
            {"scene": {"form": "room_grid", "children": [{"scene": {"form": "random", "agents": -3}}]}},
            r"map\.scene\.children\.0\.scene\.agents: .*greater than or equal to 0",
        ),
        (
            {"scene": {"form": "random", "objects": {"altr": 1}}},
            r"map: scene\.objects: unknown kind 'altr'; did you mean altar",
        ),
        ({"scene": {"corridor": 1}}, r"map\.scene: a scene needs its `form`"),
        ({"border": "wal"}, r"map: border: unknown kind 'wal'; did you mean wall"),
    ],
)
def test_a_mistake_is_one_line_with_its_path(changes, message):
    with pytest.raises(ValidationError) as refusal:
        arena_in(ARENA_MAP | changes)
    assert re.match(message, explain(refusal.value)), explain(refusal.value)


def test_what_is_not_random_is_drawn_once_and_agents_are_placed_in_each_map():
    scene = RoomGrid(
        rows=2, columns=2, children=[Child(scene=Lattice(objects={"altar": 4}, rows=2, columns=2))]
    )
    maps = SceneMap(height=9, width=9, scene=scene).build(12, 5, 3, KINDS)
    alone = draw_grid(scene, 9, 9, 0, KINDS)
    for grid in maps:
        np.testing.assert_array_equal(np.where(grid == 1, 0, grid)[1:-1, 1:-1], alone)
        assert (grid == 1).sum() == 3 and is_reached(grid, {3})
    assert len({grid.tobytes() for grid in maps}) > 6


def test_only_the_maps_that_fail_are_drawn_again():
    """Each map is what it would be alone, with any number of others that are drawn once or many times."""
    scene = RandomScene(objects={"wall": 30, "altar": 3}, keep_ways=False)
    one = SceneMap(height=9, width=9, scene=scene)
    maps = one.build(30, 11, 2, KINDS)
    first_tries = one.model_copy(update={"connected": False}).build(30, 11, 2, KINDS)
    assert (
        0
        < (np.where(maps == 1, 0, maps) != np.where(first_tries == 1, 0, first_tries)).any((1, 2)).sum()
        < 30
    )
    assert all(is_reached(grid, {3}) for grid in maps)
    np.testing.assert_array_equal(one.build(20, 11, 2, KINDS), maps[:20])
