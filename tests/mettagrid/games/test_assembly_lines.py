"""The rules of the assembly lines: extractors, recipes for one to three hands, stores, energy, fields, events."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from mettagrid.config.game import GameConfig
from mettagrid.games.assembly_lines import ITEMS, STATIONS, AssemblyNumbers, make_assembly_lines
from mettagrid.maps import AsciiMap
from tests.mettagrid.play import Play

PAGE = (Path(__file__).parents[3] / "docs" / "games" / "assembly_lines.md").read_text(encoding="utf-8")
LEGEND = {
    "c": "extractor_carbon", "o": "extractor_oxygen", "s": "extractor_silicon", "f": "forge", "a": "assembler",
    "e": "charger", "t": "chest", "1": "beacon_1", "2": "beacon_2", "X": "border",
}  # fmt: skip
THREE_AROUND = """
    @a@
    .@.
"""  # agent 2 looks north, at the assembler
CALM = {"jam_chance": 0.0, "regeneration_period": 250, "flare_period": 250}


def game_on(text: str, numbers: dict[str, Any] | None = None, **settings: Any) -> GameConfig:
    """The game's rules on a drawn map without events; agent i starts at the i-th `@`, looking north."""
    starts = {"mark": [0], "team": [1]} | settings.pop("starts", {})
    chosen = AssemblyNumbers(**(CALM | (numbers or {})))
    game = make_assembly_lines(num_agents=text.count("@"), numbers=chosen, **settings)
    drawing = AsciiMap(text=text, legend=LEGEND)
    return game.override_all({"map": drawing, "shuffle_spawns": False, "starts": starts})


def at_station(station: str, numbers: dict[str, Any] | None = None, **settings: Any) -> Play:
    return Play(game_on(f"{station}\n@", numbers, **settings))


def items(play: Play, agent: int = 0) -> dict[str, int]:
    """What an agent carries, without what it has none of."""
    held = {name: play.has(name, agent) for name in (*ITEMS, "heart")}
    return {name: amount for name, amount in held.items() if amount}


def stored(play: Play, item: str, agent: int = 0) -> int:
    return play.told(agent).get(f"group:{item}", 0)


# Extractors and the forge


def test_carbon_is_quick_and_a_helper_doubles_it():
    play = at_station("c").do("use")
    assert (items(play), play.sees()[-1, 0]["cooldown"]) == ({"carbon": 1}, 8)
    assert items(play.do("use", times=7)) == {"carbon": 1}
    assert items(play.do("use")) == {"carbon": 2}
    helped = Play(game_on("c@\n@.")).do("noop", "use")
    assert (items(helped, 0), items(helped, 1), helped.count("helped", 1)) == ({}, {"carbon": 2}, 1)
    far = Play(game_on("c.@\n@..")).do("noop", "use")
    assert items(far, 1) == {"carbon": 1}, "who is two cells away is no help"


def test_oxygen_gathers_up_to_the_stock_and_is_taken_at_once():
    play = at_station("o").do("use")
    assert items(play) == {"oxygen": 1}
    assert "oxygen" not in play.sees()[-1, 0]
    play.do(times=15 * 4)
    assert play.sees()[-1, 0]["oxygen"] == 3
    assert items(play.do("use")) == {"oxygen": 4}


def test_silicon_costs_energy_and_comes_to_an_end():
    play = at_station("s", {"silicon_stock": 2}).do("use")
    assert (items(play), play.has("energy")) == ({"silicon": 1}, 95)
    assert items(play.do("use", times=9)) == {"silicon": 1}
    assert play.kind_at(0, 0) == "extractor_silicon"
    assert items(play.do("use")) == {"silicon": 2}
    assert play.kind_at(0, 0) == "empty"
    assert items(at_station("s", starts={"energy": [4]}).do("use")) == {}


@pytest.mark.parametrize(("station", "item"), [("c", "carbon"), ("o", "oxygen"), ("s", "silicon")])
def test_nobody_carries_more_than_the_cap(station, item):
    play = at_station(station, starts={item: [5]}).do("use")
    assert (items(play), play.count("action.use.failed")) == ({item: 5}, 1)


def test_the_forge_makes_circuits_of_carbon_and_silicon():
    play = at_station("f", starts={"carbon": [2], "silicon": [1]}).do("use")
    assert items(play) == {"carbon": 1, "circuit": 1}
    assert items(play.do("use")) == {"carbon": 1, "circuit": 1}
    assert (
        items(at_station("f", starts={"carbon": [1], "silicon": [1], "circuit": [5]}).do("use"))["silicon"]
        == 1
    )


# Assemblers


def expected_hearts(marks: tuple[int, ...], held: dict[str, list[int]], hands: int) -> list[int]:
    """What the page says, for agent 2 using the assembler: hearts of each of the three agents."""
    total = {name: sum(amounts) for name, amounts in held.items()}
    is_one = {mark: marks.count(mark) == 1 for mark in (1, 2, 3)}
    is_pair = is_one[1] and is_one[2] and total["carbon"] >= 1 and total["oxygen"] >= 1
    if hands == 3 and is_pair and is_one[3] and total["circuit"] >= 1:
        return [4 if mark in (1, 2, 3) else 0 for mark in marks]
    if hands >= 2 and is_pair:
        return [2 if mark in (1, 2) else 0 for mark in marks]
    return [0, 0, 1 if held["carbon"][2] >= 2 else 0]


@pytest.mark.parametrize("hands", [1, 2, 3])
@pytest.mark.parametrize("marks", list(product(range(4), repeat=3)))
def test_what_is_made_depends_on_hands_marks_and_inputs(hands, marks):
    for held in (
        {"carbon": [0, 1, 0], "oxygen": [1, 0, 0], "circuit": [0, 0, 0]},
        {"carbon": [0, 0, 2], "oxygen": [0, 1, 0], "circuit": [1, 0, 0]},
        {"carbon": [1, 0, 2], "oxygen": [0, 0, 0], "circuit": [1, 0, 0]},
    ):
        play = Play(game_on(THREE_AROUND, hands=hands, starts={"mark": list(marks)} | held))
        play.do("noop", "noop", "use")
        expected = expected_hearts(marks, held, hands)
        assert [play.has("heart", agent) for agent in range(3)] == expected
        assert [play.reward(agent) for agent in range(3)] == expected
        spent = {name: sum(held[name]) - sum(play.has(name, i) for i in range(3)) for name in held}
        prices = {0: (0, 0, 0), 1: (2, 0, 0), 4: (1, 1, 0), 12: (1, 1, 1)}
        assert tuple(spent.values()) == prices[sum(expected)]
        assert play.sees(2)[-1, 0].get("cooldown", 0) == (10 if sum(expected) else 0)


def test_hands_may_stand_at_corners_but_no_farther():
    starts = {"mark": [1, 2], "carbon": [1, 0], "oxygen": [0, 1]}
    near = Play(game_on("@..\n.a.\n.@.", starts=starts)).do("noop", "use")
    assert (near.has("heart", 0), near.has("heart", 1)) == (2, 2)
    far = Play(game_on("@...\n..a.\n..@.", starts=starts)).do("noop", "use")
    assert (far.has("heart", 0), far.has("heart", 1)) == (0, 0)


def test_one_too_many_with_a_mark_stops_the_work_until_it_takes_another():
    starts = {"mark": [1, 1, 2], "carbon": [1], "oxygen": [1]}
    play = Play(game_on(THREE_AROUND, starts=starts)).do("noop", "noop", "use")
    assert [play.has("heart", agent) for agent in range(3)] == [0, 0, 0]
    play.do("mark_0").do("noop", "noop", "use")
    assert [play.has("heart", agent) for agent in range(3)] == [0, 2, 2]


def test_one_hand_needs_two_carbon_and_the_assembler_rests():
    play = at_station("a", starts={"carbon": [5]}).do("use")
    assert (items(play), play.reward()) == ({"carbon": 3, "heart": 1}, 1.0)
    assert items(play.do("use", times=9)) == {"carbon": 3, "heart": 1}
    assert items(play.do("use")) == {"carbon": 1, "heart": 2}
    assert items(play.do("use", times=30)) == {"carbon": 1, "heart": 2}


def test_assemblers_can_wear_out():
    play = at_station("a", {"assembler_uses": 2, "assembler_cooldown": 1}, starts={"carbon": [5]})
    assert play.do("use").kind_at(0, 0) == "assembler"
    assert play.do("use").do().kind_at(0, 0) == "empty"


def test_a_jammed_assembler_is_repaired_by_three_uses():
    play = at_station("a", {"jam_chance": 1.0}, starts={"carbon": [2]}).do(times=100)
    assert play.sees()[-1, 0]["jammed"] == 3
    assert items(play.do("use", times=3)) == {"carbon": 2}
    assert play.count("repair") == 3
    assert items(play.do("use")) == {"heart": 1}
    assert "jammed" not in at_station("a").do(times=100).sees()[-1, 0]


# Stores


def test_a_chest_keeps_carbon_and_oxygen_for_the_team():
    two = game_on("t.t\n@.@", starts={"carbon": [5, 0], "oxygen": [1, 0], "circuit": [1, 0]})
    play = Play(two).do("use")
    assert (items(play, 0), stored(play, "carbon"), stored(play, "oxygen")) == ({"circuit": 1}, 5, 1)
    assert items(play.do("noop", "use"), 1) == {"carbon": 2, "oxygen": 1}
    assert (stored(play, "carbon", 1), stored(play, "oxygen", 1)) == (3, 0)


def test_teams_have_stores_of_their_own():
    starts = {"carbon": [5, 0], "team": [1, 2]}
    play = Play(game_on("t.t\n@.@", starts=starts)).do("use").do("noop", "use")
    assert (items(play, 1), stored(play, "carbon", 0), stored(play, "carbon", 1)) == ({}, 5, 0)


def test_the_store_has_a_cap():
    play = at_station("t", {"store_cap": 4}, starts={"carbon": [5]}).do("use")
    assert (items(play), stored(play, "carbon")) == ({"carbon": 1}, 4)


def test_one_hand_may_work_from_the_store():
    play = Play(game_on("t.a\n@.@", starts={"carbon": [5, 0]})).do("use").do("noop", "use")
    assert (items(play, 1), stored(play, "carbon")) == ({"heart": 1}, 3)


# Energy, fields and flares


def test_moves_cost_energy_and_chargers_give_it():
    play = at_station("e", starts={"energy": [2]})
    assert play.do("move_north").do("move_north").has("energy") == 0
    assert not play.can("move_north")
    assert play.do("use").has("energy") == 50
    assert play.do("use", times=9).has("energy") == 50
    assert play.do("use").has("energy") == 100


def test_energy_comes_back_slowly_and_can_be_given():
    assert (
        at_station("#", {"regeneration_period": 4}, starts={"energy": [10]}).do(times=8).has("energy") == 12
    )
    play = Play(game_on("@\n@", starts={"energy": [90, 50]})).do("noop", "give_energy")
    assert (play.has("energy", 0), play.has("energy", 1), play.count("give.energy", 1)) == (100, 40, 1)


@pytest.mark.parametrize(("team", "distance", "gain"), [(1, 1, 5), (1, 3, 5), (1, 4, 0), (2, 1, 0)])
def test_a_beacon_restores_its_own_team_around_it(team, distance, gain):
    text = "1" + "." * (distance - 1) + "@"
    play = Play(game_on(text, starts={"team": [team], "energy": [10]})).do(times=5)
    assert play.has("energy") == 10 + gain


@pytest.mark.parametrize(("team", "left"), [(1, 100), (2, 70)])
def test_flares_come_announced_and_spare_who_is_in_its_own_field(team, left):
    play = Play(game_on("1@", {"flare_period": 20}, starts={"team": [team]}))
    assert play.told()["world:flare"] == 20
    assert play.do(times=19).told()["world:flare"] == 1
    assert play.has("energy") == 100
    assert (play.do().has("energy"), play.told()["world:flare"]) == (left, 20)
    assert play.count("flare.suffered") == (left < 100)


# Rewards, numbers, page


def test_only_shaped_games_pay_on_the_way():
    for station, starts, pay in (
        ("c", {}, 0.05),
        ("o", {}, 0.05),
        ("s", {}, 0.05),
        ("f", {"carbon": [1], "silicon": [1]}, 0.2),
        ("a", {"carbon": [2]}, 1.0),
    ):
        shaped = at_station(station, shaped=True, starts=starts).do("use").reward()
        plain = at_station(station, starts=starts).do("use").reward()
        assert (shaped, plain) == (pytest.approx(pay), 1.0 if station == "a" else 0.0)


def test_hearts_of_several_hands_are_counted():
    starts = {"mark": [1, 2, 3], "carbon": [1], "oxygen": [1], "circuit": [1]}
    play = Play(game_on(THREE_AROUND, starts=starts)).do("noop", "noop", "use")
    assert [play.count("assembled.3_hands", i) for i in range(3)] == [1, 1, 1]
    assert [play.count("heart.gained", i) for i in range(3)] == [4, 4, 4]
    assert play.told()["own:heart"] > 0
    assert play.told()["world:hands"] == 3


def test_recipes_are_for_one_to_three_hands():
    with pytest.raises(ValueError, match="hands: recipes are for 1, 2 or 3 hands, not 4"):
        make_assembly_lines(hands=4)


def test_agents_begin_with_marks_and_teams_in_turn():
    play = Play(make_assembly_lines(num_agents=12))
    pairs = {(play.has("team", agent), play.has("mark", agent)) for agent in range(12)}
    assert pairs == set(product((1, 2), (1, 2, 3)))


def test_the_page_tells_numbers_stations_and_verbs():
    rows = [
        f"| `{name}` | {field.default} | {field.description} |"
        for name, field in AssemblyNumbers.model_fields.items()
    ]
    rows += [f"| `{name}` |" for name in ("noop", *make_assembly_lines().verbs)]
    rows += [f"| `{name}` | {count} |" for name, count in STATIONS.items()]
    missing = [row for row in rows if row not in PAGE]
    assert not missing, "docs/games/assembly_lines.md needs these rows:\n" + "\n".join(missing)
