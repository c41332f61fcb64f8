"""Mates: two that court each other bond, share what they earn, and bear children that they must feed.

Food comes from bushes and turns into hearts at altars, more cheaply for those who are bonded. With births,
everybody grows old and dies; a people lives on by the children that were fed.
"""

from typing import Annotated

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.config.sharing import BondSharing, Gene, KinshipSharing, Sharing
from mettagrid.config.things import Body, ObjectKind, Variable
from mettagrid.config.verb import Ahead, Choice, Oneself, Verb, directions
from mettagrid.kinship import Kinship, NoKinship, Teams
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    AtLeast,
    AtMost,
    Birth,
    Bond,
    Bonded,
    CanBear,
    Chance,
    Count,
    Court,
    Courted,
    Effect,
    Every,
    Filter,
    HasRoom,
    Mates,
    Move,
    Not,
    Part,
    Related,
    Remove,
    Reward,
    Rule,
    Set,
    Step,
    Take,
    Trait,
    Var,
)

STATIONS = {"bush": 14, "altar": 4}
"""How many of each station a field of 14 x 14 cells has."""

AtLeastOne = Annotated[int, Field(ge=1, le=250)]
Percent = Annotated[int, Field(ge=0, le=100)]


class MatesNumbers(Config):
    """The numbers of the rules of mates."""

    food_cap: AtLeastOne = 12
    """Food that an agent can carry."""
    gift: AtLeastOne = 1
    """Food that one `give_food` hands over."""
    bush_cooldown: AtLeastOne = 10
    """Steps between two harvests from a bush."""
    single_price: AtLeastOne = 4
    """Food that a heart costs somebody without a mate."""
    bonded_price: AtLeastOne = 2
    """Food that a heart costs somebody who is bonded."""
    altar_cooldown: AtLeastOne = 2
    """Steps between two hearts from an altar."""
    energy_cap: AtLeastOne = 250
    """Most energy that an agent can have."""
    initial_energy: AtLeastOne = 200
    """Energy at the start of an episode."""
    hungry: AtLeastOne = 60
    """Energy up to which an agent that carries food eats: 1 food at a time, by itself."""
    meal: AtLeastOne = 100
    """Energy in 1 food."""
    faint_period: AtLeastOne = 3
    """Without births: steps in which somebody without energy gets 1 back. With births it dies instead."""
    court_window: AtLeastOne = 30
    """Steps within which courting must be answered."""
    bond_price: AtLeastOne = 10
    """Energy that a bond costs each of the two."""
    term: Annotated[int, Field(ge=1, le=30000)] = 300
    """Steps after which a bond ends by itself."""
    commitment: Annotated[int, Field(ge=0, le=30000)] = 50
    """Steps of a bond in which nobody can leave."""
    part_price: AtLeastOne = 40
    """Energy that it costs to leave a mate."""
    birth_price: AtLeastOne = 20
    """Energy that a child costs each parent."""
    birth_pause: AtLeastOne = 60
    """Steps until somebody who had a child can have the next."""
    mutation: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Probability that a child's body is drawn anew, and that its talent changes."""
    talent: Percent = 30
    """Talent of the first generation: harvests that bring a second food, in percent."""
    talent_span: Percent = 20
    """Most by which a mutation changes the talent."""
    birth_energy: AtLeastOne = 60
    """Energy of a newborn child."""
    youth: AtLeastOne = 80
    """Steps in which a child can neither work, nor give, nor court; it must be fed."""
    grown_hearts: Annotated[int, Field(ge=0, le=20)] = 4
    """Hearts that a child is worth when it grows up."""
    old_age: Annotated[int, Field(ge=1, le=30000)] = 500
    """Age in steps from which one may die of it."""
    frailty: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Probability to die in each step from then on."""


def make_mates(
    num_agents: int = 24,
    births: bool = True,
    bond_share: float = 0.3,
    kin_share: float = 0.5,
    shaped: bool = False,
    max_steps: int = 1000,
    numbers: MatesNumbers | None = None,
) -> GameConfig:
    """Make the game of mates.

    Args:
        num_agents: agents in a world; with births, slots for agents, two thirds of which live at the start.
        births: whether mates can have children, and everybody dies of hunger or age; else nobody is born or dies.
        bond_share: part of each reward that goes to the mate.
        kin_share: part of each reward that kin share by how near they are; parents and children are 1/2. Only with
            births.
        shaped: small rewards on the way, for training: 0.05 for a harvest, 0.1 for a bond, and for food given to a
            hungry child.
        max_steps: steps in an episode.
        numbers: prices, spans of life and the like; None for the defaults.
    """
    numbers = numbers or MatesNumbers()
    kinship: Kinship = NoKinship()
    sharing: list[Sharing] = [BondSharing(bond_share)]
    if births:
        kinship = Teams(num_teams=num_agents)  # the first generation is not related; children inherit
        sharing.append(KinshipSharing(kin_share))
    return GameConfig(
        name="mates",
        num_agents=num_agents,
        initial_agents=max(2, num_agents * 2 // 3) if births else None,
        max_steps=max_steps,
        variables=_variables(numbers, births),
        bodies=_bodies(),
        starts=_first_generation(numbers) if births else {},
        heredity={"talent": Gene(mutation=numbers.mutation, span=numbers.talent_span)} if births else {},
        kinship=kinship,
        sharing=sharing,
        requires=[AtLeast("energy")],
        verbs=_verbs(numbers, births),
        objects={
            "border": ObjectKind(),
            "wall": ObjectKind(),
            "bush": ObjectKind(has={"cooldown": 0}),
            "altar": ObjectKind(has={"cooldown": 0}),
        },
        rules=[
            *_movement(),
            *_work(numbers, shaped),
            *_gifts(numbers, births, shaped),
            *_courtship(numbers, births, shaped),
            *_bonds(),
            *(_children(numbers) if births else []),
            *_metabolism(numbers, births),
        ],
        map=RandomMap(height=14, width=14, border="border", stations=STATIONS, obstacles={"wall": 4}),
    )


def _variables(numbers: MatesNumbers, births: bool) -> dict[str, Variable]:
    longest_cooldown = max(numbers.bush_cooldown, numbers.altar_cooldown)
    energy = numbers.birth_energy if births else numbers.initial_energy
    variables = {
        "bonded": Variable(cap=1, shown="all"),
        "strong": Variable(cap=1, shown="all"),
        "energy": Variable(cap=numbers.energy_cap, initial=energy, shown="all"),
        "food": Variable(cap=numbers.food_cap, shown="self", counted=True),
        "heart": Variable(cap=10000, shown="self", counted=True),
        "talent": Variable(cap=100, initial=numbers.talent, shown="all"),
        "term": Variable(cap=numbers.term, countdown=True, shown="self"),
        "cooldown": Variable(cap=longest_cooldown, countdown=True, shown="all", agents=False),
    }
    if not births:
        return variables
    return variables | {
        "youth": Variable(cap=numbers.youth, initial=numbers.youth, countdown=True, shown="all"),
        "grown": Variable(cap=1),
        "age": Variable(cap=32000, shown="self"),
        "pause": Variable(cap=numbers.birth_pause, countdown=True, shown="all"),
    }


def _first_generation(numbers: MatesNumbers) -> dict[str, list[int]]:
    """Grown up and of different ages, so that not all die at once."""
    ages = [numbers.old_age * part // 10 for part in (2, 4, 3, 6, 5)]
    return {"youth": [0], "grown": [1], "energy": [numbers.initial_energy], "age": ages}


def _bodies() -> dict[str, Body]:
    """The strong harvest twice as much and eat twice as much: `upkeep` is what everybody loses in 4 steps."""
    return {
        "light": Body(share=2, traits={"strength": 1, "upkeep": 2}),
        "strong": Body(initial={"strong": 1}, traits={"strength": 2, "upkeep": 4}),
    }


def _verbs(numbers: MatesNumbers, births: bool) -> dict[str, Verb]:
    """Children only walk. A child is borne only if there is a slot and a place for it: else the verb is masked out."""
    is_grown: list[Filter] = [AtMost("youth", 0)] if births else []
    gift = Choice("food", numbers.gift, requires=[AtLeast("food")])
    courts = [Not(Bonded()), AtLeast("energy", numbers.bond_price + 1), *is_grown]
    may_leave = [Bonded(), AtMost("term", max(0, numbers.term - numbers.commitment))]
    verbs = {
        "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
        "use": Verb(aim=Ahead(), requires=is_grown),
        "give": Verb(aim=Ahead(), choices=[gift], requires=is_grown),
        "court": Verb(aim=Ahead(), requires=courts),
        "part": Verb(aim=Oneself(), requires=may_leave, pays="energy", price=numbers.part_price),
    }
    if births:
        ready = [Bonded(), CanBear(), AtMost("pause", 0), AtLeast("energy", numbers.birth_price + 1)]
        verbs["bear"] = Verb(aim=Ahead(), requires=[*ready, *is_grown])
    return verbs


def _paid(amount: float, shaped: bool) -> list[Reward]:
    return [Reward(amount)] if shaped else []


def _movement() -> list[Rule]:
    """A move always turns the agent; it steps only onto an empty cell."""
    return [Rule(on="move", target="empty", then=[Step()])]


def _work(numbers: MatesNumbers, shaped: bool) -> list[Rule]:
    """Bushes give food, by strength and talent; altars turn food into hearts, more cheaply for the bonded."""
    is_ready = AtMost("cooldown", 0, of="target")
    harvest = [
        Add("food", Trait("strength")),
        Set("cooldown", numbers.bush_cooldown, of="target"),
        *_paid(0.05, shaped),
    ]
    may_harvest = [is_ready, HasRoom("food")]
    is_lucky = Chance(Var("talent"))
    rules = [
        Rule(on="use", target="bush", when=[*may_harvest, is_lucky], then=[*harvest, Add("food", 1)]),
        Rule(on="use", target="bush", when=may_harvest, then=harvest),
    ]
    heart = [Add("heart", 1), Reward(1.0), Set("cooldown", numbers.altar_cooldown, of="target")]
    for price, status in ((numbers.bonded_price, Bonded()), (numbers.single_price, Not(Bonded()))):
        can_pay = [is_ready, status, AtLeast("food", price)]
        rules.append(Rule(on="use", target="altar", when=can_pay, then=[Take("food", price), *heart]))
    return rules


def _gifts(numbers: MatesNumbers, births: bool, shaped: bool) -> list[Rule]:
    """Food can be given to anybody ahead. Children live of it."""
    possible = [AtLeast("food"), HasRoom("food", 1, of="target")]
    hand_over = Move("food", Argument())
    is_mate, is_child = Mates(), AtLeast("youth", of="target")
    is_hungry = [AtMost("energy", numbers.hungry, of="target"), AtMost("food", 0, of="target")]
    fed = [hand_over, Count("give.child"), Count("child.fed", of="target"), *_paid(0.1, shaped)]
    to_children = [
        Rule(on="give_food", target="agent", when=[*possible, is_child, *is_hungry], then=fed),
        Rule(
            on="give_food", target="agent", when=[*possible, is_child], then=[hand_over, Count("give.child")]
        ),
    ]
    return [
        *(to_children if births else []),
        Rule(on="give_food", target="agent", when=[*possible, is_mate], then=[hand_over, Count("give.mate")]),
        Rule(on="give_food", target="agent", when=possible, then=[hand_over, Count("give.other")]),
    ]


def _courtship(numbers: MatesNumbers, births: bool, shaped: bool) -> list[Rule]:
    """Who is courted by somebody it courted lately bonds, and both pay. Nobody courts near kin, or children."""
    suits: list[Filter] = [Not(Bonded("target"))]
    if births:
        suits += [AtMost("youth", 0, of="target"), Not(Related(0.25))]
    for_both: list[Effect] = []
    for of in ("actor", "target"):
        for_both += [
            Take("energy", numbers.bond_price, of),
            Set("bonded", 1, of),
            Set("term", numbers.term, of),
        ]
        for_both += [Count("bond", of=of), *([Reward(0.1, of)] if shaped else [])]
    can_pay = AtLeast("energy", numbers.bond_price + 1, of="target")
    answered = [Courted(numbers.court_window), *suits, can_pay]
    return [
        Rule(on="court", target="agent", when=answered, then=[Bond(), *for_both]),
        Rule(on="court", target="agent", when=suits, then=[Court()]),
    ]


def _bonds() -> list[Rule]:
    """A bond ends with its term, by death or when one of the two leaves; everybody sees who is bonded."""
    is_over = [Bonded(), AtMost("term", 0)]
    is_left = [Not(Bonded()), AtLeast("bonded")]
    return [
        Rule(on="part", then=[Part(), Count("bond.left")]),
        Rule(on="step", target="agent", when=is_over, then=[Part(), Count("bond.expired")]),
        Rule(on="step", target="agent", when=is_left, then=[Set("bonded", 0), Set("term", 0)]),
    ]


def _children(numbers: MatesNumbers) -> list[Rule]:
    """A child costs both parents and takes after both. Grown up, it is worth hearts."""
    is_able = [AtMost("pause", 0, of="target"), AtLeast("energy", numbers.birth_price + 1, of="target")]
    cost: list[Effect] = []
    for of in ("actor", "target"):
        cost += [Take("energy", numbers.birth_price, of), Set("pause", numbers.birth_pause, of)]
    grows_up = [
        Set("grown", 1),
        Add("heart", numbers.grown_hearts),
        Reward(numbers.grown_hearts),
        Count("child.grown"),
    ]
    return [
        Rule(
            on="bear",
            target="agent",
            when=[Mates(), *is_able],
            then=[Birth(numbers.mutation), *cost, Count("birth")],
        ),
        Rule(on="step", target="agent", when=[AtMost("youth", 0), AtMost("grown", 0)], then=grows_up),
    ]


def _metabolism(numbers: MatesNumbers, births: bool) -> list[Rule]:
    """Hunger by body, more for children; the hungry eat what they carry. Without food they die, or faint."""
    starves = AtMost("energy", 0)
    rules = [
        Rule(on="step", target="agent", when=[Every(4)], then=[Take("energy", Trait("upkeep"))]),
        Rule(
            on="step",
            target="agent",
            when=[AtMost("energy", numbers.hungry), AtLeast("food")],
            then=[Take("food"), Add("energy", numbers.meal)],
        ),
    ]
    if not births:
        wakes = Rule(
            on="step", target="agent", when=[Every(numbers.faint_period), starves], then=[Add("energy")]
        )
        return [*rules, wakes]
    needs_food = Rule(on="step", target="agent", when=[AtLeast("youth")], then=[Take("energy")])
    return [needs_food, *rules, *_deaths(numbers, starves)]


def _deaths(numbers: MatesNumbers, starves: Filter) -> list[Rule]:
    """Everybody grows older and dies of hunger or, sooner or later, of age; the slot is free for a child."""
    is_old = [AtLeast("age", numbers.old_age), Chance(numbers.frailty)]
    return [
        Rule(on="step", target="agent", then=[Add("age")]),
        Rule(on="step", target="agent", when=[starves, AtLeast("youth")], then=[Count("death.child")]),
        Rule(on="step", target="agent", when=[starves], then=[Count("death.hunger"), Remove()]),
        Rule(on="step", target="agent", when=is_old, then=[Count("death.age"), Remove()]),
    ]
