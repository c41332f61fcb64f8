"""Words about what lies under the things: the ground of a cell, and traces that fade. Filters first, then effects."""

from typing import ClassVar, Literal

from pydantic import Field

from mettagrid.rules.names import Names
from mettagrid.rules.word import WHO, EffectRow, EffectWord, FilterRow, Operand, Party, Word, encode_operand

PLAIN = "plain"
"""The ground that every cell has which has no other."""


class OnGround(Word):
    """Stands on this ground; `of="target"` asks about the cell that is aimed at, empty or not."""

    CODE: ClassVar[int] = 13
    op: Literal["on_ground"] = Field("on_ground", init=False)
    ground: str
    """Name of the ground; `plain` for no special one."""
    of: Party = "actor"
    """Whose cell is looked at."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        return self.CODE, WHO[self.of], -1, 0, 0, names.ground(self.ground), -1, 0


class OnTrace(Word):
    """A trace of this sort lies in the cell and has not faded."""

    CODE: ClassVar[int] = 14
    op: Literal["on_trace"] = Field("on_trace", init=False)
    trace: str
    """Name of the trace."""
    of: Party = "actor"
    """Whose cell is looked at."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        return self.CODE, WHO[self.of], -1, 0, 0, names.trace(self.trace), -1, 0


class Lay(EffectWord):
    """The ground of a cell becomes another one."""

    CODE: ClassVar[int] = 18
    op: Literal["lay"] = Field("lay", init=False)
    ground: str
    """Name of the new ground; `plain` for no special one."""
    of: Party = "target"
    """Whose cell changes; the target's may be empty."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO[self.of], -1, 0, 0, names.ground(self.ground), -1, -1)]


class Leave(EffectWord):
    """Leaves a trace in a cell, in place of the one that was there."""

    CODE: ClassVar[int] = 19
    op: Literal["leave"] = Field("leave", init=False)
    trace: str
    """Name of the trace."""
    steps: Operand
    """Steps until it is gone; that many are shown, up to 255."""
    of: Party = "actor"
    """Whose cell."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        mode, number = encode_operand(self.steps, names)
        return [(self.CODE, WHO[self.of], -1, mode, number, names.trace(self.trace), -1, -1)]
