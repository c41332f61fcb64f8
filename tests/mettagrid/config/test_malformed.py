"""Hundreds of malformed games: each is refused with one line that has the path, the reason and what would be right.

They are made from good games: every name that a rule uses is misspelt, every number that has limits leaves them, every
field gets a wrong type and a neighbour that does not exist.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import ValidationError

from mettagrid.config.base import explain
from mettagrid.config.game import GameConfig
from mettagrid.config.sharing import BondSharing, Gene, GroupSharing, KinshipSharing, Prestige
from mettagrid.config.things import Body, Ground, ObjectKind, Variable
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.games.arena import make_arena
from mettagrid.kinship import Level, NestedGroups
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    Around,
    AtLeast,
    Birth,
    Bond,
    CanBear,
    ChangeBody,
    Courted,
    Gather,
    Lay,
    Leave,
    Nearby,
    OnGround,
    OnTrace,
    Reward,
    Rule,
    Set,
    Spawn,
    Step,
    Total,
    Trait,
    Var,
)

NAMES = ("variable", "kind", "body", "ground", "trace", "having", "same", "name")
"""Fields that hold a name of the game. `name` is that of a variable or trait inside an amount."""


def society() -> GameConfig:
    """A game that uses what the arena does not."""
    return GameConfig(
        name="society",
        num_agents=6,
        initial_agents=4,
        variables={
            "energy": Variable(cap=100, initial=50, shown="self"),
            "team": Variable(cap=3, shown="all"),
            "mark": Variable(cap=3, shown="all"),
            "light": Variable(agents=False, shown="all"),
            "store": Variable(cap=1000, shown="all"),
        },
        bodies={"small": Body(traits={"strength": 1}), "large": Body(traits={"strength": 3})},
        heredity={"energy": Gene(mutation=0.1, span=5)},
        world=ObjectKind(has={"light": 9}),
        group=ObjectKind(has={"store": 0}),
        num_groups=2,
        group_variable="team",
        grounds={"swamp": Ground()},
        traces=["scent"],
        kinship=NestedGroups(
            levels=[Level(name="clan", size=4, score=0.2), Level(name="family", size=2, score=0.5)]
        ),
        sharing=[KinshipSharing(0.5), GroupSharing(0.1), BondSharing(0.2), Prestige(1.0, "energy")],
        verbs={
            "move": Verb(choices=directions(aimed=True), pays="energy", always=[Set("heading", Argument())]),
            "court": Verb(aim=Ahead(), requires=[AtLeast("energy", Trait("price_move"))]),
            "use": Verb(aim=Ahead()),
        },
        objects={"wall": ObjectKind(), "berry": ObjectKind(has={"store": 3})},
        rules=[
            Rule(
                on="move",
                target="empty",
                when=[OnGround("swamp", "target")],
                then=[Leave("scent", 9), Step()],
            ),
            Rule(on="court", target="agent", when=[Courted(5), CanBear()], then=[Bond(), Birth(0.1)]),
            Rule(
                on="use",
                target="berry",
                when=[
                    Total("energy", 5, Around("agent", 2, "mark", same="team")),
                    Nearby("agent", having="mark"),
                ],
                then=[Gather("energy", 5, Around("agent")), Add("store", Var("light", "world"), of="group")],
            ),
            Rule(
                on="use",
                target="empty",
                when=[OnTrace("scent", "target")],
                then=[Lay("swamp"), Spawn("berry")],
            ),
            Rule(on="step", target="agent", then=[ChangeBody("large"), Reward(0.1, around=Around("agent"))]),
        ],
        map=RandomMap(height=8, width=8, border="wall", stations={"berry": 4}, grounds={"swamp": 0.2}),
    )


@dataclass(frozen=True)
class Malformed:
    """A game as data, where it is wrong, and what the refusal must say besides the place."""

    where: tuple[str | int, ...]
    data: dict[str, Any]
    says: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return ".".join(map(str, self.where))


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every plain value of a game's data, with its path."""
    items = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if items is None:
        yield path, value
        return
    for key, inner in items:
        yield from leaves(inner, (*path, key))


def changed(data: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """A copy of the data with another value at a path."""
    data = copy.deepcopy(data)
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return data


def misspelt(word: str) -> str:
    """The word without its last letter but one: near enough to be recognised."""
    return word[:-2] + word[-1] if len(word) > 2 else word + "x"


def wrong_names(data: dict[str, Any]) -> Iterator[Malformed]:
    """Every name in the rules, misspelt; the refusal names the right one."""
    for path, value in leaves(data):
        in_words = path[0] in ("rules", "verbs", "requires") and path[-1] in NAMES and path[1:] != ("name",)
        is_choice = path[0] == "verbs" and "choices" in path and path[-1] == "name" and "requires" not in path
        if in_words and isinstance(value, str) and value != "any" and not is_choice:
            yield Malformed(path, changed(data, path, misspelt(value)), (misspelt(value), value))


def wrong_types(data: dict[str, Any]) -> Iterator[Malformed]:
    """Every value replaced by one of a type that it cannot have."""
    for path, value in leaves(data):
        is_free_text = path in (("name",), ("map", "text")) or path[0] == "traces"
        if not is_free_text and path[-1] != "op" and value != []:
            yield Malformed(path, changed(data, path, {"surprise": 1}))


def wrong_numbers(data: dict[str, Any]) -> Iterator[Malformed]:
    """Numbers far below everything that a field allows."""
    limited = (
        "radius",
        "cap",
        "initial",
        "share",
        "price",
        "probability",
        "period",
        "size",
        "score",
        "mutation",
        "span",
    )
    for path, value in leaves(data):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and path[-1] in limited:
            yield Malformed(path, changed(data, path, -1), ("-1",))


def unknown_fields(data: dict[str, Any], path: tuple[str | int, ...] = ()) -> Iterator[Malformed]:
    """A field beside every config that does not exist. Dicts whose keys are names of the game take any."""
    keyed_by_name = {
        "variables",
        "bodies",
        "verbs",
        "objects",
        "grounds",
        "heredity",
        "starts",
        "vary",
        "has",
        "caps",
    }
    keyed_by_name |= {"traits", "prices", "stations", "obstacles", "initial"}
    place: Any = data
    for key in path:
        place = place[key]
    if isinstance(place, dict):
        by_name = path and path[-1] in (
            *keyed_by_name,
            "has",
            "caps",
            "traits",
            "prices",
            "stations",
            "obstacles",
            "initial",
        )
        if not by_name:
            yield Malformed((*path, "surprise"), changed(data, (*path, "surprise"), 1), ("no such field",))
        for key in place:
            yield from unknown_fields(data, (*path, key))
    elif isinstance(place, list):
        for index in range(len(place)):
            yield from unknown_fields(data, (*path, index))


def all_malformed() -> list[Malformed]:
    cases: list[Malformed] = []
    for game in (society(), make_arena(num_agents=4, shaped=True)):
        data = game.model_dump(mode="json")
        for make in (wrong_names, wrong_types, wrong_numbers, unknown_fields):
            cases += make(data)
    return cases


def refusal(data: dict[str, Any]) -> str:
    """What the user is told of a game that cannot be."""
    with pytest.raises(ValidationError) as raised:
        GameConfig.model_validate(data)
    return explain(raised.value)


CASES = all_malformed()


def test_there_are_hundreds_of_cases():
    kinds = [
        len(list(make(society().model_dump(mode="json"))))
        for make in (wrong_names, wrong_numbers, unknown_fields)
    ]
    assert min(kinds) >= 15
    assert len(CASES) >= 500


@pytest.mark.parametrize("chunk", range(10))
def test_each_is_refused_with_its_place_and_what_would_be_right(chunk: int):
    problems = []
    for case in CASES[chunk::10]:
        line = refusal(case.data)
        if "\n" in line:
            problems.append(f"{case.path}: more than one line: {line!r}")
        elif not tells_the_place(line, case):
            problems.append(f"{case.path}: the place is missing: {line}")
        elif missing := [text for text in case.says if text not in line]:
            problems.append(f"{case.path}: does not say {missing}: {line}")
    assert not problems, f"{len(problems)} refusals say too little:\n" + "\n".join(problems[:20])


def tells_the_place(line: str, case: Malformed) -> bool:
    """The first two parts of the path lead to the thing; `rules.3 (on use, target altar): then.0` says as much."""
    plain = re.sub(r" \([^)]*\): ", ".", line).replace(": ", ".")
    return plain.startswith(".".join(map(str, case.where[:2])))
