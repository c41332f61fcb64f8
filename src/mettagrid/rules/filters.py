"""Filters: the conditions under which a rule runs. One class each; `encode` gives the row for the core."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from mettagrid.rules.names import Names
from mettagrid.rules.word import WHO, Operand, Who, Word, encode_operand

FilterRow = tuple[int, int, int, int, int, int, int, int]
"""op, who, variable, operand mode, operand, extra1, extra2, negate."""


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


class Chance(Word):
    """Happens with a probability, drawn anew each time."""

    CODE: ClassVar[int] = 4
    op: Literal["chance"] = Field("chance", init=False)
    probability: Annotated[float, Field(ge=0, le=1)]
    """0 never, 1 always; kept to 1/65536."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        return self.CODE, WHO["actor"], -1, 0, round(self.probability * 65536), -1, -1, 0


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

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        mode, number = encode_operand(self.amount, names)
        kind = -1 if self.kind == "any" else names.kind(self.kind)
        variable = -1 if self.having is None else names.variable(self.having)
        return self.CODE, WHO[self.of], variable, mode, number, kind, self.radius, 0


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
    AtLeast | AtMost | HasRoom | Same | Chance | Every | Nearby | Not,
    Field(discriminator="op"),
]
Not.model_rebuild()

FILTERS: tuple[type[Word], ...] = (AtLeast, AtMost, HasRoom, Same, Chance, Every, Nearby, Not)
"""All filters, in the order of the reference in docs/rules.md."""
