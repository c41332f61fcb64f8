"""Assembly lines: agents draw resources from extractors and make hearts of them at assemblers, better together.

What an assembler makes depends on who stands around it and with which marks: one hand makes little of much, two or
three hands with different marks make more of less. After Metta's assemblers of 2026.
"""

from typing import Annotated

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.config.verb import Ahead, Choice, Verb, directions, numbered
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    Around,
    AtLeast,
    AtMost,
    Chance,
    Convert,
    Count,
    Effect,
    Every,
    Filter,
    Gather,
    HasRoom,
    Move,
    Nearby,
    Not,
    Remove,
    Reward,
    Rule,
    Set,
    Step,
    Take,
    Total,
)

ITEMS = ("carbon", "oxygen", "silicon", "circuit")
"""What agents carry, besides hearts. Everybody sees it."""
MARKS = (1, 2, 3)
"""The marks of the hands that recipes ask for; agents begin with them in turn."""
TEAMS = (1, 2)
"""Each has its beacons and a store that all its chests open."""
STATIONS = {
    "extractor_carbon": 8, "extractor_oxygen": 6, "extractor_silicon": 4, "forge": 3, "assembler": 5, "charger": 3,
    "chest": 4, "beacon_1": 2, "beacon_2": 2,
}  # fmt: skip
"""How many of each station stand on 20 x 20 cells."""
SHAPING = {"carbon": 0.05, "oxygen": 0.05, "silicon": 0.05, "circuit": 0.2}
"""What one of each item pays in a shaped game, when it is drawn or forged."""

Period = Annotated[int, Field(ge=1, le=250)]
Amount = Annotated[int, Field(ge=1, le=50)]


class AssemblyNumbers(Config):
    """The numbers of the game."""

    item_cap: Annotated[int, Field(ge=2, le=99)] = 5
    """Items of each kind that an agent can carry."""
    store_cap: Annotated[int, Field(ge=2, le=250)] = 50
    """Carbon and oxygen, of each, that a team can store."""
    carbon_cooldown: Period = 8
    """Steps between two uses of a carbon extractor."""
    helped_carbon: Amount = 2
    """Carbon of one use with a helper beside the extractor; 1 without."""
    oxygen_period: Period = 15
    """Steps in which an oxygen extractor fills by 1."""
    oxygen_stock: Amount = 3
    """Oxygen that an extractor holds; a use takes all of it."""
    silicon_stock: Amount = 25
    """Uses after which a silicon extractor is exhausted and disappears."""
    silicon_price: Annotated[int, Field(ge=0, le=100)] = 5
    """Energy that drawing silicon costs."""
    silicon_cooldown: Period = 10
    """Steps between two uses of a silicon extractor."""
    assembler_cooldown: Period = 10
    """Steps between two uses of an assembler, whatever it made."""
    assembler_uses: Annotated[int, Field(ge=1, le=250)] | None = None
    """Uses after which an assembler falls apart; None for no end."""
    one_hand_carbon: Amount = 2
    """Carbon that one hand needs for a heart."""
    two_hand_hearts: Amount = 2
    """Hearts for each of two hands, of 1 carbon and 1 oxygen."""
    three_hand_hearts: Amount = 4
    """Hearts for each of three hands, of 1 carbon, 1 oxygen and 1 circuit."""
    energy_cap: Annotated[int, Field(ge=1, le=250)] = 100
    """Most energy that an agent can have, and what it begins with. A move costs 1."""
    regeneration_period: Period = 4
    """Steps in which everybody gets 1 energy back."""
    charge: Amount = 50
    """Energy that a charger gives."""
    charger_cooldown: Period = 10
    """Steps between two uses of a charger."""
    gift: Amount = 20
    """Energy that one `give_energy` hands over."""
    field_radius: Annotated[int, Field(ge=1, le=7)] = 3
    """Cells around a beacon where its team gets 1 energy a step and is safe from flares."""
    flare_damage: Annotated[int, Field(ge=0, le=250)] = 30
    """Energy that a solar flare takes from everybody outside of their own team's fields."""
    flare_period: Annotated[int, Field(ge=2, le=250)] = 200
    """Steps from one flare to the next."""
    jam_chance: Annotated[float, Field(ge=0, le=1)] = 0.2
    """Probability that an assembler jams, every 100 steps."""
    repairs: Amount = 3
    """Uses that repair a jammed assembler."""


def make_assembly_lines(
    num_agents: int = 12,
    hands: int = 3,
    shaped: bool = False,
    size: tuple[int, int] = (20, 20),
    stations: dict[str, int] | None = None,
    max_steps: int = 1000,
    numbers: AssemblyNumbers | None = None,
) -> GameConfig:
    """Make the assembly lines.

    Args:
        num_agents: agents in a world; they begin with the marks 1, 2, 3 and in the teams 1 and 2 in turn.
        hands: the most hands that a recipe has, 1 to 3; everybody sees it (`world:hands`).
        shaped: small rewards on the way, for training: 0.05 for a resource, 0.2 for a circuit.
        size: rows and columns of the field inside its border.
        stations: how many of each station; those that are left out are as many as in `STATIONS`.
        max_steps: steps in an episode.
        numbers: prices, cooldowns and the like; None for the defaults.

    Raises:
        ValueError: there are no recipes for so many hands.
    """
    if hands not in MARKS:
        raise ValueError(f"hands: recipes are for 1, 2 or 3 hands, not {hands}")
    numbers = numbers or AssemblyNumbers()
    store = {"carbon": 0, "oxygen": 0}
    return GameConfig(
        name="assembly_lines",
        num_agents=num_agents,
        max_steps=max_steps,
        variables=_variables(numbers, hands),
        starts={"mark": list(MARKS), "team": [team for team in TEAMS for _ in MARKS]},
        verbs=_verbs(numbers),
        objects=_objects(numbers),
        world=ObjectKind(has={"flare": numbers.flare_period, "hands": hands}),
        group=ObjectKind(has=store, caps=dict.fromkeys(store, numbers.store_cap)),
        num_groups=len(TEAMS),
        group_variable="team",
        rules=[
            *_movement(),
            *_extraction(numbers, shaped),
            *_forging(shaped),
            *_assembly(numbers, hands),
            *_storage(),
            *_energy(numbers),
            *_events(numbers),
        ],
        map=RandomMap(
            height=size[0],
            width=size[1],
            border="border",
            stations=STATIONS | (stations or {}),
            obstacles={"wall": 10},
        ),
    )


def _variables(numbers: AssemblyNumbers, hands: int) -> dict[str, Variable]:
    variables = {
        "mark": Variable(cap=max(MARKS), shown="all"),
        "team": Variable(cap=max(TEAMS), shown="all"),
        "energy": Variable(cap=numbers.energy_cap, initial=numbers.energy_cap, shown="self", counted=True),
        **{name: Variable(cap=numbers.item_cap, shown="all", counted=True) for name in ITEMS},
        "heart": Variable(cap=10_000, shown="self", counted=True),
        "cooldown": Variable(cap=250, countdown=True, shown="all", agents=False),
        "jammed": Variable(cap=numbers.repairs, shown="all", agents=False),
        "flare": Variable(cap=numbers.flare_period, countdown=True, shown="all", agents=False),
        "hands": Variable(cap=hands, shown="all", agents=False),
    }
    if numbers.assembler_uses is not None:
        variables["uses"] = Variable(cap=numbers.assembler_uses, shown="all", agents=False)
    return variables


def _objects(numbers: AssemblyNumbers) -> dict[str, ObjectKind]:
    uses = {} if numbers.assembler_uses is None else {"uses": numbers.assembler_uses}
    silicon = {"silicon": numbers.silicon_stock}
    ready = {"cooldown": 0}
    return {
        "border": ObjectKind(),
        "wall": ObjectKind(),
        "extractor_carbon": ObjectKind(has=ready),
        "extractor_oxygen": ObjectKind(has={"oxygen": 1}, caps={"oxygen": numbers.oxygen_stock}),
        "extractor_silicon": ObjectKind(has=silicon | ready, caps=silicon),
        "forge": ObjectKind(),
        "assembler": ObjectKind(has={"cooldown": 0, "jammed": 0} | uses),
        "charger": ObjectKind(has=ready),
        "chest": ObjectKind(),
        **{f"beacon_{team}": ObjectKind(has={"team": team}) for team in TEAMS},
    }


def _verbs(numbers: AssemblyNumbers) -> dict[str, Verb]:
    return {
        "move": Verb(choices=directions(aimed=True), pays="energy", always=[Set("heading", Argument())]),
        "use": Verb(aim=Ahead()),
        "give": Verb(aim=Ahead(), choices=[Choice("energy", numbers.gift, requires=[AtLeast("energy")])]),
        "mark": Verb(choices=numbered(0, max(MARKS))),
    }


def _movement() -> list[Rule]:
    """A move always turns the agent; it steps only onto an empty cell. A mark is seen by everybody in sight."""
    return [
        Rule(on="move", target="empty", then=[Step()]),
        Rule(on="mark", then=[Set("mark", Argument())]),
    ]


def _is_ready() -> Filter:
    return AtMost("cooldown", 0, of="target")


def _paid(item: str, shaped: bool) -> list[Effect]:
    return [Reward(SHAPING[item])] if shaped else []


def _extraction(numbers: AssemblyNumbers, shaped: bool) -> list[Rule]:
    """Carbon is quick, and quicker with a helper; oxygen gathers slowly; silicon costs energy and comes to an end."""
    rest = Set("cooldown", numbers.carbon_cooldown, of="target")
    has_helper = Nearby("agent", 2, of="target")
    carbon = Rule(
        on="use",
        target="extractor_carbon",
        when=[_is_ready(), HasRoom("carbon")],
        then=[Add("carbon"), rest, *_paid("carbon", shaped)],
    )
    helped = [Add("carbon", numbers.helped_carbon), Count("helped"), rest, *_paid("carbon", shaped)]
    silicon: list[Effect] = [
        Take("energy", numbers.silicon_price),
        Move("silicon", 1, giver="target"),
        Set("cooldown", numbers.silicon_cooldown, of="target"),
        *_paid("silicon", shaped),
    ]
    can_draw = [_is_ready(), HasRoom("silicon"), AtLeast("energy", numbers.silicon_price)]
    is_last = AtMost("silicon", 1, of="target")
    return [
        carbon.model_copy(update={"when": [*carbon.when, has_helper], "then": helped}),
        carbon,
        Rule(
            on="use",
            target="extractor_oxygen",
            when=[AtLeast("oxygen", of="target"), HasRoom("oxygen")],
            then=[Move("oxygen", giver="target"), *_paid("oxygen", shaped)],
        ),
        Rule(on="step", target="extractor_oxygen", when=[Every(numbers.oxygen_period)], then=[Add("oxygen")]),
        Rule(on="use", target="extractor_silicon", when=[*can_draw, is_last], then=[*silicon, Remove()]),
        Rule(on="use", target="extractor_silicon", when=can_draw, then=silicon),
    ]


def _forging(shaped: bool) -> list[Rule]:
    """A forge turns a carbon and a silicon into a circuit."""
    made = Convert({"carbon": 1, "silicon": 1}, {"circuit": 1})
    return [Rule(on="use", target="forge", then=[made, *_paid("circuit", shaped)])]


def _assembly(numbers: AssemblyNumbers, hands: int) -> list[Rule]:
    """The recipe with most hands that is possible. A jammed assembler must be repaired before."""
    repair = Rule(
        on="use",
        target="assembler",
        when=[AtLeast("jammed", of="target")],
        then=[Take("jammed", of="target"), Count("repair")],
    )
    together = [
        _recipe(numbers, (1, 2, 3), {"carbon": 1, "oxygen": 1, "circuit": 1}, numbers.three_hand_hearts),
        _recipe(numbers, (1, 2), {"carbon": 1, "oxygen": 1}, numbers.two_hand_hearts),
    ]
    return [repair, *together[max(0, 3 - hands) :], *_alone(numbers)]


def _recipe(numbers: AssemblyNumbers, marks: tuple[int, ...], inputs: dict[str, int], hearts: int) -> Rule:
    """For exactly one hand with each of the marks: inputs from all around, hearts for these hands."""
    has_hands = [word for mark in marks for word in _exactly_one(mark)]
    has_inputs = [Total(name, amount, Around("agent")) for name, amount in inputs.items()]
    takes_inputs = [Gather(name, amount, Around("agent")) for name, amount in inputs.items()]
    hearts_for = [
        effect
        for mark in marks
        for around in [Around("agent", having="mark", equals=mark)]
        for effect in (
            Add("heart", hearts, of="target", around=around),
            Reward(float(hearts), of="target", around=around),
            Count(f"assembled.{len(marks)}_hands", of="target", around=around),
        )
    ]
    return Rule(
        on="use",
        target="assembler",
        when=[_is_ready(), *has_hands, *has_inputs],
        then=[*takes_inputs, *hearts_for, *_wear(numbers)],
    )


def _exactly_one(mark: int) -> list[Filter]:
    at_least = [Nearby("agent", n, having="mark", equals=mark, of="target") for n in (1, 2)]
    return [at_least[0], Not(at_least[1])]


def _alone(numbers: AssemblyNumbers) -> list[Rule]:
    """One hand makes a heart of carbon, its own or its team's."""
    price = numbers.one_hand_carbon
    gains: list[Effect] = [Add("heart"), Reward(1.0), Count("assembled.1_hand"), *_wear(numbers)]
    return [
        Rule(
            on="use",
            target="assembler",
            when=[_is_ready(), AtLeast("carbon", price)],
            then=[Take("carbon", price), *gains],
        ),
        Rule(
            on="use",
            target="assembler",
            when=[_is_ready(), AtLeast("carbon", price, of="group")],
            then=[Take("carbon", price, of="group"), *gains],
        ),
    ]


def _wear(numbers: AssemblyNumbers) -> list[Effect]:
    rest = Set("cooldown", numbers.assembler_cooldown, of="target")
    return [rest] if numbers.assembler_uses is None else [rest, Take("uses", of="target")]


def _storage() -> list[Rule]:
    """Whoever has carbon or oxygen puts it into the team's store; whoever has none takes two of each."""
    put: list[Effect] = [Move(name, to="group") for name in ("carbon", "oxygen")]
    fetch: list[Effect] = [Move(name, 2, giver="group") for name in ("carbon", "oxygen")]
    return [
        *(Rule(on="use", target="chest", when=[AtLeast(name)], then=put) for name in ("carbon", "oxygen")),
        *(
            Rule(on="use", target="chest", when=[AtLeast(name, of="group")], then=fetch)
            for name in ("carbon", "oxygen")
        ),
    ]


def _energy(numbers: AssemblyNumbers) -> list[Rule]:
    """Chargers, gifts, slow recovery, and the fields around a team's beacons."""
    team = Around("agent", numbers.field_radius, same="team")
    return [
        Rule(
            on="use",
            target="charger",
            when=[_is_ready(), HasRoom("energy")],
            then=[Add("energy", numbers.charge), Set("cooldown", numbers.charger_cooldown, of="target")],
        ),
        Rule(
            on="give",
            target="agent",
            when=[HasRoom("energy", of="target")],
            then=[Move("energy", Argument()), Count("give.energy")],
        ),
        Rule(on="step", target="agent", when=[Every(numbers.regeneration_period)], then=[Add("energy")]),
        Rule(on="step", target=_beacons(), then=[Add("energy", around=team)]),
    ]


def _beacons() -> list[str]:
    return [f"beacon_{team}" for team in TEAMS]


def _events(numbers: AssemblyNumbers) -> list[Rule]:
    """Flares, announced by the world's `flare`; assemblers that jam; assemblers that are worn out."""
    period = numbers.flare_period
    has_shelter = [Nearby(beacon, 1, numbers.field_radius, same="team") for beacon in _beacons()]
    rules = [
        Rule(
            on="step",
            target="agent",
            when=[Every(period), *map(Not, has_shelter)],
            then=[Take("energy", numbers.flare_damage), Count("flare.suffered")],
        ),
        Rule(on="step", target="world", when=[Every(period)], then=[Set("flare", period)]),
        Rule(
            on="step",
            target="assembler",
            when=[Every(100), Chance(numbers.jam_chance)],
            then=[Set("jammed", numbers.repairs)],
        ),
    ]
    if numbers.assembler_uses is not None:
        rules.append(Rule(on="step", target="assembler", when=[AtMost("uses", 0)], then=[Remove()]))
    return rules
