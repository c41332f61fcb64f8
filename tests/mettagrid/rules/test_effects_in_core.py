"""Effects on variables, rewards, statistics and bodies."""

import pytest

from mettagrid.config.things import Body
from mettagrid.config.verb import Ahead, Choice, Verb
from mettagrid.rules import (
    Add,
    Argument,
    ChangeBody,
    Convert,
    Count,
    Freeze,
    Move,
    Reward,
    Rule,
    Set,
    Take,
    Trait,
    Var,
)
from tests.mettagrid.play import Play
from tests.mettagrid.rules.drawn_games import VERBS, do, game, use


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
