"""What stations take and give, the prize, and the two ways to open a wall."""

import pytest

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.object_use import OBJECT_TASKS, RECIPES, make_object_use
from mettagrid.maps import AsciiMap
from tests.mettagrid.play import Play

LEGEND = {"m": "mine", "g": "generator", "a": "altar", "y": "armory", "l": "lasery", "t": "temple"}
LEGEND |= {"b": "brittle", "o": "block"}


def game_on(text: str, prize: str, ready: dict[str, int] | None = None) -> GameConfig:
    return make_object_use(map=AsciiMap(text=text, legend=LEGEND), prize=prize, ready=ready)


def use(play: Play, *ways: str) -> Play:
    for way in ways:
        play.do(f"move_{way}").do("use")
    return play


@pytest.mark.parametrize("station", RECIPES)
def test_what_is_ready_costs_nothing_and_the_prize_pays_once(station):
    sign = next(sign for sign, kind in LEGEND.items() if kind == station)
    play = Play(game_on(f"{sign}@", station, {station: 2}))
    assert play.sees()[0, -1] | {"prize": 1, "ready": 2} == play.sees()[0, -1]
    use(play, "west")
    assert (play.has("heart"), play.has(RECIPES[station][1]), play.reward()) == (1, 1, 1)
    play.do("use")
    assert (play.has("heart"), play.reward()) == (1, 0)


@pytest.mark.parametrize(
    ("station", "sign", "ways"),
    [
        ("generator", "g", "wn"),
        ("altar", "a", "wwweeen"),
        ("armory", "y", "wwwn"),
        ("lasery", "l", "wwween"),
    ],
)
def test_stations_take_their_inputs(station, sign, ways):
    """A mine stands west, a generator east, and what is asked about north."""
    names = {"w": "west", "e": "east", "n": "north"}
    play = use(Play(game_on(f".{sign}.\nm@g", station)), *(names[way] for way in ways))
    assert play.has("heart") == 1
    short = use(Play(game_on(f".{sign}.\nm@g", station)), *(names[way] for way in ways[1:]))
    assert short.has("heart") == 0


def test_without_the_prize_nothing_is_paid():
    play = use(Play(game_on("m@y", "armory")), "west")
    assert (play.has("ore"), play.has("heart"), play.reward()) == (1, 0, 0)


def test_a_shot_breaks_a_brittle_wall():
    play = Play(game_on("l@b.", "altar", {"lasery": 1}))
    play.do("move_east")
    assert not play.can("shoot")
    use(play, "west").do("move_east")
    assert play.can("shoot")
    play.do("shoot")
    assert (play.kind_at(0, 2), play.has("laser")) == ("empty", 0)


def test_a_block_changes_places():
    play = Play(game_on("@o#", "altar")).do("move_east").do("swap")
    assert (play.place(), play.kind_at(0, 0)) == ((0, 1), "block")


def test_without_a_task_every_episode_has_another_prize():
    env = BatchEnv(make_object_use(max_steps=1), num_maps=1)
    env.reset(0)
    prize = env.spec.variable_names.index("prize")
    seen = set()
    for _ in range(60):
        world = env.world(0)
        seen |= {
            env.spec.kind_names[kind]
            for kind, row in zip(world.kinds, world.variables, strict=True)
            if row[prize]
        }
        env.step()
    assert seen == set(RECIPES)


def test_budgets_are_the_original_ones():
    budgets = {name: make_object_use(name).max_steps for name in OBJECT_TASKS}
    assert {name: steps for name, steps in budgets.items() if steps not in (80, 100)} == {
        "lasery_use": 200,
        "full_sequence": 200,
        "shoot_out": 400,
        "swap_in": 150,
        "swap_out": 150,
    }
