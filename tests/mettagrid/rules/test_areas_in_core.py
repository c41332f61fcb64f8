"""What is done to all things around, and what they have together: Around, Total, Gather."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mettagrid.config.things import ObjectKind, Variable
from mettagrid.maps import AsciiMap
from mettagrid.rules import (
    Add,
    Around,
    Become,
    ChangeBody,
    Count,
    Every,
    Freeze,
    Gather,
    Nearby,
    Remove,
    Reward,
    Rule,
    Set,
    Take,
    Total,
    Trait,
    Var,
)
from tests.mettagrid.play import Play
from tests.mettagrid.rules.drawn_games import do, game, use

FIELD = """
    b......
    .@.b...
    ..b@m..
    .@..@..
    ...m..b
"""
"""Agents in reading order: 0 and 2 are to the left, 1 is in the middle, 3 to the right."""
OWN = {"energy": [10, 20, 30, 40], "team": [1, 1, 2, 1]}


def around(reach: Around, text: str = FIELD) -> set[tuple[int, int]]:
    """Cells of what agent 1 reaches around itself: each thing there gets a mark."""
    variables = {
        "energy": Variable(cap=50, initial=10),
        "ore": Variable(cap=9, initial=1),
        "team": Variable(cap=3),
        "frozen": Variable(),
        "mark": Variable(cap=1),
    }
    objects = {
        "wall": ObjectKind(),
        "mine": ObjectKind(has={"ore": 3, "mark": 0}),
        "box": ObjectKind(has={"ore": 1, "team": 1, "mark": 0}),
    }
    rule = Rule(on="do", then=[Set("mark", 1, around=reach)])
    play = Play(game(text, [rule], variables=variables, objects=objects, starts=OWN)).do("noop", "do")
    rows = AsciiMap(text=text).rows()
    there = [(row, col) for row, line in enumerate(rows) for col, sign in enumerate(line) if sign in "@mb"]
    return {cell for cell in there if play.has("mark", play.at(*cell)) == 1}


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        (Around(), {(1, 3), (2, 2), (2, 4), (3, 4)}),
        (Around("box"), {(1, 3), (2, 2)}),
        (Around("agent"), {(3, 4)}),
        (Around("agent", 2), {(1, 1), (3, 1), (3, 4)}),
        (Around("wall", 15), set()),
        (Around("box", 2), {(1, 3), (2, 2)}),
        (Around("box", 3), {(0, 0), (1, 3), (2, 2), (4, 6)}),
        (Around("any", 1, "ore", 2), {(2, 4)}),
        (Around("any", 1, having="ore"), {(1, 3), (2, 2), (2, 4), (3, 4)}),
        (Around("any", 1, having="ore", at_least=0), {(1, 3), (2, 2), (2, 4), (3, 4)}),
        (Around("any", 1, having="ore", equals=1), {(1, 3), (2, 2), (3, 4)}),
        (Around("mine", 2, having="energy", equals=0), {(2, 4), (4, 3)}),
        (Around("agent", 15, having="energy", at_least=30), {(3, 1), (3, 4)}),
        (Around("agent", 15, same="team"), {(1, 1), (3, 4)}),
        (Around("box", 1, same="team"), {(1, 3), (2, 2)}),
        (Around("mine", 15, same="team"), set()),
        (Around("any", 2, having="energy", at_least=40, same="team"), {(3, 4)}),
    ],
)
def test_around_means_those_and_only_those(reach, expected):
    assert around(reach) == expected


def test_around_reaches_across_the_map_but_not_beyond_its_edge():
    corner = "@.............b\n" + ".............@.\n" * 14
    assert around(Around("box", 13), corner.replace("@", "b", 1).replace(".", "@", 1)) == {(0, 0), (0, 14)}
    assert around(Around("any", 1), "@@\n") == {(0, 0)}


def test_nearby_may_ask_for_an_exact_value_and_for_ones_own():
    def counts(condition: Nearby) -> bool:
        rule = Rule(on="do", when=[condition], then=[Count("ran")])
        return Play(game(FIELD, [rule], starts=OWN)).do("noop", "do").count("ran", 1) == 1

    assert counts(Nearby("agent", 2, 2, same="team"))
    assert not counts(Nearby("agent", 3, 2, same="team"))
    assert counts(Nearby("agent", 3, 2))
    assert counts(Nearby("agent", 1, 2, having="energy", equals=30))
    assert not counts(Nearby("agent", 1, 2, having="energy", equals=31))
    assert counts(Nearby("box", 2, having="energy", equals=0))
    assert not counts(Nearby("agent", 1, 2, having="energy", equals=30, same="team"))


def middle(*then, actor: int = 1, **fields) -> Play:
    """What happens when agent 1 does these effects."""
    rule = Rule(on="do", then=list(then))
    return Play(game(FIELD, [rule], **{"starts": OWN} | fields)).do(*["noop"] * actor, "do")


def energies(play: Play) -> list[int]:
    return [play.has("energy", agent) for agent in range(4)]


ALL = Around("agent", 2)
"""All the other agents; agent 1 stands in the middle."""


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        (Add("energy", 5, around=ALL), [15, 20, 35, 45]),
        (Add("energy", 15, around=ALL), [25, 20, 45, 50]),
        (Add("energy", Var("energy"), around=ALL), [30, 20, 50, 50]),
        (Add("energy", Trait("strength"), around=ALL), [11, 20, 31, 41]),
        (Take("energy", 15, around=ALL), [0, 20, 15, 25]),
        (Take("energy", "all", around=ALL), [0, 20, 0, 0]),
        (Set("energy", 7, around=ALL), [7, 20, 7, 7]),
        (Set("energy", 7, around=Around("agent", 2, same="team")), [7, 20, 30, 7]),
        (Take("energy", 5, around=Around("any", 15, having="energy", at_least=31)), [10, 20, 30, 35]),
        (Add("energy", 5, around=Around("agent", 2, having="energy", equals=10)), [15, 20, 30, 40]),
        (ChangeBody("big", around=Around("agent", 1)), [10, 20, 30, 40]),
    ],
)
def test_an_effect_around_is_done_to_each(effect, expected):
    assert energies(middle(effect)) == expected


def test_other_effects_around():
    play = middle(Freeze(3, around=ALL))
    assert [play.has("frozen", agent) for agent in range(4)] == [3, 0, 3, 3]
    play = middle(Reward(0.25, around=ALL), Reward(1.0))
    assert [play.reward(agent) for agent in range(4)] == [0.25, 1.0, 0.25, 0.25]
    play = middle(Count("seen", Var("team"), around=ALL))
    assert [play.count("seen", agent) for agent in range(4)] == [1, 0, 1, 1]
    play = middle(Remove(around=Around("any", 1)))
    assert [play.kind_at(*cell) for cell in ((1, 3), (2, 2), (2, 4), (3, 4), (1, 1))] == ["empty"] * 4 + [
        "agent"
    ]
    assert play.env.terminated.tolist() == [False, False, False, True]
    play = middle(Become("mine", around=Around("box", 1)))
    assert [play.kind_at(*cell) for cell in ((1, 3), (2, 2), (0, 0))] == ["mine", "mine", "box"]
    assert play.has("ore", play.at(1, 3)) == 3


def test_agents_around_do_not_become_objects_nor_objects_agents():
    play = middle(Become("mine", around=Around("any", 1)))
    assert (play.kind_at(3, 4), play.kind_at(1, 3)) == ("agent", "mine")
    before = middle().env.world(0).profiles.copy()
    after = middle(ChangeBody("big", around=Around("any", 2))).env.world(0).profiles
    assert (after != before).tolist() == [True, False, True, True] + [False] * (len(before) - 4)


def test_around_the_target_its_actor_is_meant_too_and_the_target_is_not():
    rule = Rule(on="use", target="box", then=[Add("energy", 1, "target", Around("agent", 1))])
    play = Play(game("@b@\n.@.", [rule])).do("noop", "noop", "use")
    assert [play.has("energy", agent) for agent in range(3)] == [11, 11, 11]
    rule = Rule(on="use", target="mine", then=[Take("energy", 1, "target", Around("mine", 1))])
    play = Play(game("mm\n@.", [rule])).do("use")
    assert (play.has("energy", play.at(0, 0)), play.has("energy", play.at(0, 1))) == (7, 6)


def test_those_with_the_actors_value_stay_the_same_while_it_changes():
    """The actor is one of those around the target; the ones after it are still compared with what it had."""
    reach = Around("agent", 1, same="team")
    set_team = Rule(on="use", target="box", then=[Set("team", 3, "target", reach)])
    play = Play(game("@b.\n@@@", [set_team], starts={"team": [1, 2, 1, 1], "heading": [0, 0, 0]}))
    play.do("noop", "noop", "use")
    assert [play.has("team", agent) for agent in range(4)] == [3, 2, 3, 3]
    remove = Rule(on="use", target="box", then=[Remove("target", reach)])
    play = Play(game("@b.\n@@@", [remove], starts={"team": [1, 2, 1, 1]})).do("noop", "noop", "use")
    assert play.env.alive.tolist() == [False, True, False, False]


def test_around_an_empty_cell():
    rule = Rule(on="use", target="empty", then=[Add("energy", 1, "target", Around("any", 1))])
    play = Play(game("@.@\n.@.", [rule])).do("noop", "noop", "use")
    assert [play.has("energy", agent) for agent in range(3)] == [11, 11, 11]


def test_step_rules_spread_around_each_thing():
    """A mine radiates on those beside it: the one in the middle stands between two of them."""
    rule = Rule(
        on="step", target="mine", when=[Every(2)], then=[Take("energy", 2, around=Around("agent", 1))]
    )
    play = Play(game("@m@m@.@", [rule])).do(times=2)
    assert [play.has("energy", agent) for agent in range(4)] == [8, 6, 8, 10]


# Total and Gather


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Total("ore", 5, Around(), "actor"), True),  # a box and a box and a mine
        (Total("ore", 6, Around(), "actor"), False),
        (Total("ore", 2, Around("box"), "actor"), True),
        (Total("ore", 3, Around("box"), "actor"), False),
        (Total("ore", 10, Around(radius=3), "actor"), True),
        (Total("ore", 11, Around(radius=3), "actor"), False),
        (Total("energy", 80, ALL, "actor"), True),  # without one's own
        (Total("energy", 81, ALL, "actor"), False),
        (Total("energy", Var("energy"), Around("agent"), "actor"), True),
        (Total("energy", 50, Around("agent", 2, same="team"), "actor"), True),
        (Total("energy", 51, Around("agent", 2, same="team"), "actor"), False),
        (Total("energy", 0, Around("wall"), "actor"), True),
    ],
)
def test_total_adds_up_what_all_around_have(condition, expected):
    rule = Rule(on="do", when=[condition], then=[Count("ran")])
    play = Play(game(FIELD, [rule], starts=OWN)).do("noop", "do")
    assert play.count("ran", 1) == expected


def test_total_around_the_target_counts_the_actor_but_not_the_target():
    def runs(amount: int) -> bool:
        rule = Rule(on="use", target="mine", when=[Total("energy", amount, Around())], then=[Count("ran")])
        return Play(game("@m\n.@", [rule], starts={"energy": [3, 9]})).do("noop", "use").count("ran", 1) == 1

    assert runs(12)
    assert not runs(13)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0, [10, 20, 30, 40]),
        (3, [9, 20, 29, 39]),
        (5, [8, 20, 28, 39]),  # what does not divide comes from the first
        (30, [0, 20, 20, 30]),
        (36, [0, 20, 17, 27]),
        (79, [0, 20, 0, 1]),
        (200, [0, 20, 0, 0]),
        (-5, [10, 20, 30, 40]),
        (Var("energy"), [3, 20, 23, 34]),
    ],
)
def test_gather_takes_the_same_from_each_as_far_as_it_has_it(amount, expected):
    play = middle(Gather("energy", amount, ALL, "actor"))
    assert energies(play) == expected
    lost = [before - after for before, after in zip([10, 20, 30, 40], expected, strict=True)]
    assert [play.count("energy.lost", agent) for agent in range(4)] == lost


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 50), min_size=3, max_size=3), st.integers(0, 160))
def test_gather_is_even_and_takes_all_that_it_is_asked_for(has, amount):
    starts = {"energy": [has[0], 20, *has[1:]], "team": [1]}
    after = np.delete(energies(middle(Gather("energy", amount, ALL, "actor"), starts=starts)), 1)
    taken = np.array(has) - after
    assert (taken >= 0).all()
    assert taken.sum() == min(amount, sum(has))
    left = after > 0
    if left.any():
        assert taken.max() - taken[left].min() <= 1, (
            "who has some left gave as much as anybody, but for the rest"
        )


def test_gather_makes_a_meal_of_what_stands_around():
    """An assembler: two boxes beside it and a worker have the ore for one unit."""
    rule = Rule(
        on="use",
        target="mine",
        when=[Total("ore", 3, Around("box"))],
        then=[Gather("ore", 3, Around("box")), Add("energy", 9)],
    )
    play = Play(game("bmb\n.@b", [rule])).do("use")
    assert (play.has("energy"), play.has("ore", play.at(0, 1))) == (19, 3)
    assert [play.has("ore", play.at(*cell)) for cell in ((0, 0), (0, 2), (1, 2))] == [0, 0, 0]
    assert play.do("use").count("action.use.failed") == 1


def test_effects_around_count_and_shrink_like_others():
    assert do("@@", Add("ore", 9, around=Around("agent"))).count("ore.gained", 1) == 5
    assert use("m\n@", Take("ore", 9, "target", Around("agent")), starts={"ore": [4]}).count("ore.lost") == 4
