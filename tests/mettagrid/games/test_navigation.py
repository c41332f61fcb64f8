"""The rules of navigation, and its named tasks."""

from typing import get_args

import numpy as np
import pytest

from mettagrid.compile import build_maps
from mettagrid.config.game import GameConfig
from mettagrid.games.navigation import NAVIGATION_TASKS, Style, Terrain, make_navigation
from mettagrid.maps import AsciiMap
from mettagrid.tasks import drawings
from tests.mettagrid.play import Play


def game_on(text: str) -> GameConfig:
    return make_navigation(map=AsciiMap(text=text, legend={"A": "altar"}))


def test_an_altar_gives_one_heart():
    play = Play(game_on(".A.\n.@.")).do("use")
    assert (play.has("heart"), play.reward(), play.count("heart.gained")) == (1, pytest.approx(0.333), 1)
    play.do("use")
    assert (play.has("heart"), play.reward(), play.count("action.use.failed")) == (1, 0, 1)


def test_everybody_sees_whether_an_altar_is_empty():
    play = Play(game_on("A.@"))
    assert play.sees()[0, -2]["stock"] == 1
    play.do("move_west").do("use")
    assert "stock" not in play.sees()[0, -1]


def test_there_are_25_tasks_with_three_hearts():
    assert len(NAVIGATION_TASKS) == 25
    for name, task in NAVIGATION_TASKS.items():
        game = make_navigation(name)
        ids = game.map_values()
        for grid in build_maps(game, 4, 0):
            assert [int((grid == ids[kind]).sum()) for kind in ("altar", "agent")] == [3, 1], name
            rim = [*grid[0], *grid[-1], *grid[:, 0], *grid[:, -1]]
            assert set(rim) == {ids["wall"]}, name
        assert (game.max_steps, game.num_agents, task.hearts) == (task.max_steps, 1, 3)


def test_what_is_in_sight_is_in_sight_and_what_is_not_is_not():
    """An altar in sight of the start, or none: the view has a radius of 5."""
    for name, seen in (("walkaround", True), ("radial_large", False), ("cylinder_easy", False)):
        game = make_navigation(name)
        grid = build_maps(game, 1, 0)[0]
        ids = game.map_values()
        start = np.argwhere(grid == ids["agent"])[0]
        near = np.abs(np.argwhere(grid == ids["altar"]) - start).max(1) <= 5
        assert near.any() == seen, name


@pytest.mark.parametrize(
    ("name", "size", "max_steps"),
    [("corridors", (26, 74), 450), ("radial_large", (31, 88), 1000), ("emptyspace_sparse", (60, 60), 300)],
)
def test_sizes_and_budgets_are_the_original_ones(name, size, max_steps):
    assert make_navigation(name).map.shape == size
    assert make_navigation(name).max_steps == max_steps


def test_an_unknown_task_names_the_nearest():
    with pytest.raises(ValueError, match="there is no task 'swirl'; did you mean swirls"):
        make_navigation("swirl")


def test_terrain_differs_from_map_to_map_and_from_all_named_ones():
    """Training's maps are generated in a size that no named task has."""
    maps = build_maps(make_navigation(), 64, 0)
    assert len({grid.tobytes() for grid in maps}) == 64
    assert maps[0].shape not in {task.map.shape for task in NAVIGATION_TASKS.values()}


@pytest.mark.parametrize("style", get_args(Style))
def test_terrain_has_what_is_asked(style):
    game = make_navigation(map=Terrain(height=12, width=14, altars=5, styles=[style]).map())
    ids = game.map_values()
    grids = build_maps(game, 4, 0)
    assert grids.shape == (4, 14, 16)
    for grid in grids:
        assert [(grid == ids[name]).sum() for name in ("altar", "agent")] == [5, 1]
    assert (grids == ids["wall"]).sum() > 4 * 56, "more than the border"


def test_drawings_are_read_by_name(tmp_path, monkeypatch):
    (tmp_path / "two.txt").write_text("== a\n#@\n..\n\n== b\n@\n")
    (tmp_path / "twice.txt").write_text("== a\n@\n== a\n@\n")
    (tmp_path / "headless.txt").write_text("\n@\n")
    monkeypatch.setattr(drawings, "__file__", str(tmp_path / "drawings.py"))
    assert drawings.read_drawings("two") == {"a": "#@\n..", "b": "@"}
    with pytest.raises(ValueError, match=r"twice.txt, line 3: drawing 'a' is there twice"):
        drawings.read_drawings("twice")
    with pytest.raises(ValueError, match=r"headless.txt, line 2: expected `== name`"):
        drawings.read_drawings("headless")
