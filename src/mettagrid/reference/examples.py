"""An example for each word, in a small game that can be played: docs/rules.md shows them and the tests run them."""

from collections.abc import Sequence
from typing import Any

from mettagrid.config.distribution import Beta, Choice, Exponential, LogUniform, Normal, Uniform
from mettagrid.config.game import GameConfig
from mettagrid.config.sharing import BondSharing, FamilySharing, GroupSharing, KinshipSharing, Prestige
from mettagrid.config.things import Body, Ground, ObjectKind, Variable, View
from mettagrid.config.vary import Shown, Together
from mettagrid.config.verb import Ahead, Oneself, Toward, Verb, directions, numbered
from mettagrid.kinship import FamilyTrees, Level, NestedGroups, NoKinship, RandomKinship, Teams
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    Around,
    AtLeast,
    AtMost,
    Become,
    Birth,
    Bond,
    Bonded,
    CanBear,
    Chance,
    ChangeBody,
    ChangeKinship,
    Compare,
    Convert,
    Count,
    Court,
    Courted,
    Every,
    Freeze,
    Gather,
    HasRoom,
    Lay,
    Leave,
    Mates,
    Move,
    Nearby,
    Not,
    OnGround,
    OnTrace,
    Part,
    Push,
    Related,
    Remove,
    Reward,
    Rule,
    Same,
    Set,
    Spawn,
    Step,
    Swap,
    Take,
    Total,
    Trait,
    Var,
    Word,
)

FILTER_EXAMPLES: dict[type[Word], Rule] = {
    AtLeast: Rule(
        on="use", target="altar", when=[AtLeast("energy", 5)], then=[Take("energy", 5), Add("heart")]
    ),
    AtMost: Rule(on="use", target="mine", when=[AtMost("cooldown", of="target")], then=[Add("ore")]),
    HasRoom: Rule(on="use", target="mine", when=[HasRoom("ore", 2)], then=[Add("ore", 2)]),
    Same: Rule(on="use", target="agent", when=[Same("team")], then=[Move("ore", 1)]),
    Compare: Rule(
        on="attack",
        target="agent",
        when=[Compare(Trait("strength"), Trait("strength", of="target"))],
        then=[Move("ore", giver="target")],
    ),
    Chance: Rule(on="use", target="mine", when=[Chance(0.25)], then=[Add("ore")]),
    Every: Rule(on="step", target="agent", when=[Every(10)], then=[Take("energy")]),
    Nearby: Rule(on="use", target="altar", when=[Nearby("agent", 2, of="target")], then=[Add("heart")]),
    Total: Rule(
        on="use",
        target="altar",
        when=[Total("energy", 20, Around("agent", 2))],
        then=[Add("heart"), Reward(1.0)],
    ),
    Related: Rule(on="use", target="agent", when=[Related(0.5)], then=[Move("energy", 5)]),
    Courted: Rule(on="court", target="agent", when=[Courted(10)], then=[Bond()]),
    Bonded: Rule(on="use", target="altar", when=[Bonded()], then=[Add("heart", 2)]),
    Mates: Rule(on="use", target="agent", when=[Mates()], then=[Move("energy", 5)]),
    CanBear: Rule(on="rest", when=[CanBear()], then=[Birth()]),
    OnGround: Rule(on="step", target="agent", when=[OnGround("swamp")], then=[Take("energy", 2)]),
    OnTrace: Rule(on="step", target="agent", when=[OnTrace("scent")], then=[Count("smelt")]),
    Not: Rule(on="use", target="agent", when=[Not(Same("team"))], then=[Move("ore", giver="target")]),
}
"""A rule for each filter."""

EFFECT_EXAMPLES: dict[type[Word], Rule] = {
    Add: Rule(on="use", target="mine", then=[Add("ore", 2)]),
    Take: Rule(on="step", target="agent", then=[Take("energy")]),
    Set: Rule(on="mark", then=[Set("mark", Argument())]),
    Move: Rule(on="use", target="agent", then=[Move("energy", 5)]),
    Convert: Rule(on="use", target="altar", then=[Convert({"energy": 5}, {"heart": 1})]),
    Gather: Rule(
        on="use",
        target="altar",
        when=[Total("energy", 20, Around("agent", 2))],
        then=[
            Gather("energy", 20, Around("agent", 2)),
            Add("heart", 1, of="target", around=Around("agent", 2)),
        ],
    ),
    Freeze: Rule(on="attack", target="agent", then=[Freeze(5)]),
    Step: Rule(on="move", target="empty", then=[Step()]),
    Swap: Rule(on="use", target="agent", then=[Swap()]),
    Push: Rule(on="use", target="box", then=[Push()]),
    Remove: Rule(on="attack", target="box", then=[Remove()]),
    Spawn: Rule(on="build", target="empty", then=[Spawn("box"), Move("ore", 1)]),
    Become: Rule(on="use", target="box", then=[Become("mine")]),
    Reward: Rule(on="use", target="altar", then=[Add("heart"), Reward(1.0)]),
    Count: Rule(
        on="attack", target="agent", then=[Count("attack.hit"), Count("attack.suffered", of="target")]
    ),
    ChangeBody: Rule(
        on="use", target="altar", when=[AtLeast("ore", 3)], then=[Take("ore", 3), ChangeBody("strong")]
    ),
    Court: Rule(on="court", target="agent", then=[Court()]),
    Bond: Rule(on="court", target="agent", when=[Courted(10), Not(Bonded())], then=[Bond()]),
    Part: Rule(on="rest", when=[Bonded()], then=[Part()]),
    Birth: Rule(
        on="use", target="agent", when=[Mates(), CanBear()], then=[Birth(mutation=0.1), Take("energy", 5)]
    ),
    ChangeKinship: Rule(on="use", target="agent", then=[Move("ore", 1), ChangeKinship(by=0.1)]),
    Lay: Rule(on="build", target="empty", when=[OnGround("swamp", of="target")], then=[Lay("plain")]),
    Leave: Rule(on="step", target="agent", then=[Leave("scent", 20)]),
}
"""A rule for each effect."""

AMOUNT_EXAMPLES: dict[type[Word], Rule] = {
    Trait: Rule(on="use", target="mine", then=[Add("ore", Trait("strength"))]),
    Var: Rule(on="use", target="altar", then=[Add("heart", Var("ore")), Take("ore", "all")]),
    Argument: Rule(on="mark", then=[Set("mark", Argument())]),
    Around: Rule(on="use", target="altar", then=[Add("energy", 5, around=Around("agent", 3, same="team"))]),
}
"""A rule for each kind of amount, and for `Around`."""

AIM_EXAMPLES: dict[type[Word], Verb] = {
    Oneself: Verb(aim=Oneself(), pays="energy", price=2),
    Ahead: Verb(aim=Ahead(forward=2)),
    Toward: Verb(aim=Toward(0)),
}
"""A verb for each aim."""

KINSHIP_EXAMPLES: list[Any] = [
    NoKinship(),
    RandomKinship(scores=Beta(2, 5), symmetric=False),
    Teams(num_teams=2, score=0.8, between=0.1),
    NestedGroups(levels=[Level(name="hive", size=4, score=0.1), Level(name="family", size=2, score=0.5)]),
    FamilyTrees(founders=2, generations=3, noise=Normal(0, 0.1), noise_per="episode"),
]
"""Every kind of kinship."""

SHARING_EXAMPLES: list[Any] = [
    KinshipSharing(0.5),
    GroupSharing(0.2, "team"),
    FamilySharing(0.5, 0.25),
    BondSharing(0.3),
    Prestige(1.0, "heart", 100),
]
"""Every kind of sharing."""

VARY_EXAMPLES: list[dict[str, Any]] = [
    {"variables.energy.initial": Uniform(5, 20)},
    {"bodies.strong.traits.strength": LogUniform(2, 20)},
    {"variables.energy.initial": Normal(15, 4, low=5, high=25)},
    {"rules.0.when.0.probability": Beta(2, 5)},
    {"variables.energy.initial": Exponential(mean=5, high=30)},
    {"rules.0.then.0.variable": Choice(["ore", "heart"])},
    {
        "pace": Together(
            [{"max_steps": 90, "rules.0.then.0.amount": 1}, {"max_steps": 60, "rules.0.then.0.amount": 2}]
        )
    },
    {"max_steps": Shown(Uniform(50, 100), "length")},
]
"""Every distribution, and what stands around one, as an entry of `GameConfig.vary`."""

FIRST_RULE = Rule(on="use", target="mine", when=[Chance(0.5)], then=[Add("ore")])
"""What the paths of `VARY_EXAMPLES` that begin with `rules.0` lead to."""


def example_game(rules: Sequence[Rule], **fields: Any) -> GameConfig:
    """A game of some agents in a narrow field with an altar, mines and boxes, in which the examples make sense.

    Args:
        rules: what can be done besides walking.
        fields: what is different from the game of all examples.
    """
    parts: dict[str, Any] = {
        "name": "example",
        "num_agents": 6,
        "initial_agents": 4 if _bears(rules) else None,
        "max_steps": 100,
        "view": View(height=7, width=7),
        "variables": {
            "energy": Variable(cap=30, initial=20, shown="self"),
            "ore": Variable(cap=9, initial=1, shown="self", counted=True),
            "heart": Variable(cap=99, shown="self", counted=True),
            "team": Variable(cap=2, shown="all"),
            "mark": Variable(cap=3, shown="all"),
            "frozen": Variable(cap=9, countdown=True, shown="all"),
            "cooldown": Variable(cap=9, countdown=True, shown="all", agents=False),
        },
        "bodies": {"weak": Body(traits={"strength": 1}), "strong": Body(traits={"strength": 3})},
        "starts": {"team": [1, 2]},
        "requires": [AtMost("frozen")],
        "verbs": {
            "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
            **{name: Verb(aim=Ahead()) for name in ("use", "attack", "build", "court")},
            "rest": Verb(),
            "mark": Verb(choices=numbered(0, 3)),
        },
        "objects": {
            "altar": ObjectKind(),
            "mine": ObjectKind(has={"ore": 5, "cooldown": 0}),
            "box": ObjectKind(has={"ore": 0}),
        },
        "grounds": {"swamp": Ground()},
        "traces": ["scent"],
        "kinship": Teams(num_teams=2),
        "rules": [*rules, *EVERYDAY],
        "map": RandomMap(
            height=5, width=6, stations={"altar": 2, "mine": 2, "box": 3}, grounds={"swamp": 0.3}
        ),
    }
    return GameConfig(**parts | fields)


EVERYDAY = [
    Rule(on="move", target="empty", then=[Step()]),
    Rule(on="court", target="agent", when=[Courted(10)], then=[Bond()]),
    Rule(on="court", target="agent", then=[Court()]),
    Rule(on="build", target="empty", then=[Leave("scent", 5, of="target")]),
    Rule(on="rest", then=[Leave("scent", 5)]),
    Rule(on="use", target="mine", then=[Add("ore")]),
]
"""What can be done in every example, if its own rule does not say something else."""


def _bears(rules: Sequence[Rule]) -> bool:
    return any(isinstance(effect, Birth) for rule in rules for effect in rule.then)
