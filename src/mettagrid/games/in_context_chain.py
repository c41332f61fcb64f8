"""In-context chain: converters make a heart in some order, which must be found out within the episode.

Each converter of the chain turns one item into the next one; the others eat what they are given. Which converter does
what differs from episode to episode and cannot be seen. Who remembers what worked makes many hearts.
"""

from collections.abc import Sequence
from itertools import permutations
from math import perm
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.distribution import Number
from mettagrid.config.game import GameConfig
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.config.vary import Together, Varied
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    AtLeast,
    AtMost,
    Count,
    Effect,
    Filter,
    Reward,
    Rule,
    Set,
    Step,
)
from mettagrid.tasks import find_task
from mettagrid.tasks.in_context_chain import CHAIN_TASKS

MOST_ORDERS = 360
"""Orders that episodes draw from; if more are possible, these are chosen among them once for all."""


class ChainNumbers(Config):
    """The numbers of the chain."""

    length: Annotated[int, Field(ge=1, le=7)] = 3
    """Converters in the chain: the first gives an item for nothing, the last one a heart."""
    distractors: Annotated[int, Field(ge=0, le=5)] = 2
    """Converters that eat what they are given."""
    cooldown: Annotated[int, Field(ge=0, le=250)] = 4
    """Steps that a converter rests after it took or gave something."""


def make_in_context_chain(
    num_agents: int = 1,
    order: Sequence[int] | None = None,
    shaped: bool = False,
    size: tuple[int, int] = (6, 6),
    max_steps: int | None = None,
    numbers: ChainNumbers | None = None,
    task: str | None = None,
) -> GameConfig:
    """Make the game of a chain that has to be found out.

    Args:
        num_agents: agents in a world, 1 to 4; each has its own item.
        order: numbers of the converters in the order of the chain, for example [2, 5, 1]; None for one that is drawn
            in every episode.
        shaped: a reward of 0.05 for each right step of the chain, for training.
        size: rows and columns of the field inside its border; up to 6 x 6, agents see all of it.
        max_steps: steps in an episode; None for the task's budget, or 250.
        numbers: length of the chain, distractors and cooldown; None for the task's, or the defaults.
        task: one of `CHAIN_TASKS`, for its map, budget and numbers; None for a field of that size.

    Raises:
        ValueError: for more than 4 agents, an order that is none, or a task that does not exist.
    """
    chosen = None if task is None else find_task(task, CHAIN_TASKS)
    numbers = numbers or ChainNumbers(**(chosen.settings if chosen else {}))
    if not 1 <= num_agents <= 4:
        raise ValueError(f"num_agents: 1 to 4 agents fit beside the converters, not {num_agents}")
    names = converter_names(numbers)
    stages = _stages(list(range(1, numbers.length + 1) if order is None else order), numbers)
    return GameConfig(
        name="in_context_chain",
        num_agents=num_agents,
        max_steps=max_steps or (chosen.max_steps if chosen else 250),
        variables={
            "item": Variable(cap=numbers.length, shown="all"),
            "heart": Variable(cap=1000, shown="self", counted=True),
            "cooldown": Variable(cap=max(1, numbers.cooldown), countdown=True, shown="all", agents=False),
            "stage": Variable(cap=numbers.length, agents=False),
        },
        verbs={
            "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
            "use": Verb(aim=Ahead()),
        },
        objects={
            "border": ObjectKind(),
            **{
                name: ObjectKind(has={"cooldown": 0, "stage": stage})
                for name, stage in zip(names, stages, strict=True)
            },
        },
        rules=[
            Rule(on="move", target="empty", then=[Step()]),
            *_chain(names, numbers, shaped),
            _waste(names, numbers),
        ],
        map=chosen.map
        if chosen
        else RandomMap(height=size[0], width=size[1], border="border", stations=dict.fromkeys(names, 1)),
        vary=_drawn_order(numbers) if order is None else {},
    )


def converter_names(numbers: ChainNumbers) -> list[str]:
    """Kinds of the converters, those of the chain and the distractors alike."""
    return [f"converter_{number}" for number in range(1, numbers.length + numbers.distractors + 1)]


def _stages(order: list[int], numbers: ChainNumbers) -> list[int]:
    """The place in the chain of each converter, from 1; 0 for a distractor."""
    count = numbers.length + numbers.distractors
    if (
        len(order) != numbers.length
        or len(set(order)) != len(order)
        or not set(order) <= set(range(1, count + 1))
    ):
        raise ValueError(f"order: must be {numbers.length} different numbers within 1..{count}, not {order}")
    return [1 + order.index(number) if number in order else 0 for number in range(1, count + 1)]


def all_orders(numbers: ChainNumbers) -> list[list[int]]:
    """The orders that episodes draw from, at most `MOST_ORDERS`."""
    count = numbers.length + numbers.distractors
    if perm(count, numbers.length) <= MOST_ORDERS:
        return [list(order) for order in permutations(range(1, count + 1), numbers.length)]
    rng, chosen = np.random.default_rng(0), dict[tuple[int, ...], None]()
    while len(chosen) < MOST_ORDERS:
        chosen[tuple(int(number) for number in 1 + rng.permutation(count)[: numbers.length])] = None
    return [list(order) for order in chosen]


def _drawn_order(numbers: ChainNumbers) -> dict[str, Varied]:
    """One order for each episode; nothing tells which."""
    places = [f"objects.{name}.has.stage" for name in converter_names(numbers)]
    options: list[dict[str, Number | str]] = [
        dict(zip(places, _stages(order, numbers), strict=True)) for order in all_orders(numbers)
    ]
    return {"order": Together(options=options)}


def _is(variable: str, value: int, of: Literal["actor", "target"] = "actor") -> list[Filter]:
    return [AtLeast(variable, value, of=of), AtMost(variable, value, of=of)]


def _is_ready() -> Filter:
    return AtMost("cooldown", 0, of="target")


def _chain(converters: list[str], numbers: ChainNumbers, shaped: bool) -> list[Rule]:
    """Stage s takes item s - 1 (0 is nothing) and gives item s; the last stage gives a heart."""
    rules = []
    for stage in range(1, numbers.length + 1):
        is_last = stage == numbers.length
        heart: list[Effect] = [Set("item", 0), Add("heart", 1), Reward(1.0)]
        step: list[Effect] = [Set("item", stage), *([Reward(0.05)] if shaped else [])]
        rules.append(
            Rule(
                on="use",
                target=converters,
                when=[*_is("stage", stage, "target"), *_is("item", stage - 1), _is_ready()],
                then=[*(heart if is_last else step), Set("cooldown", numbers.cooldown, of="target")],
            )
        )
    return rules


def _waste(converters: list[str], numbers: ChainNumbers) -> Rule:
    """A distractor eats whatever it is given. A converter of the chain leaves a wrong item alone."""
    return Rule(
        on="use",
        target=converters,
        when=[*_is("stage", 0, "target"), AtLeast("item"), _is_ready()],
        then=[Set("item", 0), Set("cooldown", numbers.cooldown, of="target"), Count("item.wasted")],
    )
