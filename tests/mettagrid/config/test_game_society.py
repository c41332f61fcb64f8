"""Games whose world, groups, kinship, ground or births contradict each other are refused in one line."""

from typing import Any

import pytest
from pydantic import ValidationError

from mettagrid.config.base import explain
from mettagrid.config.sharing import Gene
from mettagrid.config.things import Ground, ObjectKind
from mettagrid.config.verb import Ahead, Verb
from mettagrid.kinship import Teams
from mettagrid.rules import (
    Add,
    Around,
    AtLeast,
    Become,
    Birth,
    Bond,
    Bonded,
    ChangeBody,
    ChangeKinship,
    Compare,
    Court,
    Courted,
    Effect,
    Filter,
    Gather,
    Leave,
    Mates,
    Move,
    Not,
    OnTrace,
    Part,
    Related,
    Remove,
    Rule,
    Set,
    Spawn,
    Total,
    Var,
)
from tests.mettagrid.play import Play
from tests.mettagrid.rules.drawn_games import VERBS, game

THING = ObjectKind(has={"ore": 1})
SOCIETY: dict[str, Any] = {"world": THING, "group": THING, "num_groups": 1, "group_variable": "team"}


def refusal(*rules: Rule, **fields: Any) -> str:
    with pytest.raises(ValidationError) as error:
        game("@", list(rules), **fields)
    return explain(error.value)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"initial_agents": 2}, "initial_agents: 2 are more than num_agents, 1"),
        ({"num_agents": 3, "initial_agents": 1}, "initial_agents: the other slots need a rule with Birth"),
        ({"heredity": {"oar": Gene()}}, "heredity: unknown variable 'oar'; did you mean ore?"),
        ({"group_variable": "tem"}, "group_variable: unknown variable 'tem'; did you mean team?"),
        (
            {"num_groups": 2, "group_variable": "team"},
            "num_groups: groups need `group` (what they share) and `group_variable` (who is in which)",
        ),
        (
            {"num_groups": 2, "group": THING},
            "num_groups: groups need `group` (what they share) and `group_variable` (who is in which)",
        ),
        ({"group": THING, "group_variable": "team"}, "group: needs `num_groups`, how many there are"),
        ({"traces": ["scent", "scent"]}, "traces: a name is there twice"),
        ({"traces": ["My Scent"]}, "traces: the name 'My Scent' must be lower case letters, digits and _"),
        ({"grounds": {"plain": Ground()}}, "grounds: the name 'plain' is taken by the game itself"),
        ({"objects": {"world": THING}}, "objects: the name 'world' is taken by the game itself"),
        (
            {"grounds": {"mine": Ground()}},
            "grounds: 'mine' names a kind of object, too; maps could not tell them apart",
        ),
        ({"world": ObjectKind(has={"oar": 1})}, "world: has: unknown variable 'oar'; did you mean ore?"),
        ({**SOCIETY, "group": ObjectKind(has={"ore": 9})}, "group: has.ore: 9 is above the cap 5"),
        ({"kinship": Teams(num_teams=2)}, "kinship: num_teams: 2 teams need more than 1 agents"),
        ({"kinship": {"op": "tems"}}, None),
        ({"num_groups": 1025}, "num_groups: Input should be less than or equal to 1024 (got 1025)"),
    ],
)
def test_what_does_not_hold_together_is_refused(fields, message):
    refused = refusal(**fields)
    assert "\n" not in refused
    assert message is None or refused == message


@pytest.mark.parametrize(
    ("word", "message"),
    [
        (Add("ore", 1, "world"), "then.0: Add is about the world, and the game has none; set `world`"),
        (
            Add("ore", Var("ore", "group")),
            "then.0: Add is about the group, and the game has none; set `group`",
        ),
        (Move("ore", to="group"), "then.0: Move is about the group, and the game has none; set `group`"),
        (Move("ore", giver="world"), "then.0: Move is about the world, and the game has none; set `world`"),
        (
            AtLeast("ore", of="group"),
            "when.0: AtLeast is about the group, and the game has none; set `group`",
        ),
        (
            Not(AtLeast("ore", Var("ore", "world"))),
            "when.0: Not is about the world, and the game has none; set `world`",
        ),
        (
            Compare(Var("ore", "world"), 1),
            "when.0: Compare is about the world, and the game has none; set `world`",
        ),
        (Add("ore", around=Around("mien")), "then.0: unknown kind 'mien'; did you mean mine?"),
        (Add("ore", around=Around(same="tem")), "then.0: unknown variable 'tem'; did you mean team?"),
        (
            Gather("ore", 1, Around(equals=1), "actor"),
            "then.0: equals needs `having`: which variable is meant",
        ),
        (Total("oar", 1, Around(), "actor"), "when.0: unknown variable 'oar'; did you mean ore?"),
        (Leave("scent", 3), "then.0: unknown trace 'scent'"),
        (OnTrace("scent"), "when.0: unknown trace 'scent'"),
        (Spawn("agent", "beside"), "then.0: unknown kind 'agent'; valid: box, mine, wall"),
        (ChangeKinship(by=0.1, to=0.2), "then.0: give either `by` or `to`"),
    ],
)
def test_words_about_what_the_game_lacks_are_refused(word, message):
    """The actor meets another agent."""
    is_effect = message.startswith("then")
    rule = Rule(on="use", target="agent", when=[] if is_effect else [word], then=[word] if is_effect else [])
    assert refusal(rule).startswith("rules.0 (on use, target agent): " + message)


@pytest.mark.parametrize("word", [Court(), Bond(), Part("target"), ChangeKinship(to=1)])
def test_effects_between_agents_need_an_agent(word: Effect):
    name = type(word).__name__
    rule = Rule(on="use", target=["mine", "box"], then=[word])
    message = f"{name} is about two agents, and this rule's targets are none"
    assert refusal(rule) == f"rules.0 (on use, target mine/box): then.0: {message}"
    Play(game("@", [Rule(on="use", target=["mine", "agent"], then=[word])]))


@pytest.mark.parametrize("word", [Related(), Courted(), Mates(), Bonded("target"), Not(Mates())])
def test_filters_between_agents_need_an_agent(word: Filter):
    assert "is about two agents" in refusal(Rule(on="use", target="mine", when=[word]))
    Play(game("@", [Rule(on="use", target="agent", when=[word])]))


@pytest.mark.parametrize("word", [Court(), Bond(), ChangeKinship(to=1)])
def test_at_every_step_nobody_meets_another(word: Effect):
    message = f"then.0: {type(word).__name__} needs a verb; at every step a thing has only itself"
    assert refusal(Rule(on="step", target="agent", then=[word])).endswith(message)


@pytest.mark.parametrize("word", [ChangeBody("big", "world"), Remove("group"), ChangeBody("big", "group")])
def test_the_world_and_groups_have_no_place_and_no_body(word: Effect):
    assert refusal(Rule(on="do", then=[word]), **SOCIETY).endswith("not for the world or a group")


@pytest.mark.parametrize("word", [Remove("actor"), Become("mine", "actor")])
@pytest.mark.parametrize("target", ["world", "group"])
def test_the_world_and_groups_stay(word: Effect, target: str):
    refused = refusal(Rule(on="step", target=target, then=[word]), **SOCIETY)
    assert refused.endswith("is for things with a place, not for the world or a group")


@pytest.mark.parametrize("target", ["world", "group"])
def test_verbs_do_not_meet_the_world_or_groups(target: str):
    refused = refusal(Rule(on="use", target=target), **SOCIETY)
    assert f"target '{target}' is never met by a verb; it has rules of every step only" in refused


@pytest.mark.parametrize("kind", ["world", "group", "agent", "empty"])
@pytest.mark.parametrize("make", [Become, lambda kind: Spawn(kind, "beside")])
def test_only_objects_appear(kind: str, make: Any):
    refused = refusal(Rule(on="use", target="mine", then=[make(kind)]), **SOCIETY)
    assert refused.endswith(f"then.0: unknown kind '{kind}'; valid: box, mine, wall")


def test_objects_have_no_bodies_to_change():
    refused = refusal(Rule(on="step", target="mine", then=[ChangeBody("big")]))
    assert refused.endswith("ChangeBody is for agents only; objects use Become")


@pytest.mark.parametrize(
    "word", [Move("ore"), Court(), Birth(), Bond(), Set("ore", 1, "target"), Remove("actor"), Spawn("box")]
)
def test_what_is_always_done_is_done_to_oneself(word: Effect):
    name = type(word).__name__
    verbs = VERBS | {"do": Verb(aim=Ahead(), always=[word])}
    message = f"verbs.do: always.0: {name} cannot be done here, only plain effects on the actor itself"
    assert refusal(verbs=verbs) == message
    world = VERBS | {"do": Verb(always=[Add("ore", 1, "world")])}
    assert (
        refusal(verbs=world)
        == "verbs.do: always.0: Add is about the world, and the game has none; set `world`"
    )


@pytest.mark.parametrize("word", [Related(), Courted(), Mates(), Bonded("target"), Not(Related())])
def test_a_verb_cannot_require_what_is_between_two(word: Filter):
    assert refusal(requires=[word]).startswith("requires.0: ")
