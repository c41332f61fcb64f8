"""Builders: agents fell trees, break stones and build houses at sites, on changing land, by day and by night.

Every block that is delivered to a site is a heart for who brings it, and a finished house one for all who stand around.
Besides, blocks and doors can be placed and broken, water bridged, boxes pushed, filled and opened.
"""

from typing import Annotated

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.config.things import Ground, ObjectKind, Values, Variable
from mettagrid.config.verb import Ahead, Choice, Verb, directions
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    Around,
    AtLeast,
    AtMost,
    Become,
    Chance,
    Count,
    Effect,
    Every,
    Filter,
    HasRoom,
    Lay,
    Leave,
    Move,
    Nearby,
    Not,
    OnGround,
    Push,
    Remove,
    Reward,
    Rule,
    Set,
    Spawn,
    Step,
    Swap,
    Take,
    Var,
)

MATERIALS = ("wood", "stone")
"""What agents carry. Everybody sees it."""
STATIONS = {"tree": 20, "rock": 16, "site": 10, "box": 4}
"""How many of each thing that agents use stand on 24 x 24 cells."""
OBSTACLES = {"wall": 12, "door": 6}
"""What is in the way until it is broken or opened."""
TERRAIN = {"swamp": 0.08, "bush": 0.08, "water": 0.04}
"""Share of the cells with each ground, in patches, if the game has terrain."""
HAZARDS = {"thorns": 0.03}
"""Likewise, if it has hazards."""
SIGN = "sign"
"""What agents can leave on the ground; it fades."""

Steps = Annotated[int, Field(ge=1, le=1000)]
Amount = Annotated[int, Field(ge=1, le=50)]
Probability = Annotated[float, Field(ge=0, le=1)]
Percent = Annotated[int, Field(ge=0, le=100)]


class BuildersNumbers(Config):
    """The numbers of the game."""

    material_cap: Amount = 5
    """Wood and stone, of each, that an agent can carry."""
    wood_chance: Probability = 0.8
    """Probability that using a tree gives wood."""
    stone_chance: Probability = 0.5
    """Probability that using a rock gives stone."""
    tree_stock: Amount = 3
    """Wood that a tree has."""
    rock_stock: Amount = 5
    """Stone that a rock has."""
    growth_period: Steps = 10
    """Steps in which a tree may get 1 wood back, with the probability that the season says."""
    rock_period: Steps = 25
    """Steps in which a rock gets 1 stone back."""
    summer_growth: Percent = 60
    """Percent of the growth periods in which a tree grows in the first half of every `season_steps`."""
    winter_growth: Percent = 20
    """The same in the second half, if there is weather."""
    season_steps: Steps = 500
    """Steps of a year: summer, then winter."""
    rain_chance: Probability = 0.01
    """Probability that rain begins, in a dry step."""
    rain_steps: Annotated[int, Field(ge=1, le=250)] = 30
    """Steps that it rains: trees grow whatever the season."""
    site_wood: Amount = 2
    """Wood that a house is built of."""
    site_stone: Amount = 2
    """Stone that a house is built of."""
    house_steps: Annotated[int, Field(ge=1, le=250)] = 60
    """Steps that a house stands before it decays and is a site again."""
    house_hearts: Annotated[int, Field(ge=0, le=30)] = 1
    """Hearts for each agent around a house that is finished, besides 1 for each block delivered."""
    block_hp: Amount = 3
    """Blows that break a block or a door."""
    wall_hp: Amount = 6
    """Blows that break a wall."""
    box_cap: Amount = 10
    """Wood and stone, of each, that a box holds."""
    energy_cap: Annotated[int, Field(ge=1, le=250)] = 100
    """Most energy that an agent can have, and what it begins with. Moves and blows cost 1."""
    rest_period: Steps = 2
    """Steps in which agents get 1 energy back, by day or near a house."""
    swamp_price: Amount = 2
    """Energy that a step onto swamp costs besides."""
    thorn_damage: Amount = 15
    """Energy that a step into thorns costs besides."""
    day_steps: Annotated[int, Field(ge=2, le=1000)] = 100
    """Steps of a day with its night."""
    night_steps: Steps = 40
    """How many of them, the last ones, are night."""
    night_sight: Annotated[int, Field(ge=1, le=5)] = 3
    """Cells that agents see at night in every direction; 5 by day and near a house."""
    house_radius: Annotated[int, Field(ge=1, le=7)] = 3
    """Cells around a house in which it gives light and rest."""
    sign_steps: Annotated[int, Field(ge=1, le=250)] = 60
    """Steps until a sign on the ground has faded."""


def make_builders(
    num_agents: int = 16,
    shaped: bool = False,
    night: bool = True,
    weather: bool = True,
    terrain: bool = True,
    hazards: bool = True,
    max_steps: int = 1000,
    numbers: BuildersNumbers | None = None,
) -> GameConfig:
    """Make the builders, on 24 x 24 cells.

    Args:
        num_agents: agents in a world.
        shaped: small rewards on the way, for training: 0.1 for wood or stone that is mined.
        night: whether sight shrinks and rest ends at night, except near houses.
        weather: whether there are winters and rain; without, it is always summer.
        terrain: whether there is swamp (dear to cross), bush (cover) and water (to be bridged).
        hazards: whether there are thorns.
        max_steps: steps in an episode.
        numbers: prices, chances and the like; None for the defaults.

    Raises:
        ValueError: the night is as long as the day.
    """
    numbers = numbers or BuildersNumbers()
    if numbers.night_steps >= numbers.day_steps:
        raise ValueError(f"night_steps: {numbers.night_steps} must be below day_steps, {numbers.day_steps}")
    return GameConfig(
        name="builders",
        num_agents=num_agents,
        max_steps=max_steps,
        variables=_variables(numbers),
        verbs=_verbs(),
        objects=_objects(numbers),
        world=ObjectKind(has={"night": 0, "growth": numbers.summer_growth, "rain": 0}),
        spare_objects=200,
        grounds={
            "swamp": Ground(),
            "bush": Ground(hides=True),
            "water": Ground(),
            "thorns": Ground(),
            "doorway": Ground(),
        },
        traces=[SIGN],
        rules=[
            *_movement(numbers),
            *_mining(numbers, shaped),
            *_building(numbers),
            *_blocks(),
            *_doors(),
            *_boxes(),
            *_signs(numbers),
            *_rest(numbers, night),
            *(_night(numbers) if night else []),
            *(_weather(numbers) if weather else []),
        ],
        map=RandomMap(
            height=24,
            width=24,
            border="border",
            stations=STATIONS,
            obstacles=OBSTACLES,
            grounds=(TERRAIN if terrain else {}) | (HAZARDS if hazards else {}),
        ),
    )


def _variables(numbers: BuildersNumbers) -> dict[str, Variable]:
    material = Variable(cap=numbers.material_cap, shown="all", counted=True)
    of_objects = {
        "hp": Variable(shown="all", agents=False),
        "stock": Variable(shown="all", agents=False),
        "needs_wood": Variable(cap=numbers.site_wood, shown="all", agents=False),
        "needs_stone": Variable(cap=numbers.site_stone, shown="all", agents=False),
        "stands": Variable(cap=numbers.house_steps, countdown=True, shown="all", agents=False),
    }
    of_world = {
        "night": Variable(cap=1, shown="all", agents=False),
        "growth": Variable(cap=100, shown="all", agents=False),
        "rain": Variable(cap=numbers.rain_steps, countdown=True, shown="all", agents=False),
    }
    return {
        "energy": Variable(cap=numbers.energy_cap, initial=numbers.energy_cap, shown="self", counted=True),
        **dict.fromkeys(MATERIALS, material),
        "heart": Variable(cap=10_000, shown="self", counted=True),
        "sight": Variable(cap=5, initial=5, shown="self"),
        **of_objects,
        **of_world,
    }


def _objects(numbers: BuildersNumbers) -> dict[str, ObjectKind]:
    box: Values = dict.fromkeys(MATERIALS, 0)
    return {
        "border": ObjectKind(),
        "wall": ObjectKind(has={"hp": numbers.wall_hp}),
        "block": ObjectKind(has={"hp": numbers.block_hp}),
        "door": ObjectKind(has={"hp": numbers.block_hp}),
        "tree": ObjectKind(has={"stock": numbers.tree_stock}, caps={"stock": numbers.tree_stock}),
        "rock": ObjectKind(has={"stock": numbers.rock_stock}, caps={"stock": numbers.rock_stock}),
        "site": ObjectKind(has={"needs_wood": numbers.site_wood, "needs_stone": numbers.site_stone}),
        "house": ObjectKind(has={"stands": numbers.house_steps}),
        "box": ObjectKind(has=box, caps=dict.fromkeys(MATERIALS, numbers.box_cap)),
    }


def _verbs() -> dict[str, Verb]:
    materials = [Choice(name, requires=[AtLeast(name)]) for name in MATERIALS]
    return {
        "move": Verb(choices=directions(aimed=True), pays="energy", always=[Set("heading", Argument())]),
        "use": Verb(aim=Ahead()),
        "place": Verb(aim=Ahead(), choices=materials),
        "break": Verb(aim=Ahead(), pays="energy"),
        "swap": Verb(aim=Ahead()),
        "sign": Verb(),
    }


def _movement(numbers: BuildersNumbers) -> list[Rule]:
    """A move always turns. Nobody walks on water; swamp and thorns cost more; boxes are pushed."""
    return [
        Rule(
            on="move",
            target="empty",
            when=[OnGround("swamp", of="target")],
            then=[Step(), Take("energy", numbers.swamp_price)],
        ),
        Rule(
            on="move",
            target="empty",
            when=[OnGround("thorns", of="target")],
            then=[Step(), Take("energy", numbers.thorn_damage), Count("thorns")],
        ),
        Rule(on="move", target="empty", when=[Not(OnGround("water", of="target"))], then=[Step()]),
        Rule(on="move", target="box", then=[Push()]),
        Rule(on="swap", target="agent", then=[Swap()]),
    ]


def _mining(numbers: BuildersNumbers, shaped: bool) -> list[Rule]:
    """Trees and rocks give material by chance, as long as they have any; it renews."""
    paid: list[Effect] = [Reward(0.1)] if shaped else []
    sources = {"wood": ("tree", numbers.wood_chance), "stone": ("rock", numbers.stone_chance)}
    mining = [
        Rule(
            on="use",
            target=source,
            when=[AtLeast("stock", of="target"), HasRoom(material), Chance(chance)],
            then=[Take("stock", of="target"), Add(material), *paid],
        )
        for material, (source, chance) in sources.items()
    ]
    grows = [Every(numbers.growth_period), Chance(Var("growth", of="world"))]
    return [
        *mining,
        Rule(on="step", target="tree", when=grows, then=[Add("stock")]),
        Rule(on="step", target="rock", when=[Every(numbers.rock_period)], then=[Add("stock")]),
    ]


def _building(numbers: BuildersNumbers) -> list[Rule]:
    """A site takes what it still needs, a block at a time; the last one makes it a house, which decays."""
    others = {"wood": "stone", "stone": "wood"}
    around = Around("agent")
    hearts = numbers.house_hearts
    finishes: list[Effect] = [
        Add("heart", hearts, of="target", around=around),
        Reward(float(hearts), of="target", around=around),
        Count("house", of="actor"),
        Become("house"),
    ]
    rules = []
    for material, other in others.items():
        can_deliver: list[Filter] = [AtLeast(material), AtLeast(f"needs_{material}", of="target")]
        is_last: list[Filter] = [
            AtMost(f"needs_{material}", 1, of="target"),
            AtMost(f"needs_{other}", 0, of="target"),
        ]
        delivers = [Take(material), Take(f"needs_{material}", of="target"), Add("heart"), Reward(1.0)]
        rules += [
            Rule(on="use", target="site", when=[*can_deliver, *is_last], then=[*delivers, *finishes]),
            Rule(on="use", target="site", when=can_deliver, then=delivers),
        ]
    return [*rules, Rule(on="step", target="house", when=[AtMost("stands", 0)], then=[Become("site")])]


def _blocks() -> list[Rule]:
    """A stone makes a block, wood a door; either makes a bridge on water. Blows break them, and give them back."""
    on_water: list[Filter] = [OnGround("water", of="target")]
    placing = [
        rule
        for material, thing in (("stone", "block"), ("wood", "door"))
        for rule in (
            Rule(
                on=f"place_{material}",
                target="empty",
                when=on_water,
                then=[Take(material), Lay("plain"), Count("bridge")],
            ),
            Rule(
                on=f"place_{material}", target="empty", then=[Take(material), Spawn(thing), Count("placed")]
            ),
        )
    ]
    breaking = [
        Rule(
            on="break",
            target=thing,
            when=[AtMost("hp", 1, of="target")],
            then=[Remove(), Add(material), Count("broken")],
        )
        for thing, material in (("block", "stone"), ("wall", "stone"), ("door", "wood"))
    ]
    blow = Rule(on="break", target=["block", "wall", "door"], then=[Take("hp", of="target")])
    return [*placing, *breaking, blow]


def _doors() -> list[Rule]:
    """A closed door is an object, an open one a ground that one walks on."""
    return [
        Rule(on="use", target="door", then=[Remove(), Lay("doorway")]),
        Rule(
            on="use",
            target="empty",
            when=[OnGround("doorway", of="target")],
            then=[Spawn("door"), Lay("plain")],
        ),
    ]


def _boxes() -> list[Rule]:
    """Whoever carries material fills a box with all of it; whoever has none opens it and takes all that fits."""
    fill: list[Effect] = [Move(name) for name in MATERIALS]
    take: list[Effect] = [Move(name, giver="target") for name in MATERIALS]
    return [
        *(Rule(on="use", target="box", when=[AtLeast(name)], then=fill) for name in MATERIALS),
        *(Rule(on="use", target="box", when=[AtLeast(name, of="target")], then=take) for name in MATERIALS),
    ]


def _signs(numbers: BuildersNumbers) -> list[Rule]:
    """A sign on the ground under oneself, which fades."""
    return [Rule(on="sign", then=[Leave(SIGN, numbers.sign_steps)])]


def _rest(numbers: BuildersNumbers, night: bool) -> list[Rule]:
    """Energy comes back by day; at night near houses only."""
    wait = Every(numbers.rest_period)
    by_day = Rule(
        on="step", target="agent", when=[wait, AtMost("night", 0, of="world")], then=[Add("energy")]
    )
    near_house = Rule(
        on="step",
        target="agent",
        when=[wait, AtLeast("night", of="world"), Nearby("house", 1, numbers.house_radius)],
        then=[Add("energy")],
    )
    return [by_day, near_house] if night else [by_day]


def _night(numbers: BuildersNumbers) -> list[Rule]:
    """The last steps of every day are dark, but not near a house."""
    day, dusk = numbers.day_steps, numbers.day_steps - numbers.night_steps
    is_dark: list[Filter] = [AtLeast("night", of="world"), Not(Nearby("house", 1, numbers.house_radius))]
    return [
        Rule(on="step", target="world", when=[Every(day, phase=dusk)], then=[Set("night", 1)]),
        Rule(on="step", target="world", when=[Every(day)], then=[Set("night", 0)]),
        Rule(on="step", target="agent", then=[Set("sight", 5)]),
        Rule(on="step", target="agent", when=is_dark, then=[Set("sight", numbers.night_sight)]),
    ]


def _weather(numbers: BuildersNumbers) -> list[Rule]:
    """Winters, in which little grows, and showers of rain, in which everything does."""
    year = numbers.season_steps
    is_dry = AtMost("rain", 0)
    return [
        Rule(on="step", target="world", when=[Every(year)], then=[Set("growth", numbers.summer_growth)]),
        Rule(
            on="step",
            target="world",
            when=[Every(year, phase=year // 2)],
            then=[Set("growth", numbers.winter_growth)],
        ),
        Rule(
            on="step",
            target="world",
            when=[is_dry, Chance(numbers.rain_chance)],
            then=[Set("rain", numbers.rain_steps)],
        ),
        Rule(
            on="step",
            target="tree",
            when=[Every(numbers.growth_period), AtLeast("rain", of="world")],
            then=[Add("stock")],
        ),
    ]
