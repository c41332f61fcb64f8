"""GameConfig: what it derives from a game, files of it, and how it refuses a game that contradicts itself."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game
from mettagrid.config.base import explain
from mettagrid.config.game import GameConfig
from mettagrid.config.things import Body, ObjectKind, Variable, View
from mettagrid.config.verb import Ahead, Choice, Oneself, Toward, Verb, cells_ahead, directions, numbered
from mettagrid.maps import AsciiMap
from mettagrid.rules import (
    Add,
    Argument,
    AtLeast,
    Become,
    Chance,
    ChangeBody,
    Convert,
    Count,
    Every,
    Move,
    Not,
    Push,
    Remove,
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


def parts() -> dict[str, Any]:
    """A small game that holds together."""
    return {
        "variables": {"energy": Variable(cap=50, initial=10, counted=True), "ore": Variable(cap=5)},
        "bodies": {"small": Body(traits={"strength": 1}), "big": Body(traits={"strength": 2})},
        "verbs": {
            "move": Verb(choices=directions(aimed=True), pays="energy"),
            "use": Verb(aim=Ahead()),
            "rest": Verb(),
        },
        "objects": {"wall": ObjectKind(), "mine": ObjectKind(has={"ore": 3}, caps={"ore": 9})},
        "rules": [
            Rule(on="move", target="empty", then=[Step()]),
            Rule(
                on="use", target="mine", when=[AtLeast("ore", of="target")], then=[Move("ore", 1, "target")]
            ),
            Rule(on="rest", then=[Add("energy"), Count("rests")]),
            Rule(on="step", target="mine", when=[Every(10)], then=[Add("ore")]),
        ],
        "map": AsciiMap(text="#@m#", legend={"m": "mine"}),
    }


def with_rule(**words: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda game: game["rules"].append(Rule(**words))


def with_part(field: str, name: str, part: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda game: game.setdefault(field, {}).update({name: part})


def with_value(field: str, value: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda game: game.update({field: value})


def refusal(change: Callable[[dict[str, Any]], Any]) -> str:
    game = parts()
    change(game)
    with pytest.raises(ValidationError) as error:
        GameConfig(**game)
    message = explain(error.value)
    assert "\n" not in message
    return message


def test_the_small_game_is_accepted():
    assert compile_game(GameConfig(**parts())).spec.kind_names == ["empty", "agent", "wall", "mine"]


USE_4 = "rules.4 (on use, target "


@pytest.mark.parametrize(
    ("change", "message"),
    [
        # Names that do not exist
        (
            with_rule(on="use", target="mine", when=[AtLeast("enrgy")]),
            USE_4 + "mine): when.0: unknown variable 'enrgy'; did you mean energy?",
        ),
        (
            with_rule(on="use", target="mine", then=[Add("ore"), Add("or", 2)]),
            USE_4 + "mine): then.1: unknown variable 'or'; did you mean ore?",
        ),
        (with_rule(on="use", target="mines"), USE_4 + "mines): unknown target 'mines'; did you mean mine?"),
        (
            with_rule(on="uze", target="mine"),
            "rules.4 (on uze, target mine): unknown verb 'uze'; did you mean use?",
        ),
        (
            with_rule(on=["use", "rest"], target="mine"),
            "rules.4 (on use/rest, target mine): target 'mine' is never met: "
            "rest aims at oneself, so use 'self'",
        ),
        (
            with_rule(on="rest", then=[ChangeBody("bigg")]),
            "rules.4 (on rest, target self): then.0: unknown body 'bigg'; did you mean big?",
        ),
        (
            with_rule(on="use", target="empty", then=[Spawn("wal")]),
            USE_4 + "empty): then.0: unknown kind 'wal'; did you mean wall?",
        ),
        (
            with_rule(on="rest", then=[Add("energy", Trait("strenght"))]),
            "rules.4 (on rest, target self): then.0: unknown trait 'strenght'; did you mean strength?",
        ),
        (
            with_part("verbs", "sing", Verb(pays="enrgy")),
            "verbs.sing.pays: unknown variable 'enrgy'; did you mean energy?",
        ),
        (
            with_part("verbs", "sing", Verb(requires=[AtLeast("energy"), AtLeast("oar")])),
            "verbs.sing: requires.1: unknown variable 'oar'; did you mean ore?",
        ),
        (
            with_part("verbs", "sing", Verb(always=[Add("oar")])),
            "verbs.sing: always.0: unknown variable 'oar'; did you mean ore?",
        ),
        (
            with_part("bodies", "big", Body(traits={"strength": 2}, caps={"eneryg": 3})),
            "bodies.big: caps: unknown variable 'eneryg'; did you mean energy?",
        ),
        (
            with_part("bodies", "big", Body(traits={"strength": 2}, prices={"mov": 3})),
            "bodies.big: prices: unknown verb with a price 'mov'; did you mean move?",
        ),
        (
            with_part("objects", "mine", ObjectKind(has={"orr": 3})),
            "objects.mine: has: unknown variable 'orr'; did you mean ore?",
        ),
        (
            with_part("objects", "mine", ObjectKind(has={"ore": 3}, shows=["energy"])),
            "objects.mine: shows: unknown variable of this kind 'energy'; valid: ore",
        ),
        (
            with_part("objects", "mine", ObjectKind(has={"ore": 3}, traits={"strong": 3})),
            "objects.mine: traits: unknown trait 'strong'; did you mean strength?",
        ),
        (with_part("starts", "orre", [1]), "starts: unknown variable 'orre'; did you mean ore?"),
        (
            with_value("map", AsciiMap(text="@w", legend={"w": "water"})),
            "map: text: row 1, column 2: 'w' stands for 'water', and the game has no such kind",
        ),
        # Names that are taken
        (
            with_part("verbs", "noop", Verb()),
            "verbs: the name 'noop' is taken by the game itself",
        ),
        (
            with_part("objects", "agent", ObjectKind()),
            "objects: the name 'agent' is taken by the game itself",
        ),
        (
            with_part("variables", "My Ore", Variable()),
            "variables: the name 'My Ore' must be lower case letters, digits and _",
        ),
        (
            with_value("bodies", {"body": Body(traits={"price_move": 3})}),
            "bodies: the trait 'price_move' is the price of a verb; set it in `prices`",
        ),
        (
            with_part("verbs", "move_east", Verb()),
            "verbs: 'move_east' would name two actions or an action and a verb",
        ),
        (
            with_part("verbs", "sing", Verb(choices=[Choice("low"), Choice("low")])),
            "verbs: 'sing_low' would name two actions or an action and a verb",
        ),
        # Numbers that contradict each other
        (
            with_part("variables", "ore", Variable(cap=5, initial=6)),
            "variables.ore.initial: 6 is above the cap 5",
        ),
        (
            with_part("variables", "heading", Variable(cap=4)),
            "variables.heading: the cap must be 3 (north, east, south, west)",
        ),
        (
            with_part("bodies", "big", Body(traits={"strength": 2}, initial={"ore": 6})),
            "bodies.big: initial.ore: 6 is above the cap 5",
        ),
        (
            with_part("bodies", "big", Body(traits={"strength": 2}, caps={"heading": 2})),
            "bodies.big: caps.heading: must be 3 (north, east, south, west)",
        ),
        (
            with_part("bodies", "big", Body(traits={"strength": 2}, radius=6)),
            "bodies.big: radius: 6 is more than the view shows, at most 5",
        ),
        (with_part("bodies", "big", Body()), "bodies.big.traits: lacks strength, which other bodies have"),
        (
            with_value("bodies", {"ghost": Body(share=0)}),
            "bodies: at least one body needs a share above 0",
        ),
        (
            with_part("objects", "mine", ObjectKind(has={"ore": 6})),
            "objects.mine: has.ore: 6 is above the cap 5",
        ),
        (with_part("starts", "ore", [1, 6]), "starts.ore: 6 is above the cap 5"),
        (with_part("starts", "ore", []), "starts.ore: needs at least one value"),
        (with_value("num_agents", 2), "map: the map has 1 places for agents, the game has 2 agents"),
        # Targets that are never met
        (
            with_rule(on="use", target="self"),
            USE_4 + "self): target 'self' is never met: use aims at a cell, so use 'agent'",
        ),
        (
            with_rule(on="rest", target="empty"),
            "rules.4 (on rest, target empty): target 'empty' is never met: "
            "rest aims at oneself, so use 'self'",
        ),
        # Words that make no sense where they stand
        (
            with_rule(on="use", target="mine", then=[Step()]),
            USE_4 + "mine): then.0: Step needs a verb and target='empty'",
        ),
        (
            with_rule(on="use", target=["empty", "mine"], then=[Spawn("wall")]),
            USE_4 + "empty/mine): then.0: Spawn needs a verb and target='empty'",
        ),
        (
            with_rule(on="use", target="empty", then=[Remove()]),
            USE_4 + "empty): then.0: Remove needs a target, and the empty cell is none",
        ),
        (
            with_rule(on="use", target="empty", then=[Push()]),
            USE_4 + "empty): then.0: Push needs a target, and the empty cell is none",
        ),
        (
            with_rule(on="use", target="empty", when=[Same("ore")]),
            USE_4 + "empty): when: the empty cell has no variables and no body to look at",
        ),
        (
            with_rule(on="step", target="mine", then=[Swap()]),
            "rules.4 (on step, target mine): then.0: Swap needs a verb; "
            "at every step a thing has only itself",
        ),
        (
            with_rule(on="use", target="agent", then=[Become("wall")]),
            USE_4 + "agent): then.0: Become is for objects only; agents use ChangeBody",
        ),
        (
            with_rule(on="use", target="mine", then=[ChangeBody("big", "target")]),
            USE_4 + "mine): then.0: ChangeBody is for agents only; objects use Become",
        ),
        (
            with_rule(on="rest", then=[Set("ore", Argument())]),
            "rules.4 (on rest, target self): then.0: Argument() has a value only in rules on a verb "
            "whose actions have numbers",
        ),
        (
            with_rule(on="step", target="agent", then=[Set("ore", Argument())]),
            "rules.4 (on step, target agent): then.0: Argument() has a value only in rules on a verb "
            "whose actions have numbers",
        ),
        (
            with_value("requires", [Not(Chance(0.5))]),
            "requires.0: Chance cannot be required of a verb; put it into a rule's `when`",
        ),
        (
            with_value("requires", [AtLeast("ore", of="target")]),
            "requires.0: what a verb requires may look at the actor only",
        ),
        (
            with_value("requires", [AtLeast("ore", Var("ore", of="target"))]),
            "requires.0: what a verb requires may look at the actor only",
        ),
        (
            with_part("verbs", "sing", Verb(always=[Take("ore", of="target")])),
            "verbs.sing: always.0: Take cannot be done here, only plain effects on the actor itself",
        ),
        (
            with_part("verbs", "sing", Verb(always=[Convert({"ore": 1}, {"energy": 1})])),
            "verbs.sing: always.0: Convert cannot be done here, only plain effects on the actor itself",
        ),
    ],
)
def test_a_game_that_contradicts_itself_is_refused_in_one_line(change, message):
    assert refusal(change) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: View(height=10), "height must be odd, so that the agent is in the middle (got 10)"),
        (
            lambda: View(height=9, heading_up=True),
            "a view that turns with the agent must be as high as it is",
        ),
        (lambda: View(width=17), "width: Input should be less than or equal to 15 (got 17)"),
        (lambda: Variable(cap=40000), "cap: Input should be less than or equal to 32767 (got 40000)"),
        (lambda: GameConfig(num_agent=3), "num_agent: there is no such field"),
    ],
)
def test_parts_refuse_what_cannot_be(make, message):
    with pytest.raises(ValidationError) as error:
        make()
    assert message in explain(error.value)


def test_a_change_in_place_is_found_when_the_game_is_compiled():
    game = GameConfig(**parts())
    game.rules.append(Rule(on="use", target="mnie"))
    with pytest.raises(ValueError, match="unknown target 'mnie'; did you mean mine"):
        compile_game(game)


def test_an_override_that_contradicts_the_game_changes_nothing():
    game = GameConfig(**parts())
    with pytest.raises(ValueError, match=r"energy\.initial: 51 is above the cap 50"):
        game.override("variables.energy.initial", 51)
    assert game.variables["energy"].initial == 10
    assert game.override("variables.energy.initial", 50).variables["energy"].initial == 50


@pytest.mark.parametrize(
    "make", [make_arena, lambda: make_arena(combat=False, shaped=True), lambda: GameConfig(**parts())]
)
def test_a_game_survives_json_and_yaml(make):
    game = make()
    assert GameConfig.model_validate_json(game.model_dump_json()) == game
    assert GameConfig(**json.loads(json.dumps(game.model_dump(mode="json")))) == game
    assert GameConfig(**yaml.safe_load(yaml.safe_dump(game.model_dump(mode="json")))) == game


def test_shares_of_bodies_add_up_to_the_agents():
    shares = {"a": Body(share=1), "b": Body(share=0), "c": Body(share=2)}
    for num_agents, expected in ((1, "c"), (3, "acc"), (6, "aacccc"), (7, "aaccccc")):
        drawing = AsciiMap(text="@" * num_agents)
        game = GameConfig(num_agents=num_agents, bodies=shares, map=drawing)
        assert "".join(game.agent_bodies()) == expected


def test_actions_are_the_verbs_with_their_choices_noop_first():
    verbs = {
        "move": Verb(choices=directions(aimed=True)),
        "use": Verb(aim=Ahead(2, -1)),
        "mark": Verb(choices=numbered(0, 1)),
        "hit": Verb(choices=cells_ahead(), requires=[AtLeast("heading", 0)]),
    }
    actions = {action.name: action for action in GameConfig(verbs=verbs).actions()}
    assert list(actions)[:6] == ["noop", "move_north", "move_east", "move_south", "move_west", "use"]
    assert list(actions)[6:9] == ["mark_0", "mark_1", "hit_1"]
    assert [actions[name].aim for name in ("noop", "move_west", "use")] == [
        Oneself(),
        Toward(3),
        Ahead(2, -1),
    ]
    assert [actions[name].number for name in ("noop", "use", "mark_1", "hit_9")] == [None, None, 1, 9]
    assert actions["hit_9"].aim == Ahead(3, 1)


def test_statistics_are_those_of_verbs_variables_and_counts():
    names = GameConfig(**parts(), statistics=["mine", "rests"]).stat_names()
    assert names[:4] == [
        "action.noop.success",
        "action.noop.failed",
        "action.move.success",
        "action.move.failed",
    ]
    assert names[-4:] == ["energy.gained", "energy.lost", "mine", "rests"]
    assert len(names) == len(set(names))
