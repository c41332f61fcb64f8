"""The rules of the builders: mining, houses, blocks, bridges, doors, boxes, terrain, nights and weather."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mettagrid.config.game import GameConfig
from mettagrid.games.builders import OBSTACLES, STATIONS, BuildersNumbers, make_builders
from mettagrid.maps import AsciiMap, RandomMap
from tests.mettagrid.play import Play

PAGE = (Path(__file__).parents[3] / "docs" / "games" / "builders.md").read_text(encoding="utf-8")
LEGEND = {
    "t": "tree", "r": "rock", "s": "site", "h": "house", "b": "block", "d": "door", "x": "box", "X": "border",
    "m": "swamp", "u": "bush", "w": "water", "n": "thorns", "o": "doorway",
}  # fmt: skip
SURE = {
    "wood_chance": 1.0,
    "stone_chance": 1.0,
    "growth_period": 1000,
    "rock_period": 1000,
    "rest_period": 1000,
}
SWITCHES = ("night", "weather", "terrain", "hazards")


def game_on(text: str, numbers: dict[str, Any] | None = None, **settings: Any) -> GameConfig:
    """The game's rules on a drawn map, without nights and weather; agent i starts at the i-th `@`, looking north."""
    starts = settings.pop("starts", {})
    chosen = BuildersNumbers(**(SURE | (numbers or {})))
    settings = dict.fromkeys(SWITCHES, False) | settings
    game = make_builders(num_agents=text.count("@"), numbers=chosen, **settings)
    drawing = AsciiMap(text=text, legend=LEGEND)
    return game.override_all({"map": drawing, "shuffle_spawns": False, "starts": starts})


def facing(thing: str, numbers: dict[str, Any] | None = None, **settings: Any) -> Play:
    return Play(game_on(f"{thing}\n@", numbers, **settings))


def load(play: Play, agent: int = 0) -> tuple[int, int, int]:
    """Wood, stone and hearts of an agent."""
    return play.has("wood", agent), play.has("stone", agent), play.has("heart", agent)


def ahead(play: Play, agent: int = 0) -> dict[str, int]:
    return play.sees(agent).get((-1, 0), {})


# Mining


@pytest.mark.parametrize(("source", "material", "stock"), [("t", "wood", 3), ("r", "stone", 5)])
def test_sources_give_what_they_have_and_renew(source, material, stock):
    numbers = {"growth_period": 20, "rock_period": 20, "summer_growth": 100}
    play = facing(source, numbers)
    assert ahead(play)["stock"] == stock
    play.do("use", times=19)
    assert (play.has(material), play.count("action.use.success")) == (min(stock, 5), stock)
    assert "stock" not in ahead(play)
    assert ahead(play.do())["stock"] == 1


def test_nobody_carries_more_than_five():
    play = facing("t", starts={"wood": [5]}).do("use")
    assert (play.has("wood"), ahead(play)["stock"], play.count("action.use.failed")) == (5, 3, 1)


@pytest.mark.parametrize(
    ("source", "name", "chance"), [("t", "wood_chance", 0.8), ("r", "stone_chance", 0.5)]
)
def test_mining_needs_luck(source, name, chance):
    numbers = {name: chance, "material_cap": 50, "tree_stock": 50, "rock_stock": 50}
    tries, won = 0, 0
    for seed in range(20):
        play = Play(game_on(f"{source}\n@", numbers), seed).do("use", times=30)
        tries += 30
        won += play.count("action.use.success")
    assert abs(won / tries - chance) < 0.08


# Houses


def test_a_house_takes_two_of_each_and_every_block_is_a_heart():
    play = facing("s", starts={"wood": [3], "stone": [3]})
    assert (ahead(play)["needs_wood"], ahead(play)["needs_stone"]) == (2, 2)
    rewards = [play.do("use").reward() for _ in range(4)]
    assert rewards == [1, 1, 1, 2], "the last block finishes the house, which is a heart more"
    assert (load(play), play.kind_at(0, 0), play.count("house")) == ((1, 1, 5), "house", 1)
    assert play.do("use").count("action.use.failed") == 1


@pytest.mark.parametrize("other", ["wood", "stone"])
def test_a_site_takes_nothing_that_it_does_not_need(other):
    play = facing("s", starts={other: [5]}).do("use", times=5)
    assert (play.has(other), play.has("heart")) == (3, 2)
    assert f"needs_{other}" not in ahead(play)


def test_finishing_pays_everybody_around():
    numbers = {"site_wood": 1, "site_stone": 1}
    play = Play(game_on("@..\n.s@\n.@.\n@..", numbers, starts={"wood": [0, 0, 1, 0], "stone": [0, 0, 1, 0]}))
    play.do("noop", "noop", "use").do("noop", "noop", "use")
    assert [play.has("heart", agent) for agent in range(4)] == [1, 1, 3, 0]
    assert [play.reward(agent) for agent in range(4)] == [1, 1, 2, 0]


def test_houses_decay_into_sites():
    play = facing("s", {"house_steps": 7}, starts={"wood": [2], "stone": [2]}).do("use", times=4)
    assert ahead(play)["stands"] == 7
    assert play.do(times=6).kind_at(0, 0) == "house"
    assert play.do().kind_at(0, 0) == "site"
    assert (ahead(play)["needs_wood"], ahead(play)["needs_stone"]) == (2, 2)


# Blocks, bridges and doors


@pytest.mark.parametrize(("material", "thing"), [("stone", "block"), ("wood", "door")])
def test_what_is_placed_stands_until_three_blows(material, thing):
    play = facing(".", starts={material: [1]}).do(f"place_{material}")
    assert (play.kind_at(0, 0), play.has(material), play.count("placed")) == (thing, 0, 1)
    assert not play.can(f"place_{material}")
    assert play.do("break", times=2).kind_at(0, 0) == thing
    assert (play.do("break").kind_at(0, 0), play.has(material), play.count("broken")) == ("empty", 1, 1)
    assert play.has("energy") == 97


def test_walls_break_into_stone_and_borders_do_not_break():
    play = facing("#")
    assert play.do("break", times=5).kind_at(0, 0) == "wall"
    assert (play.do("break").kind_at(0, 0), play.has("stone")) == ("empty", 1)
    for thing in ("X", "t", "r", "s", "h", "x"):
        fixed = facing(thing).do("break", times=9)
        assert (fixed.kind_at(0, 0), fixed.has("energy")) == (LEGEND[thing], 91)


def test_nothing_is_placed_where_something_stands():
    play = facing("t", starts={"wood": [1], "stone": [1]}).do("place_wood").do("place_stone")
    assert load(play) == (1, 1, 0)


@pytest.mark.parametrize("material", ["wood", "stone"])
def test_water_is_bridged(material):
    play = facing("w", starts={material: [1]})
    assert play.do("move_north").place() == (1, 0)
    play.do(f"place_{material}")
    assert (play.has(material), play.count("bridge"), ahead(play)) == (0, 1, {})
    assert play.do("move_north").place() == (0, 0)


def test_doors_open_and_close():
    play = Play(game_on(".\nd\n@"))
    assert play.do("move_north").place() == (2, 0)
    play.do("use")
    assert (play.kind_at(1, 0), ahead(play)) == ("empty", {"ground:doorway": 1})
    play.do("use")
    assert (play.kind_at(1, 0), ahead(play)["kind:door"]) == ("door", 1)
    assert "ground:doorway" not in ahead(play)
    assert play.do("use").do("move_north").do("move_north").place() == (0, 0)
    assert play.do("use").count("action.use.failed") == 1


# Boxes and others


def test_a_box_is_filled_by_one_and_opened_by_another():
    play = Play(game_on("@\nx\n@", {"box_cap": 4}, starts={"wood": [0, 5], "stone": [0, 2]})).do(
        "noop", "use"
    )
    assert (load(play, 1), ahead(play, 1)["wood"], ahead(play, 1)["stone"]) == ((1, 0, 0), 4, 2)
    play.do("move_south").do("use")
    assert load(play, 0) == (4, 2, 0)
    assert "wood" not in ahead(play, 1)


def test_boxes_are_pushed_where_there_is_room():
    play = Play(game_on(".\nx\n@", starts={"wood": [1]})).do("use").do("move_north")
    assert (play.place(), play.kind_at(0, 0), ahead(play)["wood"]) == ((1, 0), "box", 1)
    assert play.do("move_north").place() == (1, 0)


def test_agents_change_places():
    play = Play(game_on("@\n@")).do("noop", "swap")
    assert (play.place(0), play.place(1)) == ((1, 0), (0, 0))


def test_signs_fade():
    play = Play(game_on("@.", {"sign_steps": 3})).do("sign").do("move_east")
    assert play.sees()[0, -1]["trace:sign"] == 2
    assert play.do().sees()[0, -1]["trace:sign"] == 1
    assert "trace:sign" not in play.do().sees().get((0, -1), {})


# Land


@pytest.mark.parametrize(("ground", "price"), [(".", 1), ("u", 1), ("m", 3), ("n", 16), ("o", 1)])
def test_what_a_step_costs(ground, price):
    play = facing(ground).do("move_north")
    assert (play.place(), play.has("energy")) == ((0, 0), 100 - price)
    assert play.count("thorns") == (ground == "n")
    weak = facing(ground, starts={"energy": [1]}).do("move_north")
    assert (weak.place(), weak.has("energy"), weak.can("move_north")) == ((0, 0), 0, False)


def test_bushes_hide():
    hidden = Play(game_on("@..@\n....\nuuuu\n....")).sees(1)
    assert "kind:agent" in hidden[0, -3]
    play = Play(game_on("@..@\nu...\n....")).do("move_south")
    assert "kind:agent" not in play.sees(1).get((1, -3), {})
    play.do("noop", "move_west").do("noop", "move_west")
    assert "kind:agent" in play.sees(1)[1, -1]


# Days, nights and weather


def test_nights_are_dark_and_houses_light():
    text = "@........@"
    numbers = {"day_steps": 20, "night_steps": 5, "house_steps": 200}
    play = Play(game_on(f"{text}\nh.........", numbers, night=True))
    lights = []
    for _ in range(41):
        lights.append((play.has("sight", 0), play.has("sight", 1), play.told().get("world:night", 0)))
        play.do()
    night = [tick for tick, (_, _, is_night) in enumerate(lights) if is_night]
    assert night == [*range(15, 20), *range(35, 40)]
    assert {near for near, _, _ in lights} == {5}
    dark = [tick for tick, (_, far, _) in enumerate(lights) if far == 3]
    assert dark == [*range(16, 21), *range(36, 41)], "eyes follow a step later"


def test_at_night_one_sees_three_cells():
    numbers = {"day_steps": 20, "night_steps": 10}
    play = Play(game_on("@..t.r", numbers, night=True))
    assert {(0, 3), (0, 5)} <= play.sees().keys()
    play.do(times=12)
    assert (0, 3) in play.sees()
    assert (0, 5) not in play.sees()


def test_rest_is_by_day_or_near_a_house():
    numbers = {"rest_period": 1, "day_steps": 20, "night_steps": 10, "house_steps": 200}
    starts = {"energy": [10]}
    play = Play(game_on("@........@\nh.........", numbers, night=True, starts=starts)).do(times=20)
    assert (play.has("energy", 0), play.has("energy", 1)) == (30, 20)
    assert facing(".", {"rest_period": 2}, starts=starts).do(times=20).has("energy") == 20


def test_little_grows_in_winter_and_everything_in_rain():
    numbers = {
        "summer_growth": 100, "winter_growth": 0, "season_steps": 40, "growth_period": 1, "rain_chance": 0.0,
    }  # fmt: skip
    play = facing("t", numbers, weather=True)
    taken = []
    for _ in range(80):
        taken.append(play.do("use").has("wood"))
        play.env.world(0).variables[0, play.spec.variable_names.index("wood")] = 0
    assert taken[1:20] == [1] * 19
    assert sum(taken[25:39]) == 0, "step 40 is summer again"
    assert taken[39:59] == [1] * 20
    rainy = facing("t", numbers | {"summer_growth": 0, "rain_chance": 1.0, "rain_steps": 5}, weather=True)
    rainy.do("use", times=3).do(times=10)
    assert ahead(rainy)["stock"] == 3
    assert rainy.told()["world:rain"] > 0


# Rewards, switches, page


def test_only_shaped_games_pay_for_mining():
    assert facing("t", shaped=True).do("use").reward() == pytest.approx(0.1)
    assert facing("r", shaped=True).do("use").reward() == pytest.approx(0.1)
    assert facing("t").do("use").reward() == 0
    assert facing("s", starts={"wood": [1]}, shaped=True).do("use").reward() == 1


def test_switches_change_the_land_but_not_what_agents_can_do_and_see():
    whole, calm = make_builders(), make_builders(**dict.fromkeys(SWITCHES, False))
    assert isinstance(whole.map, RandomMap)
    assert isinstance(calm.map, RandomMap)
    assert set(whole.map.grounds) == {"swamp", "bush", "water", "thorns"}
    assert not calm.map.grounds
    a, b = Play(whole).spec, Play(calm).spec
    assert (a.action_names, a.feature_names) == (b.action_names, b.feature_names)
    for switch in SWITCHES:
        other = make_builders(**{switch: False})
        assert other.rules != whole.rules or other.map != whole.map


@pytest.mark.parametrize("seed", range(3))
def test_random_play_breaks_no_accounts(seed):
    """Nobody has more than was gained minus what was lost; hearts are never lost."""
    play = Play(make_builders(shaped=True), seed)
    rng = np.random.default_rng(seed)
    for _ in range(300):
        mask = play.env.action_mask.astype(float)
        play.env.actions[:] = [rng.choice(len(row), p=row / row.sum()) for row in mask]
        play.env.step()
    for agent in range(16):
        for name in ("wood", "stone", "heart"):
            assert play.has(name, agent) == play.count(f"{name}.gained", agent) - play.count(
                f"{name}.lost", agent
            )
        assert play.count("heart.lost", agent) == 0


def test_the_night_is_shorter_than_the_day():
    with pytest.raises(ValueError, match="night_steps: 20 must be below day_steps, 20"):
        make_builders(numbers=BuildersNumbers(day_steps=20, night_steps=20))


def test_the_page_tells_numbers_things_and_verbs():
    rows = [
        f"| `{name}` | {field.default} | {field.description} |"
        for name, field in BuildersNumbers.model_fields.items()
    ]
    rows += [f"| `{name}` |" for name in ("noop", *make_builders().verbs)]
    rows += [f"| `{name}` | {count} |" for name, count in (STATIONS | OBSTACLES).items()]
    missing = [row for row in rows if row not in PAGE]
    assert not missing, "docs/games/builders.md needs these rows:\n" + "\n".join(missing)
