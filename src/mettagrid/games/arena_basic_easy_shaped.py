"""The arena of mid-2025: mines give ore, generators make batteries of it, altars turn batteries into hearts.

A lasery and an armory make what one fights with: a laser pays for an attack, an armor stops one. Nothing costs
energy. `easy`: a heart takes one battery instead of three. `shaped`: holding things pays, up to one of each.
"""

from typing import Annotated

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.config.joint_draw import joint_draw
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.config.verb import Ahead, Verb, cells_ahead, directions
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    AtLeast,
    AtMost,
    Count,
    Effect,
    Filter,
    Freeze,
    HasRoom,
    Move,
    Not,
    Reward,
    Rule,
    Set,
    Step,
    Swap,
    Take,
    Var,
)

ITEMS = ("ore_red", "battery_red", "laser", "armor")
"""What agents carry, besides hearts."""
STATIONS = {"mine_red": 10, "generator_red": 5, "altar": 5, "lasery": 1, "armory": 1}
"""How many of each station every six agents have, on 25 x 25 cells."""
WALLS = 10
"""Walls for every six agents."""
SQUAD, SIDE = 6, 25
"""Agents that share one field of SIDE x SIDE cells; more agents have several fields in one."""
UNAFFORDABLE = 100
"""Lasers that an attack costs without combat: more than anybody can carry."""
BUCKETS: dict[str, list[float]] = {
    **{f"rewards.{item}": [0, 0.1, 0.5, 0.9, 1] for item in ITEMS},
    **{f"most_rewarded.{item}": [1, 2] for item in ITEMS},
    "attack_price": [1, UNAFFORDABLE],
    "initial_items": [0, 1],
}
"""The original's curriculum: values from which each episode draws, by their paths in `EasyShapedNumbers`."""

Period = Annotated[int, Field(ge=0, le=250)]
Amount = Annotated[int, Field(ge=1, le=50)]
Weight = Annotated[float, Field(ge=-10, le=10)]
Few = Annotated[int, Field(ge=1, le=250)]


class ItemRewards(Config):
    """What holding one item is worth in a shaped game, up to `most_rewarded` of them."""

    ore_red: Weight = 0.1
    """Of an ore."""
    battery_red: Weight = 0.8
    """Of a battery."""
    laser: Weight = 0.5
    """Of a laser."""
    armor: Weight = 0.5
    """Of an armor."""


class MostRewarded(Config):
    """Up to how many items of each kind count for the rewards of a shaped game."""

    ore_red: Few = 1
    """Ores."""
    battery_red: Few = 1
    """Batteries."""
    laser: Few = 1
    """Lasers."""
    armor: Few = 1
    """Armors."""


class EasyShapedNumbers(Config):
    """The numbers of the game."""

    item_cap: Annotated[int, Field(ge=5, le=99)] = 50
    """Items of each kind that an agent can carry."""
    heart_cap: Annotated[int, Field(ge=1, le=1000)] = 255
    """Hearts that an agent can have."""
    mine_cooldown: Period = 50
    """Steps between two ores from a mine."""
    generator_cooldown: Period = 25
    """Steps between two batteries from a generator."""
    altar_cooldown: Period = 10
    """Steps between two hearts from an altar."""
    lasery_cooldown: Period = 10
    """Steps between two lasers from a lasery."""
    armory_cooldown: Period = 10
    """Steps between two armors from an armory."""
    heart_price: Amount = 1
    """Batteries that an altar turns into a heart; 3 in the plain arena of 2025."""
    laser_ore: Amount = 1
    """Ores in a laser."""
    laser_batteries: Amount = 2
    """Batteries in a laser."""
    armor_ore: Amount = 3
    """Ores in an armor."""
    attack_price: Annotated[int, Field(ge=1, le=100)] = 1
    """Lasers that an attack costs."""
    freeze_steps: Period = 10
    """Actions that an agent misses when an attack gets through."""
    initial_items: Annotated[int, Field(ge=0, le=5)] = 0
    """Products that lie ready in every station when an episode begins, for nothing."""
    robs_hearts: bool = False
    """Whether an attack takes hearts, too, as in the original; then `heart.gained` counts them again."""
    rewards: ItemRewards = Field(default_factory=ItemRewards)
    """What holding items is worth, if the game is shaped."""
    most_rewarded: MostRewarded = Field(default_factory=MostRewarded)
    """Up to how many of them count."""


def make_arena_basic_easy_shaped(
    num_agents: int = 24,
    combat: bool = True,
    shaped: bool = False,
    max_steps: int = 1000,
    numbers: EasyShapedNumbers | None = None,
    curriculum: bool = False,
) -> GameConfig:
    """Make the arena of mid-2025.

    Args:
        num_agents: agents in a world; each six of them have 25 x 25 cells and a set of stations.
        combat: whether anybody can afford to attack; without, an attack costs more lasers than one can carry.
        shaped: whether holding ore, batteries, lasers and armor pays, for training. Hearts always do.
        max_steps: steps in an episode.
        numbers: prices, cooldowns and the like; None for the defaults.
        curriculum: whether every episode draws its numbers from `BUCKETS`: the rewards if the game is shaped, the
            price of an attack if there is combat, and what lies ready in the stations.
    """
    numbers = numbers or EasyShapedNumbers()
    if curriculum:
        return _drawing_from_buckets(num_agents, combat, shaped, max_steps, numbers)
    return _game(num_agents, combat, shaped, max_steps, numbers)


def _drawing_from_buckets(
    num_agents: int, combat: bool, shaped: bool, max_steps: int, numbers: EasyShapedNumbers
) -> GameConfig:
    """The game with an entry of `vary` for each bucket that matters in it."""
    matters = {"rewards": shaped, "most_rewarded": shaped, "attack_price": combat, "initial_items": True}
    vary = {}
    for path, values in BUCKETS.items():
        if matters[path.split(".")[0]]:
            several = [numbers.model_copy(deep=True).override(path, value) for value in values]
            vary[path] = joint_draw([_game(num_agents, combat, shaped, max_steps, one) for one in several])
    return _game(num_agents, combat, shaped, max_steps, numbers).override("vary", vary)


def _game(
    num_agents: int, combat: bool, shaped: bool, max_steps: int, numbers: EasyShapedNumbers
) -> GameConfig:
    return GameConfig(
        name="arena_basic_easy_shaped",
        num_agents=num_agents,
        max_steps=max_steps,
        variables=_variables(numbers),
        requires=[AtMost("frozen", 0)],
        verbs=_verbs(numbers, combat),
        objects=_objects(numbers),
        rules=[
            *_movement(),
            *_production(numbers),
            *_combat(numbers),
            *(_wages(numbers) if shaped else []),
            *(_worth("heart", 1.0) if numbers.robs_hearts else []),
        ],
        map=_field(num_agents),
    )


def _field(num_agents: int) -> RandomMap:
    """A field for every six agents, side by side in a rectangle that is about square, without walls between."""
    num_fields = -(-num_agents // SQUAD)
    rows = max(rows for rows in range(1, num_fields + 1) if rows * rows <= num_fields)
    columns = -(-num_fields // rows)
    return RandomMap(
        height=rows * SIDE,
        width=columns * SIDE,
        border="border",
        stations={name: count * rows * columns for name, count in STATIONS.items()},
        obstacles={"wall": WALLS * rows * columns},
    )


def _variables(numbers: EasyShapedNumbers) -> dict[str, Variable]:
    longest_cooldown = max(getattr(numbers, name) for name in _cooldowns())
    item = Variable(cap=numbers.item_cap, shown="self", counted=True)
    weapon = Variable(cap=numbers.item_cap, shown="all", counted=True)
    most_paid = {name: getattr(numbers.most_rewarded, name) for name in ITEMS}
    if numbers.robs_hearts:
        most_paid["heart"] = numbers.heart_cap
    return {
        "frozen": Variable(cap=numbers.freeze_steps, countdown=True, shown="all"),
        "ore_red": item,
        "battery_red": item,
        "laser": weapon,
        "armor": weapon,
        "heart": Variable(cap=numbers.heart_cap, shown="self", counted=True),
        "cooldown": Variable(cap=longest_cooldown, countdown=True, shown="all", agents=False),
        "stock": Variable(cap=5, shown="all", agents=False),
        **{f"paid_{name}": Variable(cap=most) for name, most in most_paid.items()},
    }


def _cooldowns() -> list[str]:
    return [name for name in EasyShapedNumbers.model_fields if name.endswith("_cooldown")]


def _objects(numbers: EasyShapedNumbers) -> dict[str, ObjectKind]:
    station = ObjectKind(has={"cooldown": 0, "stock": numbers.initial_items})
    return {"border": ObjectKind(), "wall": ObjectKind(), **dict.fromkeys(STATIONS, station)}


def _verbs(numbers: EasyShapedNumbers, combat: bool) -> dict[str, Verb]:
    price = numbers.attack_price if combat else UNAFFORDABLE
    return {
        "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
        "use": Verb(aim=Ahead()),
        "attack": Verb(choices=cells_ahead(), pays="laser", price=price),
        "swap": Verb(aim=Ahead()),
    }


def _movement() -> list[Rule]:
    """A move always turns the agent; it steps only onto an empty cell, and changes places with the frozen."""
    is_frozen = AtLeast("frozen", of="target")
    return [
        Rule(on="move", target="empty", then=[Step()]),
        Rule(on="swap", target="agent", when=[is_frozen], then=[Swap()]),
    ]


def _production(numbers: EasyShapedNumbers) -> list[Rule]:
    """Stations turn what their users bring into something else, then rest."""
    laser = {"ore_red": numbers.laser_ore, "battery_red": numbers.laser_batteries}
    heart: list[Effect] = [Add("heart"), Reward(1.0)]
    if numbers.robs_hearts:
        heart.append(Add("paid_heart"))
    return [
        *_station("mine_red", {}, "ore_red", [Add("ore_red")], numbers.mine_cooldown),
        *_station(
            "generator_red", {"ore_red": 1}, "battery_red", [Add("battery_red")], numbers.generator_cooldown
        ),
        *_station("altar", {"battery_red": numbers.heart_price}, "heart", heart, numbers.altar_cooldown),
        *_station("lasery", laser, "laser", [Add("laser")], numbers.lasery_cooldown),
        *_station("armory", {"ore_red": numbers.armor_ore}, "armor", [Add("armor")], numbers.armory_cooldown),
    ]


def _station(
    kind: str, price: dict[str, int], product: str, gives: list[Effect], cooldown: int
) -> list[Rule]:
    """What lies ready costs nothing; everything else costs the price and time."""
    has_price: list[Filter] = [AtLeast(name, amount) for name, amount in price.items()]
    pays: list[Effect] = [Take(name, amount) for name, amount in price.items()]
    rest = Set("cooldown", cooldown, of="target")
    return [
        Rule(
            on="use",
            target=kind,
            when=[AtLeast("stock", of="target"), HasRoom(product)],
            then=[Take("stock", of="target"), *gives],
        ),
        Rule(
            on="use",
            target=kind,
            when=[AtMost("cooldown", 0, of="target"), HasRoom(product), *has_price],
            then=[*pays, *gives, rest],
        ),
    ]


def _combat(numbers: EasyShapedNumbers) -> list[Rule]:
    """An armor stops an attack and is gone; without one the target freezes and, unless it was frozen, is robbed."""
    loot = [Move(name, "all", giver="target") for name in ITEMS]
    if numbers.robs_hearts:
        loot.append(Move("heart", "all", giver="target"))
    freeze = Freeze(numbers.freeze_steps)
    return [
        Rule(
            on="attack",
            target="agent",
            when=[AtLeast("armor", of="target")],
            then=[Take("armor", of="target"), Count("attack.absorbed")],
        ),
        Rule(
            on="attack",
            target="agent",
            when=[AtMost("frozen", 0, of="target")],
            then=[freeze, *loot, Count("attack.hit"), Count("attack.suffered", of="target")],
        ),
        Rule(on="attack", target="agent", then=[freeze, Count("attack.wasted")]),
    ]


def _wages(numbers: EasyShapedNumbers) -> list[Rule]:
    """Each item that is held is worth its reward, up to the most that count. A worth of 0 has its rules, too."""
    return [rule for item in ITEMS for rule in _worth(item, getattr(numbers.rewards, item))]


def _worth(item: str, reward: float) -> list[Rule]:
    """Pays for items that were got since, and takes the pay back for those that are gone: one of each a step.

    `paid_<item>` is how many were paid for; its cap is the most that count.
    """
    paid = f"paid_{item}"
    has_more, has_less = Not(AtMost(item, Var(paid))), Not(AtLeast(item, Var(paid)))
    return [
        Rule(on="step", target="agent", when=[has_more, HasRoom(paid)], then=[Add(paid), Reward(reward)]),
        Rule(on="step", target="agent", when=[has_less], then=[Take(paid), Reward(-reward)]),
    ]
