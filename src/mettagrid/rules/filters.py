"""Filters: the conditions under which a rule runs. One class each; `encode` gives the row for the core."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from mettagrid.rules.ground import OnGround, OnTrace
from mettagrid.rules.names import Names
from mettagrid.rules.society import Bonded, CanBear, Courted, Mates, Related
from mettagrid.rules.word import WHO, Around, FilterRow, Operand, Trait, Var, Who, Word, encode_operand


class AtLeast(Word):
    """Has `amount` or more of a variable."""

    CODE: ClassVar[int] = 0
    op: Literal["at_least"] = Field("at_least", init=False)
    variable: str
    """What is looked at."""
    amount: Operand = 1
    """How much is enough."""
    of: Who = "actor"
    """Who is looked at."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        mode, number = encode_operand(self.amount, names)
        return self.CODE, WHO[self.of], names.variable(self.variable), mode, number, -1, -1, 0


class AtMost(Word):
    """Has `amount` or less of a variable."""

    CODE: ClassVar[int] = 1
    op: Literal["at_most"] = Field("at_most", init=False)
    variable: str
    """What is looked at."""
    amount: Operand = 0
    """How much is still allowed."""
    of: Who = "actor"
    """Who is looked at."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        mode, number = encode_operand(self.amount, names)
        return self.CODE, WHO[self.of], names.variable(self.variable), mode, number, -1, -1, 0


class HasRoom(Word):
    """Can take `amount` more of a variable before its cap."""

    CODE: ClassVar[int] = 2
    op: Literal["has_room"] = Field("has_room", init=False)
    variable: str
    """What is looked at."""
    amount: Operand = 1
    """How much must still fit."""
    of: Who = "actor"
    """Who is looked at."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        mode, number = encode_operand(self.amount, names)
        return self.CODE, WHO[self.of], names.variable(self.variable), mode, number, -1, -1, 0


class Same(Word):
    """Actor and target have the same value of a variable, for example of their team."""

    CODE: ClassVar[int] = 3
    op: Literal["same"] = Field("same", init=False)
    variable: str
    """What is compared."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        return self.CODE, WHO["target"], names.variable(self.variable), 0, 0, -1, -1, 0


class Compare(Word):
    """One amount is at least as large as another: `Compare(Trait("strength"), Trait("strength", "target"))`."""

    CODE: ClassVar[int] = 8
    op: Literal["compare"] = Field("compare", init=False)
    left: Operand
    """What must be at least as large."""
    right: Operand
    """As which."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        left, right = encode_operand(self.left, names), encode_operand(self.right, names)
        return self.CODE, WHO["actor"], -1, *right, *left, 0


class Chance(Word):
    """Happens with a probability, drawn anew each time."""

    CODE: ClassVar[int] = 4
    op: Literal["chance"] = Field("chance", init=False)
    probability: Annotated[float, Field(ge=0, le=1)] | Annotated[Trait | Var, Field(discriminator="op")]
    """0 never, 1 always; kept to 1/65536. A trait or variable counts in percent: 100 is always."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        if isinstance(self.probability, Trait | Var):
            mode, number = encode_operand(self.probability, names)
        else:
            mode, number = 0, round(self.probability * 65536)
        return self.CODE, WHO["actor"], -1, mode, number, -1, -1, 0


class Every(Word):
    """Happens once in `period` steps of the episode."""

    CODE: ClassVar[int] = 5
    op: Literal["every"] = Field("every", init=False)
    period: Annotated[int, Field(ge=1)]
    """Steps from one time to the next."""
    phase: Annotated[int, Field(ge=0)] = 0
    """Which of them: the step with `tick % period == phase`."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        if self.phase >= self.period:
            raise ValueError(f"phase {self.phase} never comes; it must be below the period {self.period}")
        return self.CODE, WHO["actor"], -1, 0, self.period, self.phase, -1, 0


class Nearby(Word):
    """At least `amount` things of a kind stand around, not counting the one in the middle."""

    CODE: ClassVar[int] = 6
    op: Literal["nearby"] = Field("nearby", init=False)
    kind: str = "any"
    """Kind that counts; `any` for all kinds."""
    amount: Operand = 1
    """How many must stand there."""
    radius: Annotated[int, Field(ge=1, le=15)] = 1
    """How far they may stand, in cells, diagonals included (1 = the eight cells around)."""
    having: str | None = None
    """Only those with 1 or more of this variable count; None for all."""
    of: Who = "actor"
    """Around whom."""
    equals: int | None = None
    """Only those count that have exactly this much of `having`: a mark, for example."""
    same: str | None = None
    """Only those count that have the actor's value of this variable, for example of its team."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        mode, number = encode_operand(self.amount, names)
        around = Around(self.kind, self.radius, self.having, 1, self.equals, self.same)
        return self.CODE, WHO[self.of], -1, mode, number, around.encode(names), -1, 0


class Total(Word):
    """All things around together have `amount` or more of a variable."""

    CODE: ClassVar[int] = 7
    op: Literal["total"] = Field("total", init=False)
    variable: str
    """What is added up."""
    amount: Operand
    """How much is enough."""
    around: Around
    """Who counts."""
    of: Who = "target"
    """Around whom."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        mode, number = encode_operand(self.amount, names)
        variable, reach = names.variable(self.variable), self.around.encode(names)
        return self.CODE, WHO[self.of], variable, mode, number, reach, -1, 0


class Not(Word):
    """Holds when another filter does not."""

    op: Literal["not"] = Field("not", init=False)
    filter: "Filter"
    """The filter that must not hold."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core: that of the inner filter with the last number turned."""
        row = self.filter.encode(names)
        return (*row[:7], 1 - row[7])


Filter = Annotated[
    AtLeast
    | AtMost
    | HasRoom
    | Same
    | Compare
    | Chance
    | Every
    | Nearby
    | Total
    | Related
    | Courted
    | Bonded
    | Mates
    | CanBear
    | OnGround
    | OnTrace
    | Not,
    Field(discriminator="op"),
]
Not.model_rebuild()

FILTERS: tuple[type[Word], ...] = (
    AtLeast, AtMost, HasRoom, Same, Compare, Chance, Every, Nearby, Total, Related, Courted, Bonded, Mates, CanBear,
    OnGround, OnTrace, Not,
)  # fmt: skip
"""All filters, in the order of the reference in docs/rules.md."""
