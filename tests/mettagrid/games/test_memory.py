"""Memory: what agents begin with, and that its named maps ask for memory."""

import numpy as np
import pytest

from mettagrid.compile import build_maps
from mettagrid.games.memory import MEMORY_TASKS, T_MAZE_TASKS, forks, make_memory, t_mazes
from mettagrid.maps import AsciiMap
from tests.mettagrid.play import Play

LEGEND = {"A": "altar", "M": "mine", "G": "generator", "L": "landmark"}


def test_who_is_loaded_needs_no_mine():
    game = make_memory(map=AsciiMap(text="A@L", legend=LEGEND))
    play = Play(game).do("move_west").do("use")
    assert (play.has("heart"), play.reward(), play.has("battery")) == (1, 1, 2)
    play.do("move_east").do("use")
    assert play.count("action.use.failed") == 1, "a landmark only stands there"


def test_an_ore_makes_three_batteries():
    game = make_memory(map=AsciiMap(text=".A.\nM@G", legend=LEGEND), loaded=False)
    play = Play(game)
    assert play.has("battery") == 0
    play.do("move_west").do("use").do("move_east").do("use")
    assert (play.has("ore"), play.has("battery")) == (0, 3)


@pytest.mark.parametrize("name", MEMORY_TASKS)
def test_tasks_have_agents_budgets_and_ways_to_hearts(name):
    game, task = make_memory(name), MEMORY_TASKS[name]
    ids, grid = game.map_values(), build_maps(game, 1, 0)[0]
    count = {kind: int((grid == ids[kind]).sum()) for kind in ("agent", "altar", "mine", "generator")}
    assert (count["agent"], game.max_steps) == (task.num_agents, task.max_steps)
    assert count["altar"] >= task.hearts * task.num_agents
    assert (count["mine"], count["generator"]) == ((0, 0) if task.settings else (1, 1))
    assert game.variables["battery"].initial == (3 if task.settings else 0)


@pytest.mark.parametrize("name", ["easy", "medium", "hard", "little_landmark_easy", "little_landmark_hard"])
def test_the_landmark_at_the_start_stands_on_the_side_of_the_hearts(name):
    game = make_memory(name)
    ids, grid = game.map_values(), build_maps(game, 1, 0)[0]
    start, cue, hearts = (np.argwhere(grid == ids[kind]).mean(0) for kind in ("agent", "landmark", "altar"))
    assert np.abs(cue - start).max() <= 5, "in sight"
    assert np.abs(hearts - start).max() > 5, "out of sight"
    assert np.sign(cue[1] - start[1]) == np.sign(hearts[1] - start[1])


@pytest.mark.parametrize("passed", [[], ["mine", "generator"]])
def test_forks_are_new_every_time(passed):
    game = make_memory(map=forks(passed), loaded=not passed)
    maps = build_maps(game, 40, 0)
    assert len({grid.tobytes() for grid in maps}) > 30, "short ones come twice"
    ids = game.map_values()
    for grid in maps:
        names = ["agent", "altar", "landmark", *passed]
        assert [int((grid == ids[name]).sum()) for name in names] == [1] * len(names)


@pytest.mark.parametrize("name", T_MAZE_TASKS)
def test_a_t_maze_hides_the_cue_and_then_the_prize(name):
    """Side by side from start to junction: the cue is seen at the beginning only, the prize not before an arm."""
    game = make_memory(name)
    ids, corridor = game.map_values(), int(name.rsplit("_", 1)[1])
    maps = build_maps(game, 40, 0)
    sides = set()
    for grid in maps:
        (start,), (cue,), (prize,) = (
            np.argwhere(grid == ids[kind]) for kind in ("agent", "landmark", "altar")
        )
        junction = start - [corridor, 0]
        assert np.abs(cue - start).max() == 1
        assert np.abs(cue - junction).max() > 5, "forgotten by the eyes"
        assert np.abs(prize - junction).max() > 5 + 2, "not seen before the third step into an arm"
        assert np.sign(cue[1] - start[1]) == np.sign(prize[1] - start[1])
        sides.add(int(np.sign(prize[1] - start[1])))
    assert sides == {-1, 1}
    assert len({grid.tobytes() for grid in maps}) == 2, "nothing but the side differs"


def test_t_mazes_to_learn_from_are_of_many_lengths():
    game = make_memory(map=t_mazes(12))
    ids = game.map_values()
    lengths = {
        int(
            np.ptp(
                np.concatenate([np.argwhere(grid == ids["agent"]), np.argwhere(grid == ids["altar"])])[:, 0]
            )
        )
        for grid in build_maps(game, 60, 0)
    }
    assert lengths == {5, 7, 10, 13}, "corridors of 4, 6, 9 and 12 cells, and one to the altar"
