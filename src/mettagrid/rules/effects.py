"""Effects: what a rule does. One class each; `encode` gives the rows that the core reads, in their order."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from mettagrid.rules.filters import AtLeast, FilterRow, HasRoom
from mettagrid.rules.names import Names
from mettagrid.rules.word import WHO, Amount, Operand, Who, Word, encode_operand

EffectRow = tuple[int, int, int, int, int, int, int]
"""op, who, variable, operand mode, operand, extra1, extra2."""

_ADD, _TAKE = 0, 1
"""The sign of the core's ADD, in extra1."""


class _Effect(Word):
    """An effect is done as it stands; one that needs something (`Convert`) gives filters to its rule."""

    def needs(self, names: Names) -> list[FilterRow]:
        """Filters that the rule must pass before this effect is done."""
        return []


class Add(_Effect):
    """Gives `amount` of a variable out of nothing, up to the cap."""

    CODE: ClassVar[int] = 0
    op: Literal["add"] = Field("add", init=False)
    variable: str
    """What grows."""
    amount: Operand = 1
    """By how much."""
    of: Who = "actor"
    """Whose it is."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        mode, number = encode_operand(self.amount, names)
        return [(self.CODE, WHO[self.of], names.variable(self.variable), mode, number, _ADD, -1)]


class Take(_Effect):
    """Takes `amount` of a variable away, down to 0."""

    CODE: ClassVar[int] = 0
    op: Literal["take"] = Field("take", init=False)
    variable: str
    """What shrinks."""
    amount: Amount = 1
    """By how much; `all` for everything."""
    of: Who = "actor"
    """Whose it is."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        mode, number = encode_operand(self.amount, names)
        return [(self.CODE, WHO[self.of], names.variable(self.variable), mode, number, _TAKE, -1)]


class Set(_Effect):
    """Gives a variable a value, within its cap."""

    CODE: ClassVar[int] = 1
    op: Literal["set"] = Field("set", init=False)
    variable: str
    """What is set."""
    amount: Operand
    """Its new value."""
    of: Who = "actor"
    """Whose it is."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        mode, number = encode_operand(self.amount, names)
        return [(self.CODE, WHO[self.of], names.variable(self.variable), mode, number, -1, -1)]


class Move(_Effect):
    """Hands over `amount` of a variable: at most what the giver has and what the receiver has room for."""

    CODE: ClassVar[int] = 2
    op: Literal["move"] = Field("move", init=False)
    variable: str
    """What is handed over."""
    amount: Amount = "all"
    """At most how much; `all` for no limit."""
    giver: Who = "actor"
    """Who gives; the other receives. `actor` is a gift, `target` a robbery."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        mode, number = encode_operand(self.amount, names)
        return [(self.CODE, WHO[self.giver], names.variable(self.variable), mode, number, -1, -1)]


class Convert(_Effect):
    """Takes some variables and gives others; without the price or the room the rule does not run."""

    op: Literal["convert"] = Field("convert", init=False)
    takes: dict[str, Annotated[int, Field(ge=1)]]
    """What is paid, and how much of each."""
    gives: dict[str, Annotated[int, Field(ge=1)]]
    """What comes out, and how much of each."""
    of: Who = "actor"
    """Who pays and receives."""

    def needs(self, names: Names) -> list[FilterRow]:
        """The price is there and the result fits (what is paid makes room first)."""
        rows = [AtLeast(name, amount, of=self.of).encode(names) for name, amount in self.takes.items()]
        for name, amount in self.gives.items():
            if amount > self.takes.get(name, 0):
                rows.append(HasRoom(name, amount - self.takes.get(name, 0), of=self.of).encode(names))
        return rows

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        paid = [Take(name, amount, of=self.of) for name, amount in self.takes.items()]
        given = [Add(name, amount, of=self.of) for name, amount in self.gives.items()]
        return [row for effect in (*paid, *given) for row in effect.encode(names)]


class Freeze(_Effect):
    """Sets the timer `frozen`: a game's verbs ask that it is 0 (`GameConfig.requires`)."""

    op: Literal["freeze"] = Field("freeze", init=False)
    steps: Operand
    """How many actions are missed."""
    of: Who = "target"
    """Who freezes."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return Set("frozen", self.steps, of=self.of).encode(names)


class Step(_Effect):
    """The actor goes to the target cell, which must be empty."""

    CODE: ClassVar[int] = 3
    op: Literal["step"] = Field("step", init=False)

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO["actor"], -1, 0, 0, -1, -1)]


class Swap(_Effect):
    """Actor and target change places."""

    CODE: ClassVar[int] = 4
    op: Literal["swap"] = Field("swap", init=False)

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO["target"], -1, 0, 0, -1, -1)]


class Push(_Effect):
    """The target moves one cell away from the actor, if that cell is free, and the actor follows."""

    CODE: ClassVar[int] = 5
    op: Literal["push"] = Field("push", init=False)

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO["target"], -1, 0, 0, -1, -1)]


class Remove(_Effect):
    """An object disappears from the map; an agent dies and is out until the episode ends."""

    CODE: ClassVar[int] = 6
    op: Literal["remove"] = Field("remove", init=False)
    of: Who = "target"
    """Who disappears."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO[self.of], -1, 0, 0, -1, -1)]


class Spawn(_Effect):
    """A new object appears in the empty target cell, if the world has an object to spare."""

    CODE: ClassVar[int] = 7
    op: Literal["spawn"] = Field("spawn", init=False)
    kind: str
    """What appears."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO["target"], -1, 0, 0, names.kind(self.kind), -1)]


class Become(_Effect):
    """An object turns into another kind, with that kind's initial values. Agents cannot."""

    CODE: ClassVar[int] = 8
    op: Literal["become"] = Field("become", init=False)
    kind: str
    """What it turns into."""
    of: Who = "target"
    """Who turns."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO[self.of], -1, 0, 0, names.kind(self.kind), -1)]


class Reward(_Effect):
    """Pays a reward to an agent."""

    CODE: ClassVar[int] = 9
    op: Literal["reward"] = Field("reward", init=False)
    amount: Annotated[float, Field(ge=-30, le=30)]
    """How much; kept to 1/1000, negative is a penalty."""
    of: Who = "actor"
    """Who receives it; objects receive nothing."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO[self.of], -1, 0, round(self.amount * 1000), -1, -1)]


class Count(_Effect):
    """Adds to a statistic of an agent. Naming a statistic here is enough to have it."""

    CODE: ClassVar[int] = 10
    op: Literal["count"] = Field("count", init=False)
    statistic: str
    """Name of the statistic, for example `attack.hit`."""
    amount: Operand = 1
    """By how much."""
    of: Who = "actor"
    """Whose statistic; objects have none."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        mode, number = encode_operand(self.amount, names)
        return [(self.CODE, WHO[self.of], -1, mode, number, names.statistic(self.statistic), -1)]


class ChangeBody(_Effect):
    """An agent gets another body: its prices, caps, sight and traits; what no longer fits is lost."""

    CODE: ClassVar[int] = 11
    op: Literal["change_body"] = Field("change_body", init=False)
    body: str
    """Name of the new body."""
    of: Who = "actor"
    """Who changes."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO[self.of], -1, 0, 0, names.body(self.body), -1)]


Effect = Annotated[
    Add
    | Take
    | Set
    | Move
    | Convert
    | Freeze
    | Step
    | Swap
    | Push
    | Remove
    | Spawn
    | Become
    | Reward
    | Count
    | ChangeBody,
    Field(discriminator="op"),
]

EFFECTS: tuple[type[Word], ...] = (
    Add, Take, Set, Move, Convert, Freeze, Step, Swap, Push, Remove, Spawn, Become, Reward, Count, ChangeBody,
)  # fmt: skip
"""All effects, in the order of the reference in docs/rules.md."""
