"""Effects: what a rule does. One class each; `encode` gives the rows that the core reads, in their order."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from mettagrid.rules.filters import AtLeast, HasRoom
from mettagrid.rules.ground import Lay, Leave
from mettagrid.rules.names import Names
from mettagrid.rules.society import Birth, Bond, ChangeKinship, Court, Part
from mettagrid.rules.word import (
    WHO,
    Amount,
    Around,
    EffectRow,
    EffectWord,
    FilterRow,
    Operand,
    Party,
    Who,
    Word,
    encode_operand,
)

_ADD, _TAKE = 0, 1
"""The sign of the core's ADD, in extra1."""


def _reach(around: Around | None, names: Names) -> int:
    return -1 if around is None else around.encode(names)


class Add(EffectWord):
    """Gives `amount` of a variable out of nothing, up to the cap."""

    CODE: ClassVar[int] = 0
    op: Literal["add"] = Field("add", init=False)
    variable: str
    """What grows."""
    amount: Operand = 1
    """By how much."""
    of: Who = "actor"
    """Whose it is."""
    around: Around | None = None
    """Done to all of these around `of` instead of to itself."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        mode, number = encode_operand(self.amount, names)
        reach = _reach(self.around, names)
        return [(self.CODE, WHO[self.of], names.variable(self.variable), mode, number, _ADD, -1, reach)]


class Take(EffectWord):
    """Takes `amount` of a variable away, down to 0."""

    CODE: ClassVar[int] = 0
    op: Literal["take"] = Field("take", init=False)
    variable: str
    """What shrinks."""
    amount: Amount = 1
    """By how much; `all` for everything."""
    of: Who = "actor"
    """Whose it is."""
    around: Around | None = None
    """Done to all of these around `of` instead of to itself."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        mode, number = encode_operand(self.amount, names)
        reach = _reach(self.around, names)
        return [(self.CODE, WHO[self.of], names.variable(self.variable), mode, number, _TAKE, -1, reach)]


class Set(EffectWord):
    """Gives a variable a value, within its cap."""

    CODE: ClassVar[int] = 1
    op: Literal["set"] = Field("set", init=False)
    variable: str
    """What is set."""
    amount: Operand
    """Its new value."""
    of: Who = "actor"
    """Whose it is."""
    around: Around | None = None
    """Done to all of these around `of` instead of to itself."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        mode, number = encode_operand(self.amount, names)
        variable, reach = names.variable(self.variable), _reach(self.around, names)
        return [(self.CODE, WHO[self.of], variable, mode, number, -1, -1, reach)]


class Move(EffectWord):
    """Hands over `amount` of a variable: at most what the giver has and what the receiver has room for."""

    CODE: ClassVar[int] = 2
    op: Literal["move"] = Field("move", init=False)
    variable: str
    """What is handed over."""
    amount: Amount = "all"
    """At most how much; `all` for no limit."""
    giver: Who = "actor"
    """Who gives: `actor` makes a gift of it, `target` a robbery, `group` takes from what the group shares."""
    to: Who | None = None
    """Who receives; None for the target of a gift, and for the actor otherwise."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        mode, number = encode_operand(self.amount, names)
        receiver = self.to or ("target" if self.giver == "actor" else "actor")
        if receiver == self.giver:
            raise ValueError(f"giver and receiver are both the {receiver}")
        variable = names.variable(self.variable)
        return [(self.CODE, WHO[self.giver], variable, mode, number, WHO[receiver], -1, -1)]


class Convert(EffectWord):
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


class Freeze(EffectWord):
    """Sets the timer `frozen`: a game's verbs ask that it is 0 (`GameConfig.requires`)."""

    op: Literal["freeze"] = Field("freeze", init=False)
    steps: Operand
    """How many actions are missed."""
    of: Who = "target"
    """Who freezes."""
    around: Around | None = None
    """Done to all of these around `of` instead of to itself."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return Set("frozen", self.steps, of=self.of, around=self.around).encode(names)


class Step(EffectWord):
    """The actor goes to the target cell, which must be empty."""

    CODE: ClassVar[int] = 3
    op: Literal["step"] = Field("step", init=False)

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO["actor"], -1, 0, 0, -1, -1, -1)]


class Swap(EffectWord):
    """Actor and target change places."""

    CODE: ClassVar[int] = 4
    op: Literal["swap"] = Field("swap", init=False)

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO["target"], -1, 0, 0, -1, -1, -1)]


class Push(EffectWord):
    """The target moves one cell away from the actor, if that cell is free, and the actor follows."""

    CODE: ClassVar[int] = 5
    op: Literal["push"] = Field("push", init=False)

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO["target"], -1, 0, 0, -1, -1, -1)]


class Remove(EffectWord):
    """An object disappears from the map; an agent dies, and its slot is empty until a birth or the next episode."""

    CODE: ClassVar[int] = 6
    op: Literal["remove"] = Field("remove", init=False)
    of: Who = "target"
    """Who disappears."""
    around: Around | None = None
    """Done to all of these around `of` instead of to itself."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO[self.of], -1, 0, 0, -1, -1, _reach(self.around, names))]


_PLACES = {"there": 0, "beside": 1, "anywhere": 2}


class Spawn(EffectWord):
    """A new object appears in an empty cell, if there is one and the world has an object to spare.

    In the target's cell it becomes the target of the effects that follow: a box is filled with `Move`.
    """

    CODE: ClassVar[int] = 7
    op: Literal["spawn"] = Field("spawn", init=False)
    kind: str
    """What appears."""
    where: Literal["there", "beside", "anywhere"] = "there"
    """In the empty target cell, in one of the eight cells beside `of`, or anywhere on the map."""
    of: Party = "actor"
    """Beside whom."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        who = "target" if self.where == "there" else self.of
        return [(self.CODE, WHO[who], -1, 0, 0, names.thing(self.kind), _PLACES[self.where], -1)]


class Become(EffectWord):
    """An object turns into another kind, with that kind's initial values. Agents cannot."""

    CODE: ClassVar[int] = 8
    op: Literal["become"] = Field("become", init=False)
    kind: str
    """What it turns into."""
    of: Who = "target"
    """Who turns."""
    around: Around | None = None
    """Done to all of these around `of` instead of to itself."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO[self.of], -1, 0, 0, names.thing(self.kind), -1, _reach(self.around, names))]


class Reward(EffectWord):
    """Pays a reward to an agent."""

    CODE: ClassVar[int] = 9
    op: Literal["reward"] = Field("reward", init=False)
    amount: Annotated[float, Field(ge=-30, le=30)]
    """How much; kept to 1/1000, negative is a penalty."""
    of: Who = "actor"
    """Who receives it; objects receive nothing."""
    around: Around | None = None
    """Done to all of these around `of` instead of to itself."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        thousandths, reach = round(self.amount * 1000), _reach(self.around, names)
        return [(self.CODE, WHO[self.of], -1, 0, thousandths, -1, -1, reach)]


class Count(EffectWord):
    """Adds to a statistic of an agent. Naming a statistic here is enough to have it."""

    CODE: ClassVar[int] = 10
    op: Literal["count"] = Field("count", init=False)
    statistic: str
    """Name of the statistic, for example `attack.hit`."""
    amount: Operand = 1
    """By how much."""
    of: Who = "actor"
    """Whose statistic; objects have none."""
    around: Around | None = None
    """Done to all of these around `of` instead of to itself."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        mode, number = encode_operand(self.amount, names)
        statistic, reach = names.statistic(self.statistic), _reach(self.around, names)
        return [(self.CODE, WHO[self.of], -1, mode, number, statistic, -1, reach)]


class ChangeBody(EffectWord):
    """An agent gets another body: its prices, caps, sight and traits; what no longer fits is lost."""

    CODE: ClassVar[int] = 11
    op: Literal["change_body"] = Field("change_body", init=False)
    body: str
    """Name of the new body."""
    of: Who = "actor"
    """Who changes."""
    around: Around | None = None
    """Done to all of these around `of` instead of to itself."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO[self.of], -1, 0, 0, names.body(self.body), -1, _reach(self.around, names))]


class Gather(EffectWord):
    """Takes `amount` of a variable from all things around together: from each the same, as far as it has it."""

    CODE: ClassVar[int] = 12
    op: Literal["gather"] = Field("gather", init=False)
    variable: str
    """What is taken."""
    amount: Operand
    """How much in all; a `Total` in the rule's filters makes sure that it is there."""
    around: Around
    """From whom."""
    of: Party = "target"
    """Around whom."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        mode, number = encode_operand(self.amount, names)
        variable, reach = names.variable(self.variable), self.around.encode(names)
        return [(self.CODE, WHO[self.of], variable, mode, number, -1, -1, reach)]


Effect = Annotated[
    Add
    | Take
    | Set
    | Move
    | Convert
    | Gather
    | Freeze
    | Step
    | Swap
    | Push
    | Remove
    | Spawn
    | Become
    | Reward
    | Count
    | ChangeBody
    | Court
    | Bond
    | Part
    | Birth
    | ChangeKinship
    | Lay
    | Leave,
    Field(discriminator="op"),
]

EFFECTS: tuple[type[Word], ...] = (
    Add, Take, Set, Move, Convert, Gather, Freeze, Step, Swap, Push, Remove, Spawn, Become, Reward, Count, ChangeBody,
    Court, Bond, Part, Birth, ChangeKinship, Lay, Leave,
)  # fmt: skip
"""All effects, in the order of the reference in docs/rules.md."""
