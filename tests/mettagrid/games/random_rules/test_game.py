from dataclasses import replace

import numpy as np
import pytest

from mettagrid.compile import compile_game
from mettagrid.games.random_rules import (
    Production,
    RuleSet,
    draw_rule_set,
    find_plan,
    make_game,
    make_random_rules,
)
from mettagrid.maps import AsciiMap
from tests.mettagrid.games.random_rules.walker import Walker
from tests.mettagrid.play import Play

LEGEND = {"a": "altar", **{str(number): f"station_{number}" for number in range(1, 9)}}


@pytest.mark.parametrize("difficulty", range(1, 11))
def test_plans_earn_hearts_in_the_engine(difficulty):
    for seed in range(25):
        rules = draw_rule_set(seed, difficulty, num_agents=2)
        walker = Walker(make_random_rules(seed, difficulty, num_agents=2), map_seed=seed)
        walker.follow(find_plan(rules, num_agents=2))
        assert walker.has("heart") == 1, f"seed {seed}\n{rules.describe()}"


def test_all_games_have_the_same_names_and_the_same_form():
    """So that one policy can play all of them."""
    first = compile_game(make_random_rules(0, 1))
    shapes = {name: np.shape(table) for name, table in first.tables.items()}
    for seed, difficulty in [(1, 1), (2, 4), (3, 7), (4, 10)]:
        other = compile_game(make_random_rules(seed, difficulty))
        assert other.spec == first.spec
        assert {name: np.shape(table) for name, table in other.tables.items()} == shapes
    assert compile_game(make_random_rules(0, 1, shaped=True)).spec == first.spec


@pytest.mark.parametrize("shaped", [False, True])
def test_games_of_a_difficulty_differ_only_where_the_core_can_draw_anew(shaped):
    """Variables and amounts of filters and effects, caps and first values; the map is the same."""
    columns = {"filters": {2, 4}, "effects": {2, 4}}
    first = make_random_rules(0, 9, shaped=shaped)
    tables = compile_game(first).tables
    different = set()
    for seed in range(1, 20):
        other = make_random_rules(seed, 9, shaped=shaped)
        assert other.map == first.map
        for name, table in compile_game(other).tables.items():
            if (table != tables[name]).any():
                different.add(name)
                changed = set(np.nonzero(table != tables[name])[1].tolist())
                assert changed <= columns.get(name, changed), name
    assert different == {"filters", "effects", "profile_cap", "profile_initial"}


def test_shaping_pays_half_a_heart_on_the_way():
    rules = draw_rule_set(2, 4)
    plan = find_plan(rules)
    uses = [step.station for step in plan if step.verb == "use"]
    game = make_game(rules, 1, shaped=True)
    paid = {rule.target: rule.then[-2].amount for rule in game.rules if rule.on == "use"}
    assert sum(paid[station] for station in uses) == pytest.approx(1.5, abs=0.01)
    assert all(paid[station] == 0 for station in paid if station not in uses)


def played(text: str, *productions: Production, goal=(("item_a", 1),), **rules) -> Play:
    """Stations on a drawn map; agents look north."""
    drawn = RuleSet(Production("altar", goal, "heart"), productions, **rules)
    game = make_game(drawn, num_agents=text.count("@"))
    changes = {"map": AsciiMap(text=text, legend=LEGEND), "shuffle_spawns": False}
    return Play(game.override_all(changes))


SOURCE = Production("station_1", (), "item_a")


def test_a_station_takes_and_gives_and_rests():
    works = Production("station_1", (), "item_a", amount=2, cooldown=4)
    play = played("1\n@", works).do("use")
    assert play.has("item_a") == 2
    assert play.do("noop", times=2).do("use").has("item_a") == 2  # rests; and there is no room for two more
    eats = Production("station_1", (("item_a", 2),), cooldown=0)
    play = played("1\n@\n2", eats, replace(SOURCE, station="station_2"))
    play.do("move_south").do("use", times=2).do("move_north").do("use")
    assert play.has("item_a") == 0
    assert play.count("action.use.success") == 3


def test_the_altar_pays_a_heart():
    play = played("1\n@\na", SOURCE).do("move_south").do("use")
    assert play.has("heart") == 0
    play.do("move_north").do("use").do("move_south").do("use")
    assert (play.has("heart"), play.reward(), play.has("item_a")) == (1, 1.0, 0)


def test_a_mark_must_be_shown():
    play = played("1\n@", replace(SOURCE, mark=2))
    assert play.do("use").do("mark_3").do("use").has("item_a") == 0
    assert play.do("mark_2").do("use").has("item_a") == 1


def test_what_is_closed_must_be_broken_open_for_everybody():
    play = played("1\n@", replace(SOURCE, hits=2))
    assert play.do("use").do("attack").do("use").has("item_a") == 0
    assert play.do("attack").do("use").has("item_a") == 1
    assert play.do("attack").count("action.attack.failed") == 1


def test_what_is_jammed_must_be_pushed():
    play = played(".\n1\n@", replace(SOURCE, is_jammed=True))
    assert play.do("use").has("item_a") == 0
    assert play.do("move_north").place() == (1, 0)
    assert play.kind_at(0, 0) == "station_1"
    assert play.do("use").has("item_a") == 1
    assert play.do("move_north").place() == (1, 0)  # only once
    blocked = played("1\n@", replace(SOURCE, is_jammed=True)).do("move_north")
    assert (blocked.place(), blocked.do("use").has("item_a")) == ((1, 0), 1)


def test_company_must_stand_around():
    near, far = "1..\n@..\n..@", "1...\n@...\n....\n...@"
    assert played(near, replace(SOURCE, people=2)).do("use").has("item_a") == 1
    assert played(far, replace(SOURCE, people=2)).do("use").has("item_a") == 0


def test_a_stock_runs_out_and_comes_back():
    play = played("1\n@", replace(SOURCE, stock=1))
    assert play.do("use", times=2).has("item_a") == 1
    assert play.do("noop", times=25).do("use").has("item_a") == 2


def test_what_is_kept_too_long_is_lost():
    play = played("1\n@", SOURCE, perishable="item_a", lasts=2).do("use")
    assert play.do("noop", times=39).has("item_a") == 1
    assert play.do("noop").has("item_a") == 0
    lasting = played("1\n@", SOURCE, perishable="item_b", lasts=2).do("use")
    assert lasting.do("noop", times=100).has("item_a") == 1


def test_rules_are_told_in_words():
    rules = RuleSet(
        Production("altar", (("item_b", 2),), "heart"),
        (
            Production("station_1", (), "item_b", cooldown=3, mark=1),
            Production("station_2", (("item_b", 1),)),
        ),
        perishable="item_b",
        lasts=3,
    )
    assert rules.describe().splitlines() == [
        "altar turns 2 item_b into 1 heart.",
        "station_1 gives 1 item_b; its user must show mark 1; it rests 3 steps after a use.",
        "station_2 turns 1 item_b into nothing.",
        "item_b is lost when it is kept for more than 3 steps of a plan.",
    ]
