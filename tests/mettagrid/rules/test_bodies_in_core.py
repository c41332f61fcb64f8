"""Bodies, and what agents see with them."""

import pytest

from mettagrid.config.things import Body, ObjectKind, View
from mettagrid.config.verb import Verb
from mettagrid.rules import Add, Rule
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
