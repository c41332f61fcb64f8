"""The rules of navigation, and its named tasks."""

from pathlib import Path

import numpy as np
import pytest

from mettagrid.compile import build_maps
from mettagrid.config.game import GameConfig
from mettagrid.games.navigation import NAVIGATION_TASKS, Terrain, make_navigation
from mettagrid.maps import AsciiMap
from mettagrid.tasks import drawings
from tests.mettagrid.play import Play

PAGE = (Path(__file__).parents[3] / "docs" / "games" / "navigation.md").read_text(encoding="utf-8")


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
        text = game.map.text
        assert (text.count("A"), text.count("@"), task.hearts) == (3, 1, 3), name
        assert (game.max_steps, game.num_agents) == (task.max_steps, 1)
        rim = [text.split("\n")[0], text.split("\n")[-1], *(row[0] + row[-1] for row in text.split("\n"))]
        assert set("".join(rim)) == {"#"}, name


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


def test_terrain_is_never_a_named_map():
    """Training's maps are generated; none is a drawing."""
    maps = build_maps(make_navigation(), 64, 0)
    assert len({grid.tobytes() for grid in maps}) == 64
    shapes = {task.map.shape for task in NAVIGATION_TASKS.values()}
    drawn = [build_maps(make_navigation(name), 1, 0) for name in NAVIGATION_TASKS]
    assert maps[0].shape not in shapes or not any(np.array_equal(m, d[0]) for m in maps for d in drawn)


def test_terrain_has_what_is_asked():
    game = make_navigation(map=Terrain(height=10, width=12, altars=5, walls=0.1).map())
    grid = build_maps(game, 1, 0)[0]
    ids = game.map_values()
    assert grid.shape == (12, 14)
    assert [(grid == ids[name]).sum() for name in ("altar", "agent", "wall")] == [5, 1, 12 + 48]


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


def test_the_page_tells_the_tasks_and_numbers():
    fields = Terrain.model_fields.items()
    rows = [f"| `{name}` | {field.default} | {field.description} |" for name, field in fields]
    for name, task in NAVIGATION_TASKS.items():
        height, width = task.map.shape
        rows.append(f"| `{name}` | {width} x {height} | {task.max_steps} | {task.tests} |")
    missing = [row for row in rows if row not in PAGE]
    assert not missing, "docs/games/navigation.md needs these rows:\n" + "\n".join(missing)
