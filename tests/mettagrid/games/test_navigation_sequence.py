"""The rules of the sequence, which memory shares."""

import pytest

from mettagrid.compile import build_maps
from mettagrid.config.game import GameConfig
from mettagrid.games.navigation import NAVIGATION_TASKS
from mettagrid.games.navigation_sequence import SEQUENCE_TASKS, SequenceNumbers, make_navigation_sequence
from mettagrid.maps import AsciiMap
from tests.mettagrid.play import Play

LEGEND = {"A": "altar", "M": "mine", "G": "generator"}
HUB = ".A.\nM@G\n.A."


def game_on(text: str = HUB, numbers: SequenceNumbers | None = None) -> GameConfig:
    return make_navigation_sequence(map=AsciiMap(text=text, legend=LEGEND), numbers=numbers)


def use(play: Play, *ways: str) -> Play:
    """Turns and uses what is there."""
    for way in ways:
        play.do(f"move_{way}").do("use")
    return play


def test_ore_becomes_a_battery_and_a_battery_a_heart():
    play = use(Play(game_on()), "west")
    assert (play.has("ore"), play.has("battery"), play.has("heart")) == (1, 0, 0)
    use(play, "east")
    assert (play.has("ore"), play.has("battery"), play.has("heart")) == (0, 1, 0)
    use(play, "north")
    assert (play.has("battery"), play.has("heart"), play.reward()) == (0, 1, pytest.approx(0.333))


def test_nothing_comes_of_the_wrong_order():
    play = use(Play(game_on()), "north", "east")
    assert (play.has("heart"), play.has("battery"), play.count("action.use.failed")) == (0, 0, 2)


def test_an_altar_gives_one_heart_and_three_can_be_carried():
    play = use(Play(game_on()), "west").do("use", times=4)
    assert play.has("ore") == 3
    use(play, "east").do("use", times=4)
    assert (play.has("ore"), play.has("battery")) == (0, 3)
    use(play, "north").do("use")
    assert (play.has("heart"), play.has("battery")) == (1, 2)
    assert use(play, "south").has("heart") == 2


def test_numbers_count():
    numbers = SequenceNumbers(batteries=3, reward=1.0, ore_reward=0.25, battery_reward=0.5)
    play = use(Play(game_on(numbers=numbers)), "west")
    assert play.reward() == pytest.approx(0.25)
    use(play, "east")
    assert (play.has("battery"), play.reward()) == (3, pytest.approx(0.5))
    assert use(play, "north").reward() == pytest.approx(1.0)


def test_tasks_are_maps_of_navigation_with_mine_and_generator():
    assert SEQUENCE_TASKS.keys() <= NAVIGATION_TASKS.keys()
    for name, task in SEQUENCE_TASKS.items():
        game = make_navigation_sequence(name)
        ids, grid = game.map_values(), build_maps(game, 1, 0)[0]
        assert [int((grid == ids[kind]).sum()) for kind in ("mine", "generator", "altar")] == [1, 1, 3], name
        assert game.max_steps == task.max_steps


def test_an_unknown_task_names_the_nearest():
    with pytest.raises(ValueError, match="there is no task 'corridor'; did you mean corridors"):
        make_navigation_sequence("corridor")
