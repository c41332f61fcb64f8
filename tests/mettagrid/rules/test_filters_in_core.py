"""Filters about oneself, the target and what stands around; which rules run."""

import pytest

from mettagrid.config.verb import Verb
from mettagrid.rules import (
    Add,
    AtLeast,
    AtMost,
    Chance,
    Count,
    Every,
    HasRoom,
    Nearby,
    Not,
    Rule,
    Same,
    Set,
    Trait,
    Var,
)
from tests.mettagrid.play import Play
from tests.mettagrid.rules.drawn_games import VERBS, game, holds


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (AtLeast("energy", 10), True),
        (AtLeast("energy", 11), False),
        (AtLeast("energy", 20, of="target"), True),
        (AtLeast("energy", 21, of="target"), False),
        (AtLeast("energy", Var("energy", of="target")), False),
        (AtLeast("energy", Trait("strength")), True),
        (AtMost("energy", 10), True),
        (AtMost("energy", 9), False),
        (AtMost("energy", 19, of="target"), False),
        (AtMost("energy", Var("energy", of="target")), True),
        (HasRoom("energy", 40), True),
        (HasRoom("energy", 41), False),
        (HasRoom("energy", 30, of="target"), True),
        (HasRoom("energy", 31, of="target"), False),
        (Same("team"), True),
        (Same("energy"), False),
        (Not(Same("energy")), True),
        (Not(AtLeast("energy", 10)), False),
        (Not(Not(AtLeast("energy", 10))), True),
        (Chance(1.0), True),
        (Chance(0.0), False),
        (Not(Chance(0.0)), True),
        (Every(1), True),
        (Nearby("agent"), True),
        (Nearby("agent", 2), False),
        (Nearby("mine", radius=5), False),
    ],
)
def test_filters(condition, expected):
    assert holds(condition, starts={"energy": [20, 10], "team": [2, 2]}) is expected


def test_chance_comes_as_often_as_it_says():
    rules = [
        Rule(on="step", target="agent", when=[Chance(p)], then=[Count(name)])
        for name, p in (("rare", 0.1), ("half", 0.5), ("often", 0.9))
    ]
    play = Play(game("@@@@", rules, max_steps=10_000)).do(times=500)
    counts = {name: sum(play.count(name, agent) for agent in range(4)) for name in ("rare", "half", "often")}
    assert 150 < counts["rare"] < 250  # 2000 draws: four standard deviations are at most 90
    assert 910 < counts["half"] < 1090
    assert 1750 < counts["often"] < 1850


def test_every_comes_once_a_period_at_its_phase():
    rule = Rule(on="step", target="agent", when=[Every(5, 2)], then=[Count("rang")])
    play = Play(game("@", [rule]))
    rang = [play.do().count("rang") for _ in range(12)]
    assert rang == [0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3], "at ticks 2, 7 and 12"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Nearby("box", 2), True),
        (Nearby("box", 3), False),
        (Nearby("box", 3, radius=2), True),
        (Nearby("box", 4, radius=2), False),
        (Nearby("any", 3), True),  # two boxes and a mine
        (Nearby("any", 4), False),
        (Nearby("any", 4, radius=2), True),
        (Nearby("mine", having="energy"), True),
        (Nearby("box", having="energy"), False),
        (Nearby("box", 2, having="ore"), True),
        (Nearby("agent", radius=15), False),  # who is in the middle does not count
        (Nearby("box", Trait("strength")), True),
    ],
)
def test_nearby_counts_what_stands_around(condition, expected):
    text = """
        .....
        .bm..
        ..@..
        ...b.
        b....
    """
    rule = Rule(on="do", when=[condition], then=[Count("ran")])
    assert Play(game(text, [rule])).do("do").count("ran") == expected


def test_nearby_looks_around_the_target_too():
    rule = Rule(on="use", target="box", when=[Nearby("mine", of="target")], then=[Count("ran")])
    assert Play(game("m\nb\n@", [rule])).do("use").count("ran") == 1
    assert Play(game("b\nm\n@\nb", [rule])).do("use").count("ran") == 0


def test_the_first_rule_whose_filters_all_hold_runs_alone():
    rules = [
        Rule(on="do", when=[AtLeast("energy"), AtLeast("ore")], then=[Count("first")]),
        Rule(on="do", when=[AtLeast("energy")], then=[Count("second")]),
        Rule(on="do", then=[Count("third")]),
    ]
    play = Play(game("@", rules)).do("do")
    assert [play.count(name) for name in ("first", "second", "third")] == [0, 1, 0]


def test_at_every_step_all_rules_that_hold_run_in_order():
    rules = [
        Rule(on="step", target=["agent", "mine"], then=[Add("ore")]),
        Rule(on="step", target=["agent", "mine"], when=[AtLeast("ore", 2)], then=[Set("ore", 0)]),
    ]
    play = Play(game("@m", rules))
    assert (play.do().has("ore"), play.has("ore", play.at(0, 1))) == (1, 0)
    assert (play.do().has("ore"), play.has("ore", play.at(0, 1))) == (0, 1)


def test_an_action_without_a_rule_that_holds_fails_but_is_paid():
    verbs = VERBS | {"do": Verb(pays="energy", price=2)}
    play = Play(game("@", [Rule(on="do", when=[AtLeast("ore")])], verbs=verbs)).do("do")
    assert (play.count("action.do.failed"), play.count("action.do.success"), play.has("energy")) == (1, 0, 8)


def test_a_rule_for_one_action_of_a_verb():
    rules = [Rule(on="move_east", target="empty", then=[Count("east")])]
    play = Play(game("...\n.@.\n...", rules)).do("move_east")
    assert (play.count("east"), play.place()) == (1, (1, 1))
    assert play.do("move_west").place() == (1, 0)
