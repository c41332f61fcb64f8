"""Courting, bonds and kinship between two: filters and effects."""

from typing import Any

import pytest

from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.kinship import Teams
from mettagrid.rules import (
    Argument,
    AtLeast,
    Bond,
    Bonded,
    ChangeKinship,
    Count,
    Court,
    Courted,
    Mates,
    Not,
    Part,
    Related,
    Remove,
    Rule,
    Set,
    Var,
)
from tests.mettagrid.play import Play
from tests.mettagrid.rules.drawn_games import game, holds

NORTH, EAST, SOUTH, WEST = range(4)
FACING = {"heading": [EAST, WEST]}
"""Agents 0 and 1 of `@@` look at each other."""


def village(text: str, *rules: Rule, **fields: Any) -> Play:
    """Agents court, bond with, leave or kill who is ahead; `ask` counts what `rules` add."""
    verbs = {name: Verb(aim=Ahead()) for name in ("court", "bond", "leave", "kill", "ask")}
    verbs |= {"part": Verb(), "move": Verb(choices=directions(aimed=True))}
    verbs["turn"] = Verb(choices=directions(aimed=False), always=[Set("heading", Argument())])
    basics = [
        Rule(on="court", target="agent", then=[Court()]),
        Rule(on="bond", target="agent", then=[Bond()]),
        Rule(on="leave", target="agent", then=[Part("target")]),
        Rule(on="kill", target="agent", then=[Remove()]),
        Rule(on="part", then=[Part()]),
        Rule(on="turn"),
    ]
    return Play(game(text, [*rules, *basics], **{"verbs": verbs, "starts": FACING} | fields))


def asks(*conditions: Any) -> Rule:
    return Rule(on="ask", target="agent", when=list(conditions), then=[Count("yes")])


def mates(play: Play) -> set[tuple[int, int]]:
    """Pairs of agents of which the first sees that the second is its mate."""
    seen = set()
    for agent in range(play.spec.num_agents):
        for (down, right), features in play.sees(agent).items():
            if features.get("mate"):
                row, column = play.place(agent)
                seen.add((agent, play.at(row + down, column + right)))
    return seen


# Courting


@pytest.mark.parametrize("window", [0, 1, 3])
def test_courting_is_remembered_for_the_window(window):
    play = village("@@", asks(Courted(window))).do("court")
    heard = [play.do("noop", "ask").count("yes", 1) for _ in range(5)]
    assert heard == [min(step, window) for step in range(1, 6)], "asked 1, 2, ... steps after"


def test_a_window_of_0_is_this_step_if_the_other_one_came_first():
    first = 0
    for seed in range(30):
        play = village("@@", asks(Courted(0)))
        play.env.reset(seed)
        first += play.do("court", "ask").count("yes", 1)
    assert 4 < first < 26, "the order of acting is drawn anew each step"


def test_courted_is_about_the_target_courting_the_actor():
    play = village("@@", asks(Courted(9))).do("court")
    assert play.do("ask", "ask").count("yes", 0) == 0, "who courts is not courted"
    assert play.count("yes", 1) == 1


def test_only_the_last_one_courted_counts():
    text = """
        .@.
        @@@
    """  # 0 is north, 2 in the middle between 1 and 3
    play = village(text, asks(Courted(9)), starts={"heading": [SOUTH, EAST, NORTH, WEST]})
    play.do("noop", "noop", "court").do("ask")
    assert play.count("yes", 0) == 1
    play.do("noop", "noop", "turn_east").do("noop", "noop", "court").do("ask", "ask", "noop", "ask")
    assert [play.count("yes", agent) for agent in (0, 1, 3)] == [1, 0, 1]


def test_courting_again_begins_the_window_anew():
    play = village("@@", asks(Courted(2))).do("court").do().do("court").do()
    assert play.do("noop", "ask").count("yes", 1) == 1


def test_the_window_may_be_a_variable():
    rule = asks(Courted(Var("ore", of="target")))
    patient = village("@@", rule, starts=FACING | {"ore": [3, 0]}).do("court").do(times=2).do("noop", "ask")
    hasty = village("@@", rule, starts=FACING | {"ore": [2, 5]}).do("court").do(times=2).do("noop", "ask")
    assert (patient.count("yes", 1), hasty.count("yes", 1)) == (1, 0)


def test_two_who_court_each_other_bond():
    """What a game of mates does: the second one to court finds that it was courted."""
    marriage = Rule(
        on="court", target="agent", when=[Courted(4), Not(Bonded()), Not(Bonded("target"))], then=[Bond()]
    )
    play = village("@@", marriage)
    assert mates(play.do("court").do(times=4).do("noop", "court")) == set(), "five steps are too late"
    assert mates(play.do("court")) == {(0, 1), (1, 0)}


# Bonds


def test_a_bond_is_for_both_and_shows():
    play = village("@@.@", starts={"heading": [EAST, WEST, NORTH]})
    assert mates(play) == set()
    assert mates(play.do("bond")) == {(0, 1), (1, 0)}
    assert mates(play.do("bond", "bond")) == {(0, 1), (1, 0)}


def test_the_mate_is_seen_as_far_as_one_sees():
    play = village("@@.....", starts={"heading": [EAST, EAST]}).do("bond")
    for _ in range(5):
        play.do("noop", "move_east")
    assert (play.place(1), mates(play)) == ((0, 6), set())
    assert mates(play.do("noop", "move_west")) == {(0, 1), (1, 0)}


def test_bonded_and_mates():
    def answers(condition: Any) -> list[int]:
        play = village("@@@", asks(condition), starts={"heading": [EAST, WEST, WEST]}).do("bond")
        play.do("ask", "ask", "ask")
        return [play.count("yes", agent) for agent in range(3)]

    assert answers(Bonded()) == [1, 1, 0]
    assert answers(Bonded("target")) == [1, 1, 1]
    assert answers(Mates()) == [1, 1, 0]
    assert answers(Not(Mates())) == [0, 0, 1]
    assert not holds(Bonded())
    assert not holds(Mates())


def test_a_new_bond_ends_the_old_ones_of_both():
    play = village("@@@@", starts={"heading": [EAST, EAST, EAST, WEST]})
    assert mates(play.do("bond").do("noop", "noop", "bond")) == {(0, 1), (1, 0), (2, 3), (3, 2)}
    assert mates(play.do("noop", "bond")) == {(1, 2), (2, 1)}


@pytest.mark.parametrize("names", [("part",), ("noop", "part"), ("leave",), ("noop", "leave")])
def test_either_can_part(names):
    play = village("@@").do("bond").do(*names)
    assert mates(play) == set()
    assert mates(play.do("part", "part")) == set(), "who is alone can part, too"
    assert mates(play.do("bond")) == {(0, 1), (1, 0)}


def test_part_of_the_target_leaves_the_actors_own_bond():
    play = village("@@@", starts={"heading": [EAST, EAST, WEST]}).do("bond")
    assert mates(play.do("noop", "noop", "leave")) == set()
    play = village("@@@@", starts={"heading": [EAST, EAST, EAST, WEST]}).do("bond").do("noop", "noop", "bond")
    assert mates(play.do("noop", "leave")) == {(0, 1), (1, 0)}


def test_death_ends_a_bond():
    play = village("@@@", asks(Bonded("target")), starts={"heading": [EAST, EAST, WEST]}).do("bond")
    play.do("noop", "noop", "kill")
    assert (mates(play), play.env.alive.tolist()) == (set(), [True, False, True])
    play.do("noop", "noop", "move_west")
    assert play.do("noop", "noop", "ask").count("yes", 2) == 0, "the one left behind is free"


def test_a_new_episode_begins_without_bonds():
    play = village("@@", max_steps=3).do("bond").do(times=2)
    assert mates(play) == set()


def test_games_without_bonds_show_none():
    assert "mate" not in Play(game("@@", [])).spec.feature_names
    assert "kinship" not in Play(game("@@", [])).spec.feature_names


def test_bonded_may_be_required_of_a_verb():
    verbs = {
        "use": Verb(aim=Ahead()),
        "do": Verb(requires=[Bonded()]),
        "move": Verb(choices=directions(True)),
    }
    play = Play(game("@@", [Rule(on="use", target="agent", then=[Bond()])], verbs=verbs, starts=FACING))
    assert not play.can("do", 0)
    play.do("use")
    assert play.can("do", 0) and play.can("do", 1)


# Kinship


HALF = {"kinship": Teams(num_teams=1, score=0.5)}


@pytest.mark.parametrize(
    ("score", "expected"), [(0, True), (0.49, True), (0.5, True), (0.51, False), (0.505, False), (1, False)]
)
def test_related_asks_for_a_score(score, expected):
    assert holds(Related(score), **HALF) is expected
    assert holds(Not(Related(score)), **HALF) is not expected


def test_without_kinship_one_is_near_to_oneself_alone():
    assert holds(Related(0))
    assert not holds(Related(0.01))
    play = Play(game("@", [Rule(on="step", target="agent", when=[Related(1)], then=[Count("self")])])).do()
    assert play.count("self") == 1


def test_related_is_how_near_the_target_is_to_the_actor():
    """One-sided: agent 1 (south) changes what the other one is to it."""
    change = Rule(on="do", then=[Set("ore", 1)])
    adopted = [ChangeKinship(to=1, mutual=False), Set("ore", 0)]
    adopt = Rule(on="use", target="agent", when=[AtLeast("ore")], then=adopted)
    ask = Rule(on="use", target="agent", when=[Related(0.9)], then=[Count("near")])
    play = Play(game("@\n@", [change, adopt, ask], starts={"heading": [SOUTH, NORTH]}, **HALF))
    play.do("noop", "do").do("noop", "use").do("use", "use")
    assert (play.count("near", 1), play.count("near", 0)) == (1, 0)
    assert play.sees(1)[-1, 0]["kinship"] == 240
    assert play.sees(0)[1, 0]["kinship"] == 120


@pytest.mark.parametrize(
    ("effect", "near", "back"),
    [
        (ChangeKinship(by=0.25), 180, 180),
        (ChangeKinship(by=-0.25), 60, 60),
        (ChangeKinship(by=0.25, mutual=False), 180, 120),
        (ChangeKinship(by=1), 240, 240),
        (ChangeKinship(by=-1), None, None),
        (ChangeKinship(to=1 / 8), 30, 30),
        (ChangeKinship(to=0, mutual=False), None, 120),
    ],
)
def test_change_kinship(effect, near, back):
    rule = Rule(on="use", target="agent", then=[effect])
    play = Play(game("@\n@\n@", [rule], starts={"heading": [SOUTH, NORTH, NORTH]}, **HALF)).do("noop", "use")
    assert play.sees(1)[-1, 0].get("kinship") == near
    assert play.sees(0)[1, 0].get("kinship") == back
    assert play.sees(2)[-1, 0]["kinship"] == play.sees(1)[1, 0]["kinship"] == 120, "nobody else is concerned"


def test_a_changed_kinship_lasts_for_the_episode():
    rule = Rule(on="use", target="agent", then=[ChangeKinship(by=0.125)])
    play = Play(game("@\n@", [rule], max_steps=5, **HALF)).do("noop", "use", times=4)
    assert play.sees(1)[-1, 0]["kinship"] == 240
    assert play.do().sees(1)[-1, 0]["kinship"] == 120


def test_change_kinship_needs_a_kinship():
    rule = Rule(on="use", target="agent", then=[ChangeKinship(to=1)])
    play = Play(game("@\n@", [rule])).do("noop", "use")
    assert "kinship" not in play.sees(1)[-1, 0]
