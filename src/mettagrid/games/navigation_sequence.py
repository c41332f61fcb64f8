"""Navigation in sequence: ore from a mine becomes a battery at a generator, and a battery a heart at an altar.

The maps of navigation once more, after Metta's navigation sequence: the way leads through stations in an order.
"""

from typing import Annotated

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.maps import MapConfig, RandomMap
from mettagrid.rules import Add, Argument, AtLeast, HasRoom, Reward, Rule, Set, Step, Take
from mettagrid.tasks import find_task
from mettagrid.tasks.navigation_sequence import SEQUENCE_TASKS


class SequenceNumbers(Config):
    """The numbers of the sequence."""

    batteries: Annotated[int, Field(ge=1, le=10)] = 1
    """Batteries that a generator makes of an ore."""
    carry: Annotated[int, Field(ge=1, le=10)] = 3
    """Ore, and batteries, that an agent can carry."""
    reward: Annotated[float, Field(gt=0, le=30)] = 0.333
    """What a heart pays."""
    ore_reward: Annotated[float, Field(ge=0, le=30)] = 0.0
    """What an ore pays, for training."""
    battery_reward: Annotated[float, Field(ge=0, le=30)] = 0.0
    """What making batteries pays, for training."""


def make_navigation_sequence(
    task: str | None = None,
    map: MapConfig | None = None,
    max_steps: int | None = None,
    num_agents: int | None = None,
    numbers: SequenceNumbers | None = None,
) -> GameConfig:
    """Make the game of mine, generator and altar.

    Args:
        task: one of `SEQUENCE_TASKS`, for its map and budget; None for generated terrain.
        map: another map, of `wall`, `mine`, `generator` and `altar`.
        max_steps: steps in an episode; None for the task's budget, or 250.
        num_agents: agents in a world; None for the task's, or 1.
        numbers: rewards and what is carried; None for the defaults.

    Raises:
        ValueError: there is no such task.
    """
    chosen = None if task is None else find_task(task, SEQUENCE_TASKS)
    numbers = numbers or SequenceNumbers()
    return GameConfig(
        name="navigation_sequence",
        num_agents=num_agents or (chosen.num_agents if chosen else 1),
        max_steps=max_steps or (chosen.max_steps if chosen else 250),
        variables=sequence_variables(numbers),
        verbs={
            "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
            "use": Verb(aim=Ahead()),
        },
        objects=sequence_objects(),
        rules=[Rule(on="move", target="empty", then=[Step()]), *sequence_rules(numbers)],
        map=map or (chosen.map if chosen else sequence_terrain()),
    )


def sequence_terrain() -> RandomMap:
    """The maps on which the sequence is trained: stations and walls at random cells, all within reach."""
    stations = {"mine": 1, "generator": 1, "altar": 3}
    return RandomMap(height=15, width=15, border="wall", stations=stations, obstacles={"wall": 30})


def sequence_variables(numbers: SequenceNumbers) -> dict[str, Variable]:
    """What agents carry, and how many hearts an altar has left."""
    return {
        "ore": Variable(cap=numbers.carry, shown="self"),
        "battery": Variable(cap=numbers.carry, shown="self"),
        "heart": Variable(cap=255, shown="self", counted=True),
        "stock": Variable(cap=1, shown="all", agents=False),
    }


def sequence_objects() -> dict[str, ObjectKind]:
    """Walls and the three stations; an altar has one heart."""
    return {
        "wall": ObjectKind(),
        "mine": ObjectKind(),
        "generator": ObjectKind(),
        "altar": ObjectKind(has={"stock": 1}),
    }


def sequence_rules(numbers: SequenceNumbers) -> list[Rule]:
    """What the three stations do."""
    pays_ore = [Reward(numbers.ore_reward)] if numbers.ore_reward else []
    pays_battery = [Reward(numbers.battery_reward)] if numbers.battery_reward else []
    return [
        Rule(on="use", target="mine", when=[HasRoom("ore")], then=[Add("ore"), *pays_ore]),
        Rule(
            on="use",
            target="generator",
            when=[AtLeast("ore"), HasRoom("battery")],
            then=[Take("ore"), Add("battery", numbers.batteries), *pays_battery],
        ),
        Rule(
            on="use",
            target="altar",
            when=[AtLeast("stock", 1, of="target"), AtLeast("battery")],
            then=[Take("stock", 1, of="target"), Take("battery"), Add("heart"), Reward(numbers.reward)],
        ),
    ]
