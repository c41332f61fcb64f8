"""Bodies, and what agents see with them."""

import pytest

from mettagrid.config.things import Body, Ground, ObjectKind, Variable, View
from mettagrid.config.verb import Verb
from mettagrid.rules import Add, Birth, Leave, Rule, Set, Take
from tests.mettagrid.play import Play
from tests.mettagrid.rules.drawn_games import VERBS, game


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


# Bodies that are drawn, slots that wait, sight that changes


def test_bodies_are_dealt_out_or_drawn_by_their_shares():
    bodies = {"small": Body(share=1), "big": Body(share=3), "never": Body(share=0)}
    fields = {"bodies": bodies, "max_steps": 1, "objects": {"wall": ObjectKind(), "mine": ObjectKind()}}
    dealt = Play(game("@@@@@@@@", [], **fields))
    drawn = Play(game("@@@@@@@@", [], sample_bodies=True, **fields))
    seen = []
    for _ in range(100):
        assert dealt.do().env.world(0).profiles[:8].tolist() == [0, 0, 1, 1, 1, 1, 1, 1]
        seen.append(drawn.do().env.world(0).profiles[:8].tolist())
    numbers = [sum(profiles) for profiles in seen]
    assert {profile for profiles in seen for profile in profiles} == {0, 1}
    assert 540 < sum(numbers) < 660, "three quarters of 800, give or take five standard deviations"
    assert len(set(numbers)) > 3


def test_first_values_of_agents_outrank_those_of_drawn_bodies():
    bodies = {"small": Body(initial={"ore": 1}), "big": Body(initial={"ore": 5, "energy": 30})}
    fields = {"bodies": bodies, "starts": {"ore": [3]}, "objects": {}}
    plays = [Play(game("@@", [], sample_bodies=True, **fields), seed) for seed in range(9)]
    assert {play.has("ore", agent) for play in plays for agent in (0, 1)} == {3}
    assert {play.has("energy", agent) for play in plays for agent in (0, 1)} == {10, 30}


def test_an_episode_begins_with_its_initial_agents():
    bear = Rule(on="do", then=[Birth()])
    play = Play(game("@@", [bear], num_agents=5, initial_agents=2, max_steps=4))
    assert play.env.alive.tolist() == [True, True, False, False, False]
    assert play.do("do", "do").env.alive.tolist() == [True, True, False, False, False], (
        "there is no free cell"
    )
    with pytest.raises(ValueError, match="initial_agents: the other slots need a rule with Birth"):
        game("@@", [], num_agents=5, initial_agents=2)


SIGHT = {"sight": Variable(cap=9, initial=9), "energy": Variable(), "ore": Variable(), "frozen": Variable()}
CROSS = "...b...\n.......\n.......\n.m.@.mb\n.......\n.......\n......."


def farthest(play: Play) -> int:
    return max(max(map(abs, cell)) for cell in play.sees())


@pytest.mark.parametrize(("sight", "reach"), [(0, 0), (1, 0), (2, 2), (3, 3), (9, 3)])
def test_the_variable_sight_limits_what_an_agent_sees(sight, reach):
    view = View(height=7, width=7)
    fields = {
        "variables": SIGHT,
        "view": view,
        "objects": {name: ObjectKind() for name in ("wall", "mine", "box")},
    }
    play = Play(game(CROSS, [Rule(on="do", then=[Set("sight", sight)])], **fields))
    assert farthest(play) == 3
    assert farthest(play.do("do")) == reach
    assert farthest(Play(game(CROSS, [], starts={"sight": [sight]}, **fields))) == reach


def test_the_worlds_sight_limits_everybodys():
    """Night falls with a variable of the world; the smaller of both sights counts."""
    objects = {name: ObjectKind() for name in ("wall", "mine", "box")}
    fields = {"objects": objects, "world": ObjectKind(has={"sight": 9}), "view": View(height=7, width=7)}
    dusk = Rule(on="step", target="world", then=[Take("sight", 3)])
    world_only = SIGHT | {"sight": Variable(cap=9, agents=False)}
    play = Play(game(CROSS, [dusk], variables=world_only, **fields))
    assert [farthest(play)] + [farthest(play.do()) for _ in range(3)] == [3, 3, 3, 0]
    both = Play(game(CROSS, [dusk], variables=SIGHT, starts={"sight": [2]}, **fields))
    assert [farthest(both)] + [farthest(both.do()) for _ in range(3)] == [2, 2, 2, 0]


def test_bodies_and_sight_both_limit():
    bodies = {"small": Body(radius=2), "big": Body(share=0)}
    fields = {"variables": SIGHT, "view": View(height=7, width=7), "bodies": bodies}
    fields["objects"] = {name: ObjectKind() for name in ("wall", "mine", "box")}
    assert farthest(Play(game(CROSS, [], starts={"sight": [9]}, **fields))) == 2
    assert farthest(Play(game(CROSS, [], starts={"sight": [1]}, **fields))) == 0


def test_sight_covers_ground_and_traces():
    grounds = {"grounds": {"swamp": Ground()}, "traces": ["scent"], "variables": SIGHT, "objects": {}}
    play = Play(game("~~~\n~@~\n~~~", [Rule(on="do", then=[Set("sight", 0), Leave("scent", 5)])], **grounds))
    assert farthest(play) == 1
    play.do("do")
    assert (farthest(play), play.sees()[0, 0]["trace:scent"]) == (0, 5)
