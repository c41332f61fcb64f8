"""Families: gatherers harvest food, makers turn it into hearts, and kinship decides who shares in whose reward.

A gatherer needs eight times the food for a heart; a maker hardly harvests any. So food is worth more to a maker,
and whether it pays to give it away depends on how near the maker is and how much kin share.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.distribution import Normal
from mettagrid.config.game import GameConfig
from mettagrid.config.nearest import did_you_mean
from mettagrid.config.sharing import FamilySharing, GroupSharing, KinshipSharing, Prestige, Sharing
from mettagrid.config.things import Body, ObjectKind, Variable
from mettagrid.config.verb import Ahead, Choice, Verb, directions
from mettagrid.kinship import FamilyTrees, Kinship, Level, NestedGroups, NoKinship, RandomKinship, Teams
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    AtLeast,
    AtMost,
    Chance,
    Count,
    Every,
    HasRoom,
    Move,
    Related,
    Reward,
    Rule,
    Set,
    Step,
    Take,
    Trait,
)

STATIONS = {"bush": 16, "altar": 5}
"""How many of each station a field of 16 x 16 cells has."""
KINSHIPS = ("none", "families", "hives", "teams", "trees", "random")
"""Kinships that have a name; any other can be given as a config."""

SharingName = Literal["none", "kinship", "group", "family", "prestige"]
KinSight = Literal["exact", "noisy", "hidden"]
AtLeastOne = Annotated[int, Field(ge=1, le=250)]
Percent = Annotated[int, Field(ge=0, le=100)]
T = TypeVar("T")


class FamiliesNumbers(Config):
    """The numbers of the rules of families."""

    food_cap: AtLeastOne = 20
    """Food that an agent can carry."""
    gift: AtLeastOne = 5
    """Food that one `give_food` hands over, at most."""
    gatherer_price: AtLeastOne = 8
    """Food that a heart costs a gatherer."""
    maker_price: AtLeastOne = 1
    """Food that a heart costs a maker."""
    gatherer_skill: Percent = 100
    """Harvests of a gatherer that succeed, in percent."""
    maker_skill: Percent = 20
    """Harvests of a maker that succeed, in percent."""
    bush_cooldown: AtLeastOne = 10
    """Steps between two harvests from a bush."""
    altar_cooldown: AtLeastOne = 2
    """Steps between two hearts from an altar."""
    energy_cap: AtLeastOne = 150
    """Most energy that an agent can have."""
    initial_energy: Annotated[int, Field(ge=0, le=250)] = 150
    """Energy at the start of an episode."""
    hunger_period: AtLeastOne = 2
    """Steps in which everybody loses 1 energy; nothing else costs any."""
    hungry: AtLeastOne = 25
    """Energy up to which an agent that carries food eats: 1 food at a time, by itself."""
    meal: AtLeastOne = 100
    """Energy in 1 food."""
    faint_period: AtLeastOne = 3
    """Steps in which somebody without energy gets 1 back: the starved act only now and then."""
    kin_score: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Kinship from which `give.kin` counts a gift, else `give.stranger`."""


def make_families(
    num_agents: int = 24,
    kinship: str | Kinship = "families",
    share: float = 0.5,
    sharing: SharingName = "kinship",
    kin_sight: KinSight | None = None,
    shaped: bool = False,
    max_steps: int = 1000,
    numbers: FamiliesNumbers | None = None,
) -> GameConfig:
    """Make the game of families.

    Args:
        num_agents: agents in a world; half of them gatherers, half makers, in whichever families kinship puts them.
        kinship: a name from `KINSHIPS`, or any kinship.
        share: how much of each reward is shared; with `prestige`, what the first in hearts gets every 100 steps.
        sharing: who shares: kin by how near they are, the group (hive, team, or everybody where there are none),
            near kin evenly, nobody, or instead of sharing, ranks.
        kin_sight: whether agents see how near others are; `noisy` is off by 0.2 (standard deviation), the same all
            through an episode. None for what the kinship says; those with a name are exact.
        shaped: a small reward on the way, for training: 0.05 for each harvest.
        max_steps: steps in an episode.
        numbers: prices, cooldowns and the like; None for the defaults.
    """
    numbers = numbers or FamiliesNumbers()
    scheme = _kinship(kinship, num_agents) if isinstance(kinship, str) else kinship
    if isinstance(scheme, NoKinship) and sharing in ("kinship", "family"):
        sharing = "none"
    return GameConfig(
        name="families",
        num_agents=num_agents,
        max_steps=max_steps,
        variables=_variables(numbers, shows_team=sharing == "group"),
        bodies=_bodies(numbers),
        kinship=_seen(scheme, kin_sight),
        sharing=_sharing(sharing, share),
        group_variable="team",
        requires=[AtLeast("energy")],
        verbs=_verbs(numbers),
        objects={
            "border": ObjectKind(),
            "wall": ObjectKind(),
            "bush": ObjectKind(has={"cooldown": 0}),
            "altar": ObjectKind(has={"cooldown": 0}),
        },
        rules=[*_movement(), *_work(numbers, shaped), *_gifts(numbers), *_metabolism(numbers)],
        map=RandomMap(height=16, width=16, border="border", stations=STATIONS, obstacles={"wall": 4}),
    )


def _kinship(name: str, num_agents: int) -> Kinship:
    family, clan = Level(name="family", size=3, score=1.0), Level(name="clan", size=6, score=0.2)
    named: dict[str, Kinship] = {
        "none": NoKinship(),
        "families": NestedGroups(levels=[clan, family]),
        "hives": NestedGroups(levels=[Level(name="hive", size=12, score=0.1), clan, family]),
        "teams": Teams(num_teams=min(4, num_agents)),
        "trees": FamilyTrees(founders=max(2, num_agents // 3), generations=3),
        "random": RandomKinship(),
    }
    return _named("kinship", name, named)


def _named(argument: str, name: str, valid: Mapping[str, T]) -> T:
    if name not in valid:
        raise ValueError(f"{argument}: there is no {name!r}; {did_you_mean(name, valid)}")
    return valid[name]


def _seen(scheme: Kinship, kin_sight: KinSight | None) -> Kinship:
    errors = {"exact": None, "noisy": Normal(0.0, 0.2), "hidden": None}
    if kin_sight is None or isinstance(scheme, NoKinship):
        return scheme
    noise = _named("kin_sight", kin_sight, errors)
    return scheme.override_all({"shown": kin_sight != "hidden", "noise": noise, "noise_per": "episode"})


def _sharing(name: SharingName, share: float) -> list[Sharing]:
    ways: dict[str, list[Sharing]] = {
        "none": [],
        "kinship": [KinshipSharing(share)],
        "group": [GroupSharing(share, "team")],
        "family": [FamilySharing(share, 0.5)],
        "prestige": [Prestige(share, "heart", 100)],
    }
    return _named("sharing", name, ways)


def _variables(numbers: FamiliesNumbers, shows_team: bool) -> dict[str, Variable]:
    longest_cooldown = max(numbers.bush_cooldown, numbers.altar_cooldown)
    return {
        "maker": Variable(cap=1, shown="all"),
        "energy": Variable(cap=numbers.energy_cap, initial=numbers.initial_energy, shown="self"),
        "food": Variable(cap=numbers.food_cap, shown="all", counted=True),
        "heart": Variable(cap=10000, shown="self", counted=True),
        "team": Variable(cap=1000, shown="all" if shows_team else "nobody"),
        "cooldown": Variable(cap=longest_cooldown, countdown=True, shown="all", agents=False),
    }


def _bodies(numbers: FamiliesNumbers) -> dict[str, Body]:
    """What tells gatherers and makers apart: `skill` at the bush, `heart_price` at the altar."""
    return {
        "gatherer": Body(traits={"skill": numbers.gatherer_skill, "heart_price": numbers.gatherer_price}),
        "maker": Body(
            initial={"maker": 1}, traits={"skill": numbers.maker_skill, "heart_price": numbers.maker_price}
        ),
    }


def _verbs(numbers: FamiliesNumbers) -> dict[str, Verb]:
    gift = Choice("food", numbers.gift, requires=[AtLeast("food")])
    return {
        "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
        "use": Verb(aim=Ahead()),
        "give": Verb(aim=Ahead(), choices=[gift]),
    }


def _movement() -> list[Rule]:
    """A move always turns the agent; it steps only onto an empty cell."""
    return [Rule(on="move", target="empty", then=[Step()])]


def _work(numbers: FamiliesNumbers, shaped: bool) -> list[Rule]:
    """Bushes give food, by skill; altars turn food into hearts, at the body's price."""
    is_ready = AtMost("cooldown", 0, of="target")
    return [
        Rule(
            on="use",
            target="bush",
            when=[is_ready, HasRoom("food"), Chance(Trait("skill"))],
            then=[
                Add("food", 1),
                Set("cooldown", numbers.bush_cooldown, of="target"),
                *([Reward(0.05)] if shaped else []),
            ],
        ),
        Rule(
            on="use",
            target="altar",
            when=[is_ready, AtLeast("food", Trait("heart_price"))],
            then=[
                Take("food", Trait("heart_price")),
                Add("heart", 1),
                Reward(1.0),
                Set("cooldown", numbers.altar_cooldown, of="target"),
            ],
        ),
    ]


def _gifts(numbers: FamiliesNumbers) -> list[Rule]:
    """Food can be given to anybody ahead; who received it is counted."""
    possible = [AtLeast("food"), HasRoom("food", 1, of="target")]
    hand_over = Move("food", Argument())
    kin = Related(numbers.kin_score)
    return [
        Rule(on="give_food", target="agent", when=[*possible, kin], then=[hand_over, Count("give.kin")]),
        Rule(on="give_food", target="agent", when=possible, then=[hand_over, Count("give.stranger")]),
    ]


def _metabolism(numbers: FamiliesNumbers) -> list[Rule]:
    """Hunger grows with time. The hungry eat what they carry; without food, they faint and wake now and then."""
    hunger = Rule(on="step", target="agent", when=[Every(numbers.hunger_period)], then=[Take("energy")])
    eats = [AtMost("energy", numbers.hungry), AtLeast("food")]
    wakes = [Every(numbers.faint_period), AtMost("energy", 0)]
    return [
        hunger,
        Rule(on="step", target="agent", when=eats, then=[Take("food"), Add("energy", numbers.meal)]),
        Rule(on="step", target="agent", when=wakes, then=[Add("energy", 1)]),
    ]
