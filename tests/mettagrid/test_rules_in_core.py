"""Every filter and every effect does in the core what its description says."""

from typing import Any

import pytest

from mettagrid.config.game import GameConfig
from mettagrid.config.things import Body, ObjectKind, Variable, View
from mettagrid.config.verb import Ahead, Choice, Verb, directions
from mettagrid.maps import AsciiMap
from mettagrid.rules import (
    EFFECTS,
    FILTERS,
    Add,
    Argument,
    AtLeast,
    AtMost,
    Become,
    Chance,
    ChangeBody,
    Convert,
    Count,
    Every,
    Filter,
    Freeze,
    HasRoom,
    Move,
    Nearby,
    Not,
    Push,
    Remove,
    Reward,
    Rule,
    Same,
    Set,
    Spawn,
    Step,
    Swap,
    Take,
    Trait,
    Var,
)
from tests.mettagrid.play import Play

LEGEND = {"m": "mine", "b": "box"}
VERBS = {"use": Verb(aim=Ahead()), "do": Verb(), "move": Verb(choices=directions(aimed=True))}


def game(text: str, rules: list[Rule], **fields: Any) -> GameConfig:
    """Agents look north unless `starts` turn them. They `use` the cell ahead, `do` something, or `move`."""
    parts: dict[str, Any] = {
        "variables": {
            "energy": Variable(cap=50, initial=10, shown="self", counted=True),
            "ore": Variable(cap=5, counted=True),
            "team": Variable(cap=3),
            "frozen": Variable(countdown=True),
        },
        "bodies": {"small": Body(traits={"strength": 1}), "big": Body(share=0, traits={"strength": 3})},
        "verbs": VERBS,
        "objects": {
            "wall": ObjectKind(),
            "mine": ObjectKind(has={"ore": 3, "energy": 7}, caps={"ore": 9}, traits={"strength": 4}),
            "box": ObjectKind(has={"ore": 1}),
        },
        "requires": [AtMost("frozen", 0)],
    }
    return GameConfig(
        **parts | fields,
        num_agents=text.count("@"),
        shuffle_spawns=False,
        map=AsciiMap(text=text, legend=LEGEND),
        rules=[*rules, Rule(on="move", target="empty", then=[Step()])],
    )


def holds(condition: Filter, **fields: Any) -> bool:
    """Whether a rule of agent 1 runs that uses agent 0, north of it, and has this filter."""
    rule = Rule(on="use", target="agent", when=[condition], then=[Count("ran")])
    return Play(game("@\n@", [rule], **fields)).do("noop", "use").count("ran", 1) == 1


def do(text: str, *then: Any, steps: int = 1, **fields: Any) -> Play:
    """Agent 0 does these effects to itself."""
    return Play(game(text, [Rule(on="do", then=list(then))], **fields)).do("do", times=steps)


def use(text: str, *then: Any, target: str = "mine", steps: int = 1, **fields: Any) -> Play:
    """The agent that stands last in the drawing does these effects to what is north of it."""
    play = Play(game(text, [Rule(on="use", target=target, then=list(then))], **fields))
    return play.do(*["noop"] * (text.count("@") - 1), "use", times=steps)


# Filters


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


# Effects on variables


def test_add_stops_at_the_cap_and_take_at_zero():
    assert do("@", Add("energy", 100)).has("energy") == 50
    assert do("@", Take("energy", 4)).has("energy") == 6
    play = do("@", Take("energy", 100))
    assert (play.has("energy"), play.count("energy.lost")) == (0, 10)
    assert do("@", Take("energy", "all")).has("energy") == 0
    assert use("m\n@", Add("ore", 100, "target")).has("ore", 1) == 9, "the mine's own cap"
    assert do("@", Add("energy", Var("energy"))).has("energy") == 20
    assert use("m\n@", Add("energy", Trait("strength", of="target"))).has("energy") == 14


def test_set_stays_within_the_cap_and_counts_as_neither_gain_nor_loss():
    play = do("@", Set("energy", 99), Set("ore", -3))
    assert (play.has("energy"), play.has("ore")) == (50, 0)
    assert (play.count("energy.gained"), play.count("energy.lost")) == (0, 0)


@pytest.mark.parametrize(
    ("effect", "giver", "receiver"),
    [
        (Move("energy", 4), 6, 24),
        (Move("energy"), 0, 30),
        (Move("energy", 4, "target"), 14, 16),
        (Move("energy", giver="target"), 30, 0),
        (Move("energy", Var("ore", of="target")), 7, 23),
        (Move("energy", -4), 10, 20),
    ],
)
def test_move_hands_over(effect, giver, receiver):
    play = use("@\n@", effect, target="agent", starts={"energy": [20, 10], "ore": [3, 0]})
    assert (play.has("energy", 1), play.has("energy", 0)) == (giver, receiver)
    assert play.count("energy.lost", 1) + play.count("energy.gained", 1) == abs(giver - 10)


def test_move_gives_no_more_than_there_is_room_for():
    play = use("@\n@", Move("energy"), target="agent", starts={"energy": [45, 10]})
    assert (play.has("energy", 1), play.has("energy", 0)) == (5, 50)
    play = use("m\n@", Move("ore", giver="target"), starts={"ore": [4]})
    assert (play.has("ore", 0), play.has("ore", 1)) == (5, 2)


def test_convert_takes_and_gives_or_does_nothing():
    recipe = Convert({"ore": 2, "energy": 1}, {"energy": 30})
    play = do("@", recipe, starts={"ore": [3]})
    assert (play.has("ore"), play.has("energy")) == (1, 39)
    play.do("do")
    assert (play.has("ore"), play.has("energy"), play.count("action.do.failed")) == (1, 39, 1)
    full = do("@", recipe, starts={"ore": [2], "energy": [22]})  # one is paid, so 29 must fit: 51
    assert (full.has("ore"), full.has("energy"), full.count("action.do.failed")) == (2, 22, 1)
    assert do("@", recipe, starts={"ore": [2], "energy": [21]}).has("energy") == 50


def test_freeze_stops_verbs_that_ask_for_it():
    play = use("@\n@", Freeze(3), target="agent")
    acted = [play.can("do") or play.do().can("do") for _ in range(3)]
    assert (acted, play.has("frozen", 0)) == ([False, False, True], 0)
    assert play.can("noop")


def test_argument_is_the_number_of_the_action():
    verbs = VERBS | {"use": Verb(choices=[Choice("low", 2), Choice("high", 40)])}
    play = Play(game("@", [Rule(on="use", then=[Set("energy", Argument())])], verbs=verbs))
    assert play.do("use_high").has("energy") == 40
    assert play.do("use_low").has("energy") == 2


# Effects on places


def test_step_goes_to_the_empty_cell_ahead():
    play = use(".\n@", Step(), target="empty")
    assert play.place() == (0, 0)
    assert use("@.", Step(), target="empty").place() == (0, 0), "there is no cell north of the map"


@pytest.mark.parametrize("target", ["agent", "box"])
def test_swap_changes_places(target):
    text = "@\n@" if target == "agent" else "b\n@"
    play = use(text, Swap(), target=target)
    actor = text.count("@") - 1
    assert play.place(actor) == (0, 0)
    assert play.kind_at(1, 0) == target


def test_push_moves_the_target_and_the_actor_follows():
    play = use(".\nb\n@", Push(), target="box")
    assert (play.kind_at(0, 0), play.place(), play.kind_at(2, 0)) == ("box", (1, 0), "empty")
    for blocked in ("b\n@", "m\nb\n@", "@\nb\n@"):
        before = use(blocked, target="box")
        after = use(blocked, Push(), target="box")
        assert after.env.world(0).cells.tolist() == before.env.world(0).cells.tolist()


def test_remove_takes_an_object_away():
    play = use("m\n@", Remove())
    assert play.kind_at(0, 0) == "empty"
    assert (-1, 0) not in play.sees()
    assert play.do("move_north").place() == (0, 0)


def test_remove_ends_an_agents_life():
    play = use("@\n@", Remove(), target="agent", max_steps=3)
    assert play.env.terminated.tolist() == [True, False]
    assert play.env.alive.tolist() == [False, True]
    assert (play.kind_at(0, 0), play.sees(0), play.told(0)) == ("empty", {}, {})
    assert play.env.action_mask[0].tolist() == [True] + [False] * (len(play.spec.action_names) - 1)
    assert play.do(times=2).env.alive.all(), "it is there again in the next episode"


def test_the_rule_goes_on_after_its_actor_is_gone():
    play = use(
        "@\n@", Remove("actor"), Move("energy"), Reward(1.0), Set("energy", 3, "target"), target="agent"
    )
    assert play.env.alive.tolist() == [True, False]
    assert (play.has("energy", 0), play.reward(1)) == (3, 0.0)


def test_spawn_puts_an_object_on_the_empty_cell():
    play = use(".\n@", Spawn("mine"), target="empty")
    assert (play.kind_at(0, 0), play.has("ore", play.at(0, 0))) == ("mine", 3)
    assert "kind:mine" in play.sees()[-1, 0]


def test_spawn_needs_an_object_to_spare():
    rules = [Rule(on="move", target="empty", then=[Spawn("box")])]
    play = Play(game("...\n.@.\n...", rules, spare_objects=2))
    for direction in ("north", "east", "south", "west"):
        play.do(f"move_{direction}")
    around = [play.kind_at(*cell) for cell in ((0, 1), (1, 2), (2, 1), (1, 0))]
    assert around == ["box", "box", "empty", "empty"]


def test_what_is_removed_makes_room_for_what_is_spawned():
    rules = [
        Rule(on="use", target="empty", then=[Spawn("box")]),
        Rule(on="use", target="box", then=[Remove()]),
    ]
    play = Play(game(".\n@", rules, spare_objects=1))
    assert [play.do("use").kind_at(0, 0) for _ in range(6)] == ["box", "empty"] * 3


def test_become_turns_an_object_into_another():
    play = use("b\n@", Become("mine"), target="box")
    assert (play.kind_at(0, 0), play.has("ore", 1), play.has("energy", 1)) == ("mine", 3, 7)
    rule = Rule(on="step", target="box", when=[Every(3)], then=[Become("mine", "actor")])
    play = Play(game("b\n@", [rule]))
    assert [play.do().kind_at(0, 0) for _ in range(3)] == ["box", "box", "mine"]


# Rewards, statistics, bodies


def test_reward_pays_the_actor_or_the_target():
    play = use("@\n@", Reward(0.25), Reward(-0.5, "target"), target="agent")
    assert (play.reward(1), play.reward(0)) == (0.25, -0.5)
    assert (play.told(1)["reward"], play.told(0)["penalty"]) == (25, 50)
    assert use("m\n@", Reward(1.0, "target")).reward() == 0.0, "objects receive nothing"


def test_rewards_of_a_step_add_up():
    rules = [
        Rule(on="step", target="agent", then=[Reward(0.125)]),
        Rule(on="do", then=[Reward(0.5), Reward(0.5)]),
    ]
    assert Play(game("@", rules)).do("do").reward() == 1.125


def test_count_adds_to_a_statistic():
    play = use("@\n@", Count("hits", 3), Count("hurts", Var("energy"), "target"), target="agent", steps=2)
    assert (play.count("hits", 1), play.count("hurts", 0), play.count("hits", 0)) == (6, 20, 0)


def test_change_body_changes_caps_sight_prices_and_traits():
    bodies = {
        "small": Body(traits={"strength": 1}),
        "big": Body(share=0, caps={"energy": 5}, radius=1, traits={"strength": 3}, prices={"use": 4}),
    }
    rules = [
        Rule(on="do", then=[ChangeBody("big")]),
        Rule(on="use", target="mine", then=[Add("ore", Trait("strength"))]),
    ]
    verbs = VERBS | {"use": Verb(aim=Ahead(), pays="energy")}
    play = Play(game("m..\n@.b", rules, bodies=bodies, verbs=verbs))
    assert play.do("use").has("ore") == 1
    assert (0, 2) in play.sees()
    play.do("do")
    assert (play.has("energy"), (0, 2) in play.sees()) == (5, False), "what no longer fits is lost"
    assert (play.do("use").has("ore"), play.has("energy")) == (4, 1)


def test_all_words_are_played_above():
    """A new word needs a test here."""
    with open(__file__) as source:
        tests = source.read().split("# Filters\n", 1)[1]
    assert [word.__name__ for word in (*FILTERS, *EFFECTS) if f"{word.__name__}(" not in tests] == []


# Bodies and views


def test_bodies_differ_in_sight_prices_caps_and_first_values():
    bodies = {
        "small": Body(caps={"energy": 20}, prices={"do": 2}, radius=1, initial={"ore": 1}),
        "big": Body(prices={"do": 7}, radius=0),
    }
    verbs = VERBS | {"do": Verb(pays="energy", price=1)}
    objects = {"wall": ObjectKind(), "mine": ObjectKind(), "box": ObjectKind()}
    rules = [Rule(on="do", then=[Add("energy", 30)])]
    play = Play(game("@.m\n...\n@m.", rules, bodies=bodies, verbs=verbs, objects=objects))
    assert (play.has("ore", 0), play.has("ore", 1)) == (1, 0)
    assert (set(play.sees(0)), set(play.sees(1))) == ({(0, 0)}, {(0, 0)})
    play.do("do", "do")
    assert (play.has("energy", 0), play.has("energy", 1)) == (20, 10 - 7 + 30)
    poor = Play(game("@@", rules, bodies=bodies, verbs=verbs, objects=objects, starts={"energy": [6]}))
    assert (poor.can("do", 0), poor.can("do", 1)) == (True, False)


def turned_left(cell: tuple[int, int], quarters: int) -> tuple[int, int]:
    """(rows down, columns right) after quarter turns to the left."""
    for _ in range(quarters):
        cell = -cell[1], cell[0]
    return cell


@pytest.mark.parametrize("heading", range(4))
def test_a_view_that_turns_is_the_other_one_turned(heading):
    text = """
        m....b.
        .......
        ..b.m..
        ...@.@.
        .m.....
        .......
        ......b
    """
    starts = {"heading": [heading, 1]}
    north_up = Play(game(text, [], view=View(height=7, width=7), starts=starts)).sees()
    heading_up = Play(game(text, [], view=View(height=7, width=7, heading_up=True), starts=starts)).sees()
    expected = {}
    for cell, features in north_up.items():
        shown = dict(features)
        if "heading" in shown:
            shown["heading"] = (shown["heading"] - 1 - heading) % 4 + 1
        expected[turned_left(cell, heading)] = shown
    assert heading_up == expected


def test_progress_runs_over_the_episode():
    play = Play(game("@", [], max_steps=254))
    assert play.told()["progress"] == 1
    assert [play.do(times=100).told()["progress"] for _ in range(2)] == [101, 201]
    play.do(times=54)
    assert play.spec.feature_names[play.env.final_observations[0, 0, 1]] == "progress"
    assert play.env.final_observations[0, 0, 2] == 255
    assert play.told()["progress"] == 1, "the next episode has begun"
