"""The arena: agents harvest diamonds, turn them into energy at chargers, and energy into hearts at altars.

Everything they do costs energy. They can attack, shield themselves, give, and mark themselves with a symbol.
"""

from typing import Annotated

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.config.things import Body, ObjectKind, Variable
from mettagrid.config.verb import Ahead, Choice, Oneself, Verb, cells_ahead, directions, numbered
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    AtLeast,
    AtMost,
    Chance,
    Count,
    Every,
    Filter,
    Freeze,
    HasRoom,
    Move,
    Remove,
    Reward,
    Rule,
    Set,
    Step,
    Take,
    Trait,
)

COLORS = ("red", "blue")
"""The colours of diamonds."""
STATIONS = {"generator_red": 10, "generator_blue": 10, "charger": 6, "altar": 5}
"""How many of each station an arena of 25 x 25 cells has."""

AtLeastOne = Annotated[int, Field(ge=1, le=250)]


class ArenaNumbers(Config):
    """The numbers of the arena's rules."""

    energy_cap: AtLeastOne = 250
    """Most energy that an agent can have."""
    initial_energy: Annotated[int, Field(ge=0, le=250)] = 150
    """Energy at the start of an episode."""
    regeneration_period: AtLeastOne = 1
    """Steps in which an exhausted agent gets 1 energy back."""
    rest_energy: AtLeastOne = 15
    """Energy up to which the exhausted recover: enough to walk to a generator, never for a heart or an attack."""
    attack_price: AtLeastOne = 20
    """Energy that an attack costs; every other verb costs 1."""
    damage: AtLeastOne = 10
    """Energy that a shield needs to absorb an attack, and loses by it."""
    shield_upkeep: AtLeastOne = 1
    """Energy that a shield eats at each step."""
    freeze_steps: AtLeastOne = 10
    """Actions that an agent misses when an attack gets through."""
    diamond_cap: AtLeastOne = 5
    """Diamonds of each colour that an agent can carry."""
    generator_cooldown: Annotated[int, Field(ge=0, le=250)] = 10
    """Steps between two harvests from a generator."""
    generator_stock: AtLeastOne | None = None
    """Diamonds in a generator; None if it never runs dry."""
    renewal_period: AtLeastOne | None = None
    """Steps in which a generator with a stock gets 1 diamond back; None for never."""
    harvest_chance: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Probability that using a generator gives the diamond."""
    single_charge: AtLeastOne = 50
    """Energy that a charger gives for one diamond."""
    pair_charge: AtLeastOne = 150
    """Energy that a charger gives for both colours at once: more than for two, which rewards trade."""
    charger_cooldown: Annotated[int, Field(ge=0, le=250)] = 2
    """Steps between two uses of a charger."""
    heart_price: AtLeastOne = 100
    """Energy that the altar turns into one heart, which is worth a reward of 1."""
    altar_cooldown: Annotated[int, Field(ge=0, le=250)] = 2
    """Steps between two uses of an altar."""
    gift: AtLeastOne = 10
    """Energy that one `give_energy` hands over; diamonds are given one at a time."""
    num_marks: Annotated[int, Field(ge=1, le=16)] = 4
    """Symbols that agents can show; 0 is none."""
    wall_hp: AtLeastOne = 10
    """Attacks that break a wall."""
    station_hp: AtLeastOne = 30
    """Attacks that break a generator, charger or altar."""


def make_arena(
    num_agents: int = 24,
    combat: bool = True,
    shaped: bool = False,
    size: tuple[int, int] = (25, 25),
    stations: dict[str, int] | None = None,
    num_walls: int = 20,
    max_steps: int = 1000,
    numbers: ArenaNumbers | None = None,
) -> GameConfig:
    """Make the arena of the README.

    Args:
        num_agents: agents in a world.
        combat: whether anybody can afford to attack; without, the actions stay the same but are masked out.
        shaped: small rewards on the way, for training: 0.05 for a diamond, 0.1 for charging, 0.3 with a pair.
        size: rows and columns of the field inside its unbreakable border, which adds one cell on each side.
        stations: how many of each station; those that are left out are as many as in `STATIONS`.
        num_walls: breakable walls scattered over the field.
        max_steps: steps in an episode.
        numbers: prices, cooldowns and the like; None for the defaults.
    """
    numbers = numbers or ArenaNumbers()
    return GameConfig(
        name="arena",
        num_agents=num_agents,
        max_steps=max_steps,
        variables=_variables(numbers),
        bodies={"person": Body(traits={"damage": numbers.damage})},
        requires=[AtMost("frozen", 0)],
        verbs=_verbs(numbers, combat),
        objects=_objects(numbers),
        rules=[
            *_movement(),
            *_harvest(numbers, shaped),
            *_charging(numbers, shaped),
            *_worship(numbers),
            *_combat(numbers),
            *_cooperation(),
            *_metabolism(numbers),
        ],
        map=RandomMap(
            height=size[0],
            width=size[1],
            border="border",
            stations=STATIONS | (stations or {}),
            obstacles={"wall": num_walls},
        ),
    )


def _variables(numbers: ArenaNumbers) -> dict[str, Variable]:
    longest_cooldown = max(numbers.generator_cooldown, numbers.charger_cooldown, numbers.altar_cooldown)
    variables = {
        "frozen": Variable(cap=numbers.freeze_steps, countdown=True, shown="all"),
        "shield": Variable(cap=1, shown="all"),
        "mark": Variable(cap=numbers.num_marks - 1, shown="all"),
        "energy": Variable(
            cap=numbers.energy_cap, initial=numbers.initial_energy, shown="self", counted=True
        ),
        "red": Variable(cap=numbers.diamond_cap, shown="self", counted=True),
        "blue": Variable(cap=numbers.diamond_cap, shown="self", counted=True),
        "heart": Variable(cap=1000, shown="self", counted=True),
        "cooldown": Variable(cap=longest_cooldown, countdown=True, shown="all", agents=False),
        "hp": Variable(agents=False),
    }
    if numbers.generator_stock is not None:
        variables["stock"] = Variable(cap=numbers.generator_stock, shown="all", agents=False)
    return variables


def _objects(numbers: ArenaNumbers) -> dict[str, ObjectKind]:
    station = {"hp": numbers.station_hp, "cooldown": 0}
    stock = {} if numbers.generator_stock is None else {"stock": numbers.generator_stock}
    return {
        "border": ObjectKind(),
        "wall": ObjectKind(has={"hp": numbers.wall_hp}),
        **{f"generator_{color}": ObjectKind(has=station | stock) for color in COLORS},
        "charger": ObjectKind(has=station),
        "altar": ObjectKind(has=station),
    }


def _verbs(numbers: ArenaNumbers, combat: bool) -> dict[str, Verb]:
    gifts = [
        Choice("energy", numbers.gift, requires=[AtLeast("energy", 2)]),  # 1 is the price of giving
        *(Choice(color, 1, requires=[AtLeast(color)]) for color in COLORS),
    ]
    unaffordable = numbers.energy_cap + 1
    return {
        "move": Verb(choices=directions(aimed=True), pays="energy", always=[Set("heading", Argument())]),
        "turn": Verb(choices=directions(aimed=False), pays="energy", always=[Set("heading", Argument())]),
        "use": Verb(aim=Ahead(), pays="energy"),
        "attack": Verb(
            choices=cells_ahead(), pays="energy", price=numbers.attack_price if combat else unaffordable
        ),
        "shield": Verb(aim=Oneself(), pays="energy"),
        "give": Verb(aim=Ahead(), choices=gifts, pays="energy"),
        "mark": Verb(choices=numbered(0, numbers.num_marks - 1), pays="energy"),
    }


def _movement() -> list[Rule]:
    """A move always turns the agent; it steps only onto an empty cell."""
    return [Rule(on="move", target="empty", then=[Step()]), Rule(on="turn", then=[])]


def _is_ready() -> Filter:
    return AtMost("cooldown", 0, of="target")


def _paid(amount: float, shaped: bool) -> list[Reward]:
    return [Reward(amount)] if shaped else []


def _harvest(numbers: ArenaNumbers, shaped: bool) -> list[Rule]:
    """Generators give diamonds."""
    has_stock: list[Filter] = []
    takes_stock: list[Take] = []
    if numbers.generator_stock is not None:
        has_stock, takes_stock = [AtLeast("stock", of="target")], [Take("stock", of="target")]
    is_lucky = [Chance(numbers.harvest_chance)] if numbers.harvest_chance < 1 else []
    rules = [
        Rule(
            on="use",
            target=f"generator_{color}",
            when=[_is_ready(), HasRoom(color), *has_stock, *is_lucky],
            then=[
                Add(color, 1),
                Set("cooldown", numbers.generator_cooldown, of="target"),
                *takes_stock,
                *_paid(0.05, shaped),
            ],
        )
        for color in COLORS
    ]
    if numbers.generator_stock is not None and numbers.renewal_period is not None:
        generators = [f"generator_{color}" for color in COLORS]
        rules.append(
            Rule(on="step", target=generators, when=[Every(numbers.renewal_period)], then=[Add("stock", 1)])
        )
    return rules


def _charging(numbers: ArenaNumbers, shaped: bool) -> list[Rule]:
    """Chargers turn diamonds into energy; a pair is worth more. What is above the cap is lost."""
    rest = Set("cooldown", numbers.charger_cooldown, of="target")
    pair = Rule(
        on="use",
        target="charger",
        when=[_is_ready(), AtLeast("red"), AtLeast("blue")],
        then=[Take("red"), Take("blue"), Add("energy", numbers.pair_charge), rest, *_paid(0.3, shaped)],
    )
    single = [
        Rule(
            on="use",
            target="charger",
            when=[_is_ready(), AtLeast(color)],
            then=[Take(color), Add("energy", numbers.single_charge), rest, *_paid(0.1, shaped)],
        )
        for color in COLORS
    ]
    return [pair, *single]


def _worship(numbers: ArenaNumbers) -> list[Rule]:
    """Altars turn energy into hearts."""
    rest = Set("cooldown", numbers.altar_cooldown, of="target")
    return [
        Rule(
            on="use",
            target="altar",
            when=[_is_ready(), AtLeast("energy", numbers.heart_price)],
            then=[Take("energy", numbers.heart_price), Add("heart", 1), Reward(1.0), rest],
        )
    ]


def _combat(numbers: ArenaNumbers) -> list[Rule]:
    """A shield with enough energy absorbs an attack; anybody else is frozen, robbed and drained, once.

    Walls and stations lose hit points and break.
    """
    loot = [Move(color, "all", giver="target") for color in COLORS]
    fall = [Take("energy", "all", of="target"), Set("shield", 0, of="target")]
    counts = [Count("attack.hit"), Count("attack.suffered", of="target")]
    breakable = ["wall", *STATIONS]
    return [
        Rule(
            on="attack",
            target="agent",
            when=[AtLeast("shield", of="target"), AtLeast("energy", Trait("damage"), of="target")],
            then=[Take("energy", Trait("damage"), of="target"), Count("attack.absorbed")],
        ),
        Rule(
            on="attack",
            target="agent",
            when=[AtMost("frozen", 0, of="target")],
            then=[Freeze(numbers.freeze_steps), *loot, *fall, *counts],
        ),
        Rule(
            on="attack",
            target=breakable,
            when=[AtMost("hp", 1, of="target")],
            then=[Remove(), Count("attack.destroyed")],
        ),
        Rule(on="attack", target=breakable, then=[Take("hp", 1, of="target")]),
        Rule(on="shield", when=[AtLeast("shield")], then=[Set("shield", 0)]),
        Rule(on="shield", then=[Set("shield", 1)]),
    ]


def _cooperation() -> list[Rule]:
    """Energy and diamonds can be given to the agent ahead; a mark is seen by everybody in sight."""
    gifts = [
        Rule(
            on=f"give_{name}",
            target="agent",
            when=[AtLeast(name), HasRoom(name, 1, of="target")],
            then=[Move(name, Argument()), Count(f"give.{name}")],
        )
        for name in ("energy", *COLORS)
    ]
    return [*gifts, Rule(on="mark", then=[Set("mark", Argument())])]


def _metabolism(numbers: ArenaNumbers) -> list[Rule]:
    """The unshielded recover a little when exhausted; a shield eats energy and drops when there is none."""
    is_exhausted = AtMost("energy", numbers.rest_energy - 1)
    recovers = [Every(numbers.regeneration_period), is_exhausted, AtMost("shield", 0)]
    return [
        Rule(on="step", target="agent", when=recovers, then=[Add("energy", 1)]),
        Rule(
            on="step", target="agent", when=[AtLeast("shield")], then=[Take("energy", numbers.shield_upkeep)]
        ),
        Rule(on="step", target="agent", when=[AtMost("energy", 0)], then=[Set("shield", 0)]),
    ]
