"""Object use: does somebody know what each station is for? One station has a prize: get its product once.

After Metta's object use tasks: small maps, each about one station or one way to open a wall.
"""

from mettagrid.config.distribution import Number
from mettagrid.config.game import GameConfig
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.config.vary import Together, Varied
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.maps import MapConfig
from mettagrid.rules import (
    Add,
    Argument,
    AtLeast,
    AtMost,
    Effect,
    Filter,
    HasRoom,
    Remove,
    Reward,
    Rule,
    Set,
    Step,
    Swap,
    Take,
)
from mettagrid.tasks import find_task
from mettagrid.tasks.object_use import OBJECT_TASKS, station_map

RECIPES: dict[str, tuple[dict[str, int], str]] = {
    "mine": ({}, "ore"),
    "generator": ({"ore": 1}, "battery"),
    "altar": ({"battery": 3}, "heart"),
    "armory": ({"ore": 3}, "armor"),
    "lasery": ({"ore": 1, "battery": 2}, "laser"),
    "temple": ({"armor": 1, "laser": 1}, "heart"),
}
"""What each station takes, and what it gives."""


def make_object_use(
    task: str | None = None,
    map: MapConfig | None = None,
    max_steps: int | None = None,
    prize: str | None = None,
    ready: dict[str, int] | None = None,
) -> GameConfig:
    """Make the game of using things.

    Args:
        task: one of `OBJECT_TASKS`, for all of the following; None for all stations, one of which has the prize.
        map: another map, of `wall`, `brittle`, `block` and the stations.
        max_steps: steps in an episode; None for the task's budget, or 150.
        prize: the station with the prize; None for the task's, or a new one in every episode.
        ready: products that stations hold from the start; None for the task's.

    Raises:
        ValueError: there is no such task.
    """
    chosen = None if task is None else find_task(task, OBJECT_TASKS)
    settings = chosen.settings if chosen else {}
    prize = prize or settings.get("prize")
    products: dict[str, int] = ready or settings.get("ready", {})
    return GameConfig(
        name="object_use",
        num_agents=1,
        max_steps=max_steps or (chosen.max_steps if chosen else 150),
        variables=_variables(),
        verbs={
            "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
            "use": Verb(aim=Ahead()),
            "shoot": Verb(aim=Ahead(), requires=[AtLeast("laser")]),
            "swap": Verb(aim=Ahead()),
        },
        objects={
            **{name: ObjectKind() for name in ("wall", "brittle", "block")},
            **{
                name: ObjectKind(has={"prize": int(name == prize), "ready": products.get(name, 0)})
                for name in RECIPES
            },
        },
        rules=[
            Rule(on="move", target="empty", then=[Step()]),
            Rule(on="shoot", target="brittle", when=[AtLeast("laser")], then=[Take("laser"), Remove()]),
            Rule(on="swap", target="block", then=[Swap()]),
            *(rule for name in RECIPES for rule in _station(name)),
        ],
        map=map or (chosen.map if chosen else station_map(list(RECIPES))),
        vary={} if prize else _drawn_prize(),
    )


def _variables() -> dict[str, Variable]:
    return {
        "ore": Variable(cap=3, shown="self"),
        "battery": Variable(cap=3, shown="self"),
        "armor": Variable(cap=1, shown="self"),
        "laser": Variable(cap=3, shown="self"),
        "heart": Variable(cap=255, shown="self", counted=True),
        "prize": Variable(cap=1, shown="all", agents=False),
        "ready": Variable(cap=20, shown="all", agents=False),
    }


def _station(name: str) -> list[Rule]:
    """A station gives what is ready, or makes a product of its inputs; the one with the prize pays for the first."""
    inputs, product = RECIPES[name]
    of_inputs: list[Filter] = [AtLeast(item, amount) for item, amount in inputs.items()]
    takes: list[Effect] = [Take(item, amount) for item, amount in inputs.items()]
    is_ready, takes_ready = AtLeast("ready", of="target"), Take("ready", of="target")
    has_prize, no_prize = AtLeast("prize", of="target"), AtMost("prize", of="target")
    room = HasRoom(product)
    gives: list[Effect] = [Add(product)]
    pays: list[Effect] = [Take("prize", of="target"), Reward(1.0)]
    if product != "heart":
        pays.append(Add("heart"))
    rules = [
        Rule(on="use", target=name, when=[has_prize, is_ready, room], then=[takes_ready, *gives, *pays]),
        Rule(on="use", target=name, when=[has_prize, *of_inputs, room], then=[*takes, *gives, *pays]),
    ]
    if product != "heart":
        rules += [
            Rule(on="use", target=name, when=[no_prize, is_ready, room], then=[takes_ready, *gives]),
            Rule(on="use", target=name, when=[no_prize, *of_inputs, room], then=[*takes, *gives]),
        ]
    return rules


def _drawn_prize() -> dict[str, Varied]:
    """In every episode another station has the prize, and it may be ready."""
    return {"prize": Together(options=[_with_prize(name, ready) for name in RECIPES for ready in (0, 1)])}


def _with_prize(prize: str, ready: int) -> dict[str, Number | str]:
    values: dict[str, Number | str] = {}
    for name in RECIPES:
        values[f"objects.{name}.has.prize"] = int(name == prize)
        values[f"objects.{name}.has.ready"] = ready if name == prize else 0
    return values
