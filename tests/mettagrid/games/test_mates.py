"""The rules of mates: courting, bonds and their ends, hearts, children, hunger, age and death."""

from pathlib import Path
from typing import Any

import pytest

from mettagrid.config.game import GameConfig
from mettagrid.games.mates import MatesNumbers, make_mates
from mettagrid.kinship import Teams
from mettagrid.maps import AsciiMap
from tests.mettagrid.play import Play

PAGE = (Path(__file__).parents[3] / "docs" / "games" / "mates.md").read_text(encoding="utf-8")
EYE_TO_EYE = {"heading": [1, 3]}
ONE_FOOD = {"talent": 0}


def game_on(
    text: str, numbers: dict[str, Any] | None = None, births: bool = False, **settings: Any
) -> GameConfig:
    """The game's rules on a drawn map; agent i starts at the i-th `@`; there is one slot more, if there are births.

    Nobody has talent. `starts` are first values, agent by agent; bodies are all light.
    """
    starts, living = settings.pop("starts", {}), text.count("@")
    chosen = MatesNumbers(**(ONE_FOOD | (numbers or {})))
    slots = settings.pop("slots", living + 1) if births else living
    game = make_mates(num_agents=slots, births=births, numbers=chosen, **settings)
    changes: dict[str, Any] = {
        "map": AsciiMap(text=text, legend={"b": "bush", "a": "altar"}),
        "shuffle_spawns": False,
        "starts": game.starts | ({"age": [200]} if births else {}) | starts,
        "bodies.strong.share": 0.0,
    }
    return game.override_all(changes | ({"initial_agents": living} if births else {}))


def couple(text: str = "@@", numbers: dict[str, Any] | None = None, **settings: Any) -> Play:
    """Two who look at each other and bond; agent 0 courts first."""
    starts = EYE_TO_EYE | settings.pop("starts", {})
    return Play(game_on(text, numbers, starts=starts, **settings)).do("court").do("noop", "court")


# Food and hearts


def test_light_agents_harvest_one_and_strong_ones_two():
    play = Play(game_on("b\n@", shaped=True)).do("use")
    assert (play.has("food"), play.reward(), play.has("strong")) == (1, pytest.approx(0.05), 0)
    assert play.do("use", times=9).has("food") == 1
    strong = game_on("b\n@").override_all({"bodies.light.share": 0.0, "bodies.strong.share": 1.0})
    play = Play(strong).do("use")
    assert (play.has("food"), play.has("strong")) == (2, 1)


def test_talent_is_the_chance_of_one_more():
    play = Play(game_on("b\n@", {"talent": 40, "bush_cooldown": 1, "food_cap": 250, "hungry": 1}))
    assert 240 <= play.do("use", times=190).has("food") <= 250, (
        "190 harvests, two fifths of them with one more"
    )
    for talent, food in ((0, 1), (100, 2)):
        assert Play(game_on("b\n@", {"talent": talent})).do("use").has("food") == food


@pytest.mark.parametrize(("bonded", "price"), [(False, 4), (True, 2)])
def test_hearts_are_cheaper_for_the_bonded(bonded, price):
    text = "a.\n@@"
    play = couple(text, bond_share=0.0) if bonded else Play(game_on(text, starts=EYE_TO_EYE))
    food = play.spec.variable_names.index("food")
    play.do("move_north")
    play.env.world(0).variables[0, food] = price - 1
    assert play.do("use").has("heart") == 0
    play.env.world(0).variables[0, food] = price
    assert (play.do("use").has("heart"), play.has("food"), play.reward()) == (1, 0, 1.0)


def test_mates_share():
    play = couple("a.\n@@", bond_share=0.25, starts={"food": [2, 0]}).do("move_north").do("use")
    assert (play.reward(0), play.reward(1)) == pytest.approx((0.75, 0.25))


# Bonds


def test_two_that_court_each_other_bond_and_both_pay():
    play = Play(game_on("@@", starts=EYE_TO_EYE, shaped=True)).do("court", "noop")
    assert (play.has("bonded"), play.has("energy")) == (0, 200)
    play.do("noop", "court")
    assert [play.has("bonded", agent) for agent in (0, 1)] == [1, 1]
    assert [play.has("energy", agent) for agent in (0, 1)] == [190, 190]
    assert [play.count("bond", agent) for agent in (0, 1)] == [1, 1]
    assert [play.reward(agent) for agent in (0, 1)] == pytest.approx([0.1, 0.1])
    assert play.sees(0)[0, 1]["mate"] == play.sees(0)[0, 1]["bonded"] == 1
    assert not play.can("court")


@pytest.mark.parametrize(("wait", "bonds"), [(29, 1), (30, 0)])
def test_courting_must_be_answered_in_time(wait, bonds):
    play = Play(game_on("@@", starts=EYE_TO_EYE)).do("court").do(times=wait).do("noop", "court")
    assert play.has("bonded") == bonds
    assert play.do("court").has("bonded") == 1, "the answer was a question, too"


def test_the_bonded_are_not_courted():
    play = couple("@@@", starts={"heading": [1, 3, 3]}).do("noop", "noop", "court")
    assert (play.count("action.court.failed", 2), play.has("bonded", 2)) == (1, 0)
    assert "mate" not in play.sees(2)[0, -1]
    assert play.sees(2)[0, -1]["bonded"] == 1


def test_a_bond_ends_with_its_term():
    play = couple(numbers={"term": 20, "commitment": 5}).do(times=19)
    assert play.has("bonded") == 1
    play.do()
    assert [play.has("bonded", agent) for agent in (0, 1)] == [0, 0]
    assert play.count("bond.expired", 0) == 1
    assert play.can("court")


def test_one_can_leave_at_a_price_but_not_at_once():
    play = couple()
    assert not play.can("part")
    play.do(times=50)
    energy = play.has("energy", 1)
    assert play.can("part", 1)
    play.do("noop", "part").do()
    assert [play.has("bonded", agent) for agent in (0, 1)] == [0, 0]
    assert energy - 42 <= play.has("energy", 1) <= energy - 40
    assert (play.count("bond.left", 0), play.count("bond.left", 1)) == (0, 1)


def test_gifts_are_counted_by_who_receives_them():
    play = couple("@@@", starts={"heading": [1, 3, 3], "food": [2, 0, 2]})
    play.do("give_food", "noop", "give_food")
    assert [play.count(name, 0) for name in ("give.mate", "give.other")] == [1, 0]
    assert [play.count(name, 2) for name in ("give.mate", "give.other")] == [0, 1]
    assert (play.has("food", 1), play.has("food", 0)) == (2, 1)


# Children


def family(**settings: Any) -> Play:
    """Two mates and their child, agent 2, just born."""
    return couple("...\n@@.\n...", births=True, **settings).do("bear")


def test_mates_bear_a_child_and_both_pay():
    play = family()
    assert play.env.alive.tolist() == [True, True, True]
    assert (play.count("birth", 0), play.has("pause", 0), play.has("pause", 1)) == (1, 60, 60)
    assert 165 <= play.has("energy", 0) <= 170, "200, 10 for the bond, 20 for the child"
    assert (play.has("energy", 2), play.has("youth", 2), play.has("age", 2)) == (60, 80, 0)
    child = next(things for things in play.sees(0).values() if things.get("youth"))
    assert (child["kinship"], child["youth"]) == (120, 80)
    assert not play.can("bear"), "nobody bears while there is no slot"


def test_nobody_bears_alone_or_without_room():
    strangers = Play(game_on("..\n@@", births=True, starts=EYE_TO_EYE))
    assert not strangers.can("bear")
    assert not couple("@@", births=True).can("bear")
    assert couple("..\n@@", births=True, slots=4).can("bear")


def test_the_next_child_has_to_wait():
    play = couple("...\n@@.\n...", births=True, slots=5).do("bear")
    assert not play.can("bear")
    assert play.do(times=59).can("bear") is False
    assert play.do().can("bear")


def test_a_child_only_walks():
    play = family()
    assert [play.can(action, 2) for action in ("move_north", "use", "court", "give_food")] == [
        True,
        False,
        False,
        False,
    ]


def grown_up(fed: bool) -> Play:
    """A family after the child's youth; the child gets 1 food, or none."""
    play = family()
    play.env.world(0).variables[2, play.spec.variable_names.index("food")] = int(fed)
    return play.do(times=79)


def test_a_child_starves_unless_it_is_fed():
    play = grown_up(fed=False)
    assert play.env.alive.tolist() == [True, True, False]
    assert (play.count("death.child", 2), play.count("death.hunger", 2)) == (1, 1)


def test_a_child_grows_up_and_kin_share_the_reward():
    play = grown_up(fed=True)
    assert (play.has("heart", 2), play.has("youth", 2)) == (0, 1)
    play.do()
    assert (play.has("heart", 2), play.count("child.grown", 2)) == (4, 1)
    assert [play.reward(agent) for agent in (0, 1, 2)] == pytest.approx([0.5, 0.5, 3.0])
    play.do()
    assert (play.has("heart", 2), play.reward(2)) == (4, 0)
    assert play.can("use", 2)


@pytest.mark.parametrize(("energy", "is_hungry"), [(55, True), (90, False)])
def test_feeding_is_counted_and_pays_if_shaped(energy, is_hungry):
    starts = EYE_TO_EYE | {"youth": [0, 80], "grown": [1, 0], "energy": [200, energy], "food": [2, 0]}
    play = Play(game_on("@@", births=True, shaped=True, starts=starts)).do("give_food")
    assert (play.has("food", 0), play.count("give.child", 0), play.count("child.fed", 1)) == (1, 1, is_hungry)
    assert play.reward() == pytest.approx(0.1 * is_hungry)


@pytest.mark.parametrize(("score", "bonds"), [(0.2, 1), (0.3, 0)])
def test_near_kin_are_not_courted(score, bonds):
    game = game_on("@@", births=True, starts=EYE_TO_EYE).override_all(
        {"kinship": Teams(num_teams=1, score=score)}
    )
    assert Play(game).do("court").do("noop", "court").has("bonded") == bonds


def test_children_are_not_courted():
    starts = EYE_TO_EYE | {"youth": [0, 80], "grown": [1, 0]}
    play = Play(game_on("@@", births=True, starts=starts)).do("court")
    assert play.count("action.court.failed") == 1


# Death


def test_the_dead_are_gone_and_their_mates_are_free():
    play = couple("...\n@@.", births=True, starts={"energy": [200, 13]})
    play.do(times=8)
    assert play.env.alive.tolist() == [True, False, False]
    assert (play.count("death.hunger", 1), play.count("death.child", 1)) == (1, 0)
    assert play.do().has("bonded", 0) == 0


def test_one_dies_of_age():
    play = Play(game_on("@.\n..", {"frailty": 1.0}, births=True, slots=2, starts={"age": [495]}))
    assert play.do(times=4).env.alive[0]
    play.do()
    assert play.env.episode_ended.all(), "nobody is left"


def test_slots_are_used_again():
    starts = {"heading": [1, 3, 0], "age": [200, 200, 498]}
    play = couple("...\n@@@\n...", {"frailty": 1.0}, births=True, slots=3, starts=starts)
    assert play.env.alive.tolist() == [True, True, False]
    assert play.do().do("bear").env.alive.tolist() == [True, True, True]
    assert (play.has("age", 2), play.count("death.age", 2)) == (0, 1)


def test_without_births_the_starved_faint():
    play = Play(game_on("@", {"initial_energy": 2})).do(times=10)
    acts = sum(play.do().can("move_north") for _ in range(60))
    assert play.env.alive.all()
    assert 5 <= acts <= 55


# The page


def test_the_page_tells_these_numbers_and_actions():
    fields = MatesNumbers.model_fields.items()
    rows = [f"| `{name}` | {field.default} | {field.description} |" for name, field in fields]
    rows += [f"| `{name}` |" for name in ("noop", *make_mates().verbs)]
    missing = [row for row in rows if row not in PAGE]
    assert not missing, "docs/games/mates.md needs these:\n" + "\n".join(missing)
