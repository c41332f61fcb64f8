"""Things without a place: the world, and what a group shares. Rules of every step are theirs, too."""

from typing import Any

import pytest

from mettagrid.config.things import ObjectKind, Variable
from mettagrid.rules import (
    Add,
    AtLeast,
    AtMost,
    Chance,
    Compare,
    Convert,
    Count,
    Every,
    HasRoom,
    Move,
    Not,
    Rule,
    Set,
    Take,
    Trait,
    Var,
)
from tests.mettagrid.play import Play
from tests.mettagrid.rules.drawn_games import game, holds, use

VARIABLES = {
    "energy": Variable(cap=50, initial=10, counted=True, shown="all"),
    "ore": Variable(cap=5, shown="self"),
    "team": Variable(cap=9),
    "frozen": Variable(countdown=True),
    "season": Variable(cap=300, shown="all", agents=False),
    "secret": Variable(cap=9, agents=False),
}
SOCIETY: dict[str, Any] = {
    "variables": VARIABLES,
    "world": ObjectKind(has={"season": 30, "energy": 3, "secret": 4}, caps={"energy": 5}),
    "group": ObjectKind(has={"energy": 20, "ore": 2}, caps={"energy": 22, "ore": 9}),
    "num_groups": 2,
    "group_variable": "team",
}
NUM_AGENTS = 4  # then comes the world, then the groups
WORLD, RED, BLUE = NUM_AGENTS, NUM_AGENTS + 1, NUM_AGENTS + 2


def teams(*rules: Rule, **fields: Any) -> Play:
    """Agents 0 and 1 are in group 1, agent 2 in group 2, agent 3 in none."""
    parts = SOCIETY | {"starts": {"team": [1, 1, 2, 0]}} | fields
    return Play(game("@@@@", list(rules), **parts))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (AtLeast("season", 30, of="world"), True),
        (AtLeast("season", 31, of="world"), False),
        (AtMost("season", 29, of="world"), False),
        (HasRoom("energy", 2, of="world"), True),
        (HasRoom("energy", 3, of="world"), False),
        (AtLeast("energy", Var("energy", of="world")), True),
        (AtLeast("energy", Var("season", of="world")), False),
        (AtLeast("energy", 20, of="group"), True),
        (AtLeast("energy", 21, of="group"), False),
        (HasRoom("energy", 2, of="group"), True),
        (HasRoom("energy", 3, of="group"), False),
        (Compare(Var("energy", of="group"), 20), True),
        (Compare(Var("season", of="world"), Var("energy", of="group")), True),
        (Compare(Var("energy", of="group"), Var("season", of="world")), False),
        (Not(AtLeast("energy", 20, of="group")), False),
    ],
)
def test_filters_look_at_the_world_and_at_the_actors_group(condition, expected):
    assert holds(condition, **SOCIETY, starts={"team": [2, 1]}) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (AtLeast("energy", 1, of="group"), False),
        (AtMost("energy", 0, of="group"), True),
        (HasRoom("energy", 0, of="group"), False),
        (Compare(Var("energy", of="group"), 1), False),
    ],
)
@pytest.mark.parametrize("team", [0, 3, 9])
def test_who_is_in_no_group_finds_nothing_there(condition, expected, team):
    assert holds(condition, **SOCIETY, starts={"team": [1, team]}) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (Trait("strength"), 1, True),
        (Trait("strength"), 2, False),
        (3, Var("energy"), False),
        (10, Var("energy"), True),
        (Var("energy"), Var("energy", "target"), False),
        (Var("energy", "target"), Var("energy"), True),
        (Var("energy"), Trait("strength", "target"), True),
        (-1, 0, False),
    ],
)
def test_compare(left, right, expected):
    assert holds(Compare(left, right), starts={"energy": [20, 10]}) is expected
    assert holds(Not(Compare(left, right)), starts={"energy": [20, 10]}) is not expected


def test_chance_of_a_variable_is_in_percent():
    """Rain falls with the percentage that the world has; 100 is always, 0 never."""
    rules = [
        Rule(on="step", target="agent", when=[Chance(Var("season", of="world"))], then=[Count("wet")]),
        Rule(on="step", target="agent", when=[Chance(Var("ore"))], then=[Count("never")]),
        Rule(on="step", target="agent", when=[Chance(Trait("strength"))], then=[Count("rare")]),
    ]
    play = teams(*rules, max_steps=10_000).do(times=500)
    wet, never, rare = (
        sum(play.count(name, agent) for agent in range(NUM_AGENTS)) for name in ("wet", "never", "rare")
    )
    assert 510 < wet < 690  # 2000 draws of 30%: four standard deviations are 82
    assert never == 0
    assert 2 < rare < 40  # of 1%
    always = SOCIETY | {"world": ObjectKind(has={"season": 100})}
    assert holds(Chance(Var("season", of="world")), **always)


def test_effects_on_the_world_stay_within_its_own_caps():
    rule = Rule(
        on="do", then=[Add("energy", 9, "world"), Take("secret", 1, "world"), Set("season", 7, "world")]
    )
    play = teams(rule).do("do")
    assert [play.has(name, WORLD) for name in ("energy", "secret", "season")] == [5, 3, 7]
    assert play.has("energy") == 10
    assert play.count("energy.gained") == 0, "what the world gains is no agent's gain"


def test_effects_on_a_group_are_for_that_of_the_actor_alone():
    play = teams(Rule(on="do", then=[Take("energy", 3, "group")]))
    play.do("do", "do", "do", "do")
    assert (play.has("energy", RED), play.has("energy", BLUE)) == (14, 17)
    assert [play.has("energy", agent) for agent in range(4)] == [10] * 4


def test_convert_of_a_group():
    play = teams(Rule(on="do", then=[Convert({"ore": 2}, {"energy": 2}, of="group")]))
    play.do("do", "noop", "noop", "do")
    assert (play.has("energy", RED), play.has("ore", RED)) == (22, 0)
    assert (play.count("action.do.success", 0), play.count("action.do.success", 3)) == (1, 0)
    assert play.do("noop", "do").count("action.do.failed", 1) == 1, "its mate spent the price"


@pytest.mark.parametrize(
    ("effect", "agent", "shared"),
    [
        (Move("energy", 1, to="group"), 9, 21),
        (Move("energy", to="group"), 8, 22),  # there is no more room
        (Move("energy", 4, "group"), 14, 16),
        (Move("energy", giver="group"), 30, 0),
        (Move("ore", giver="group"), 10, 20),
    ],
)
def test_move_shares_with_the_group(effect, agent, shared):
    play = teams(Rule(on="do", then=[effect])).do("do")
    assert (play.has("energy", 0), play.has("energy", RED)) == (agent, shared)
    assert play.has("energy", BLUE) == 20
    assert play.count("energy.lost") == max(0, 10 - agent)
    assert play.count("energy.gained") == max(0, agent - 10)


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        (Move("energy", 2, "world"), {"actor": 12, "target": 10, "world": 1}),
        (Move("energy", 2, "world", "target"), {"actor": 10, "target": 12, "world": 1}),
        (Move("energy", 1, "target", "world"), {"actor": 10, "target": 9, "world": 4}),
        (Move("energy", 3, "target", "group"), {"actor": 10, "target": 8, "group": 22}),
        (Move("energy", 3, "group", "target"), {"actor": 10, "target": 13, "group": 17}),
        (Move("energy", 9, "group", "world"), {"actor": 10, "world": 5, "group": 18}),
    ],
)
def test_move_hands_over_between_any_two(effect, expected):
    play = use("@\n@", effect, target="agent", **SOCIETY, starts={"team": [2, 1]})
    places = {"actor": 1, "target": 0, "world": 2, "group": 3}
    assert {who: play.has("energy", places[who]) for who in expected} == expected


def test_who_is_in_no_group_shares_nothing():
    play = teams(Rule(on="do", then=[Move("energy", to="group"), Move("energy", 5, "group")]))
    play.do("noop", "noop", "noop", "do")
    assert [play.has("energy", thing) for thing in (3, RED, BLUE)] == [10, 20, 20]


def test_a_change_of_group_changes_what_is_shared():
    play = teams(Rule(on="do", then=[Set("team", 2), Move("energy", 2, to="group")])).do("do")
    assert (play.has("energy", RED), play.has("energy", BLUE)) == (20, 22)
    assert play.told(0)["group:energy"] == 22


def test_the_world_and_groups_have_rules_of_every_step():
    rules = [
        Rule(on="step", target="world", when=[Every(3)], then=[Add("season", 10, "world")]),
        Rule(on="step", target="world", when=[AtLeast("season", 50)], then=[Set("season", 0)]),
        Rule(on="step", target="group", then=[Take("energy")]),
        Rule(on="step", target="agent", when=[AtLeast("season", 40, of="world")], then=[Take("energy")]),
    ]
    play = teams(*rules)
    assert [play.do().has("season", WORLD) for _ in range(6)] == [30, 30, 40, 40, 40, 0]
    assert (play.has("energy", RED), play.has("energy", BLUE)) == (14, 14)
    assert play.has("energy", 0) == 10 - 3, "agents come first: they felt season 40 in steps 4 to 6"


def test_what_the_world_and_the_group_show_is_told_to_all():
    play = teams()
    told = play.told(0)
    assert (told["world:season"], told["world:energy"]) == (15, 3), (
        "300 does not fit a byte: halves are shown"
    )
    assert "world:secret" not in play.spec.feature_names
    assert [play.told(agent).get("group:energy") for agent in range(4)] == [20, 20, 20, None]
    assert told["group:ore"] == 2
    assert "kind:world" not in play.spec.feature_names and not any(
        "kind:group" in c for c in play.sees().values()
    )


def test_the_world_begins_anew_with_every_episode():
    play = teams(Rule(on="do", then=[Set("season", 1, "world"), Set("energy", 1, "group")]), max_steps=2)
    play.do("do", times=2)
    assert (play.has("season", WORLD), play.has("energy", RED)) == (30, 20)
