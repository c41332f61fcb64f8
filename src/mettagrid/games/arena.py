"""The arena: agents harvest diamonds, turn them into energy at chargers, and energy into hearts at altars.

Everything they do costs energy. They can attack, shield themselves, give, and mark themselves with a symbol.
"""

from mettagrid.config.game import GameConfig
from mettagrid.config.things import Body, ObjectKind, Variable
from mettagrid.config.verb import Ahead, Choice, Oneself, Verb, cells_ahead, directions, numbered
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    AtLeast,
    AtMost,
    Count,
    Every,
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
STATIONS = {"generator_red": 10, "generator_blue": 10, "charger": 6, "altar": 5}
"""How many of each station an arena of 25 x 25 cells has."""

HEART_PRICE = 100
"""Energy that the altar turns into one heart."""
FREEZE_STEPS = 10
"""Actions that an agent misses when an attack gets through."""
GIFT = 10
"""Energy that one `give_energy` hands over."""
NUM_MARKS = 4
"""Symbols that agents can show; 0 is none."""
UNPAYABLE = 251
"""A price above every agent's energy."""


def make_arena(
    num_agents: int = 24,
    combat: bool = True,
    shaped: bool = False,
    size: tuple[int, int] = (25, 25),
    stations: dict[str, int] | None = None,
    num_walls: int = 20,
    max_steps: int = 1000,
) -> GameConfig:
    """Make the arena of the README.

    Args:
        num_agents: agents in a world.
        combat: whether anybody can afford to attack. Without combat the actions stay the same, but masked out.
        shaped: small rewards on the way (a diamond 0.05, charging 0.1 per diamond, 0.3 for a pair), for training.
        size: rows and columns of the field inside its unbreakable border.
        stations: how many of each station; those that are left out are as many as in `STATIONS`.
        num_walls: breakable walls scattered over the field.
        max_steps: steps in an episode.
    """
    return GameConfig(
        name="arena",
        num_agents=num_agents,
        max_steps=max_steps,
        variables=_variables(),
        bodies={"person": Body(traits={"damage": 10})},
        requires=[AtMost("frozen", 0)],
        verbs=_verbs(combat),
        objects=_objects(),
        rules=[*_movement(), *_economy(shaped), *_combat(), *_cooperation(), *_metabolism()],
        map=RandomMap(
            height=size[0],
            width=size[1],
            border="border",
            stations=STATIONS | (stations or {}),
            obstacles={"wall": num_walls},
        ),
    )


def _variables() -> dict[str, Variable]:
    return {
        "frozen": Variable(countdown=True, shown="all"),
        "shield": Variable(cap=1, shown="all"),
        "mark": Variable(cap=NUM_MARKS - 1, shown="all"),
        "energy": Variable(cap=250, initial=100, shown="self", counted=True),
        "red": Variable(cap=5, shown="self", counted=True),
        "blue": Variable(cap=5, shown="self", counted=True),
        "heart": Variable(cap=1000, shown="self", counted=True),
        "cooldown": Variable(countdown=True, shown="all", agents=False),
        "hp": Variable(cap=30, agents=False),
    }


def _objects() -> dict[str, ObjectKind]:
    return {
        "border": ObjectKind(),
        "wall": ObjectKind(has={"hp": 10}),
        **{name: ObjectKind(has={"hp": 30, "cooldown": 0}) for name in STATIONS},
    }


def _verbs(combat: bool) -> dict[str, Verb]:
    gifts = [Choice("energy", GIFT), *(Choice(color, 1, requires=[AtLeast(color)]) for color in COLORS)]
    return {
        "move": Verb(choices=directions(aimed=True), pays="energy", always=[Set("heading", Argument())]),
        "turn": Verb(choices=directions(aimed=False), pays="energy", always=[Set("heading", Argument())]),
        "use": Verb(aim=Ahead(), pays="energy"),
        "attack": Verb(choices=cells_ahead(), pays="energy", price=5 if combat else UNPAYABLE),
        "shield": Verb(aim=Oneself(), pays="energy"),
        "give": Verb(aim=Ahead(), choices=gifts, pays="energy"),
        "mark": Verb(choices=numbered(0, NUM_MARKS - 1), pays="energy"),
    }


def _movement() -> list[Rule]:
    """A move always turns the agent; it steps only onto an empty cell."""
    return [Rule(on="move", target="empty", then=[Step()]), Rule(on="turn", then=[])]


def _economy(shaped: bool) -> list[Rule]:
    """Generators give diamonds, chargers turn diamonds into energy (a pair is worth more), altars energy into hearts."""

    def paid(amount: float) -> list[Reward]:
        return [Reward(amount)] if shaped else []

    is_ready = AtMost("cooldown", 0, of="target")
    harvest = [
        Rule(
            on="use",
            target=f"generator_{color}",
            when=[is_ready, HasRoom(color)],
            then=[Add(color, 1), Set("cooldown", 10, of="target"), *paid(0.05)],
        )
        for color in COLORS
    ]
    pair = Rule(
        on="use",
        target="charger",
        when=[is_ready, AtLeast("red"), AtLeast("blue")],
        then=[Take("red"), Take("blue"), Add("energy", 150), Set("cooldown", 2, of="target"), *paid(0.3)],
    )
    single = [
        Rule(
            on="use",
            target="charger",
            when=[is_ready, AtLeast(color)],
            then=[Take(color), Add("energy", 50), Set("cooldown", 2, of="target"), *paid(0.1)],
        )
        for color in COLORS
    ]
    worship = Rule(
        on="use",
        target="altar",
        when=[is_ready, AtLeast("energy", HEART_PRICE)],
        then=[Take("energy", HEART_PRICE), Add("heart", 1), Reward(1.0), Set("cooldown", 2, of="target")],
    )
    return [*harvest, pair, *single, worship]


def _combat() -> list[Rule]:
    """A shield with enough energy absorbs an attack; anybody else is frozen, robbed and drained. Objects lose hit points."""
    loot = [Move(color, "all", giver="target") for color in COLORS]
    fall = [Set("energy", 0, of="target"), Set("shield", 0, of="target"), *(Set(c, 0, of="target") for c in COLORS)]
    breakable = ["wall", *STATIONS]
    return [
        Rule(
            on="attack",
            target="agent",
            when=[AtLeast("shield", 1, of="target"), AtLeast("energy", Trait("damage"), of="target")],
            then=[Take("energy", Trait("damage"), of="target"), Count("attack.absorbed")],
        ),
        Rule(
            on="attack",
            target="agent",
            when=[AtMost("frozen", 0, of="target")],
            then=[Freeze(FREEZE_STEPS), *loot, *fall, Count("attack.hit"), Count("attack.suffered", of="target")],
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


def _metabolism() -> list[Rule]:
    """Energy comes back slowly; a shield eats one a step and drops when there is none."""
    return [
        Rule(on="step", target="agent", when=[Every(4)], then=[Add("energy", 1)]),
        Rule(on="step", target="agent", when=[AtLeast("shield")], then=[Take("energy", 1)]),
        Rule(on="step", target="agent", when=[AtMost("energy", 0)], then=[Set("shield", 0)]),
    ]
