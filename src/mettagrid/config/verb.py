"""Verbs: what agents can do, what it aims at and what it costs. What it then does is for the rules to say."""

from typing import Annotated, Literal

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.rules import Effect, Filter, Word

HEADINGS = ("north", "east", "south", "west")
"""Names of the values of `heading`: 0 north, 1 east, 2 south, 3 west."""


class Oneself(Word):
    """Aims at the agent that acts."""

    op: Literal["self"] = Field("self", init=False)

    def row(self) -> tuple[int, int, int]:
        """Selector and its two numbers, for the core."""
        return 0, 0, 0


class Ahead(Word):
    """Aims at a cell relative to where the agent looks."""

    op: Literal["ahead"] = Field("ahead", init=False)
    forward: Annotated[int, Field(ge=-15, le=15)] = 1
    """Cells forward."""
    right: Annotated[int, Field(ge=-15, le=15)] = 0
    """Cells to the right; negative is left."""

    def row(self) -> tuple[int, int, int]:
        """Selector and its two numbers, for the core."""
        return 1, self.forward, self.right


class Toward(Word):
    """Aims at the next cell in a direction of the map, wherever the agent looks."""

    op: Literal["toward"] = Field("toward", init=False)
    direction: Annotated[int, Field(ge=0, le=3)]
    """0 north, 1 east, 2 south, 3 west."""

    def row(self) -> tuple[int, int, int]:
        """Selector and its two numbers, for the core."""
        return 2, self.direction, 0


Aim = Annotated[Oneself | Ahead | Toward, Field(discriminator="op")]


class Choice(Word):
    """One of several actions of a verb: verb `move` with choice `north` is the action `move_north`."""

    name: str
    """What follows the verb's name in the action's name."""
    number: int = 0
    """What `Argument()` stands for in the rules of this action."""
    aim: Aim | None = None
    """What this action aims at; None for the verb's aim."""
    requires: list[Filter] = Field(default_factory=list)
    """Filters on the actor that must hold besides those of the verb."""


class Verb(Config):
    """Something that agents can do: one action, or one for each choice."""

    aim: Aim = Field(default_factory=Oneself)
    """What the verb is done to."""
    choices: list[Choice] = Field(default_factory=list)
    """The verb's actions; none means a single action with the verb's own name."""
    pays: str | None = None
    """The variable in which the verb is paid; None for a verb without a price."""
    price: Annotated[int, Field(ge=0, le=32767)] = 1
    """What one use costs, if `pays` is set; bodies may differ. Who cannot pay cannot choose the verb."""
    requires: list[Filter] = Field(default_factory=list)
    """Filters on the actor that must hold, or the verb cannot be chosen (its actions are masked out)."""
    always: list[Effect] = Field(default_factory=list)
    """Effects on the actor whenever it tries the verb, even if no rule then runs (a blocked move turns)."""


def directions(aimed: bool) -> list[Choice]:
    """Choices north, east, south, west, numbered 0 to 3, aimed at the neighbour in that direction or not."""
    return [Choice(name, i, Toward(i) if aimed else None) for i, name in enumerate(HEADINGS)]


def numbered(first: int, last: int) -> list[Choice]:
    """Choices named after their numbers, from first to last."""
    return [Choice(str(number), number) for number in range(first, last + 1)]


def cells_ahead() -> list[Choice]:
    """Nine choices `1` to `9`: rows 1, 2, 3 cells ahead, each from left to right (2 is the cell in front)."""
    cells = [(forward, right) for forward in (1, 2, 3) for right in (-1, 0, 1)]
    return [Choice(str(i), i, Ahead(forward, right)) for i, (forward, right) in enumerate(cells, start=1)]
