"""Words about kin, mates and children: filters first, then effects."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from mettagrid.rules.names import Names
from mettagrid.rules.word import WHO, EffectRow, EffectWord, FilterRow, Operand, Party, Word, encode_operand

FULL_KINSHIP = 240
"""How the core keeps a kinship score of 1."""
Score = Annotated[float, Field(ge=0, le=1)]


class Related(Word):
    """The target's kinship to the actor is `score` or more."""

    CODE: ClassVar[int] = 9
    op: Literal["related"] = Field("related", init=False)
    score: Score = 0.5
    """How near is enough: 0 is everybody, 1 is oneself; kept to 1/240."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        return self.CODE, WHO["target"], -1, 0, round(self.score * FULL_KINSHIP), -1, -1, 0


class Courted(Word):
    """The target courted the actor lately: its last `Court` was for the actor, `window` steps ago at most."""

    CODE: ClassVar[int] = 12
    op: Literal["courted"] = Field("courted", init=False)
    window: Operand = 10
    """Steps that courting is remembered; 0 is this step only."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        mode, number = encode_operand(self.window, names)
        return self.CODE, WHO["target"], -1, mode, number, -1, -1, 0


class Bonded(Word):
    """Has a mate, whoever it is."""

    CODE: ClassVar[int] = 10
    op: Literal["bonded"] = Field("bonded", init=False)
    of: Party = "actor"
    """Who is looked at."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        return self.CODE, WHO[self.of], -1, 0, 0, -1, -1, 0


class Mates(Word):
    """Actor and target are bonded to each other."""

    CODE: ClassVar[int] = 11
    op: Literal["mates"] = Field("mates", init=False)

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        return self.CODE, WHO["target"], -1, 0, 0, -1, -1, 0


class CanBear(Word):
    """A child can be born: an agent's slot is free, and a cell beside the parent."""

    CODE: ClassVar[int] = 15
    op: Literal["can_bear"] = Field("can_bear", init=False)
    of: Party = "actor"
    """Beside whom."""

    def encode(self, names: Names) -> FilterRow:
        """The row for the core."""
        return self.CODE, WHO[self.of], -1, 0, 0, -1, -1, 0


class Court(EffectWord):
    """The actor courts the target agent; `Courted` asks for it."""

    CODE: ClassVar[int] = 13
    op: Literal["court"] = Field("court", init=False)

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO["target"], -1, 0, 0, -1, -1, -1)]


class Bond(EffectWord):
    """Actor and target become mates; bonds that they had to others end. Death ends a bond, too."""

    CODE: ClassVar[int] = 14
    op: Literal["bond"] = Field("bond", init=False)

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO["target"], -1, 0, 0, -1, -1, -1)]


class Part(EffectWord):
    """A bond ends, for both."""

    CODE: ClassVar[int] = 15
    op: Literal["part"] = Field("part", init=False)
    of: Party = "actor"
    """Whose bond."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO[self.of], -1, 0, 0, -1, -1, -1)]


class Birth(EffectWord):
    """A child is born in a free cell beside a parent, if an agent's slot is free.

    The actor is one parent; the target, if it is another agent, the other one. The child has the body of one of them
    and gets the variables in `GameConfig.heredity` from either. Its kinship to everybody is the mean of its parents';
    with one parent alone it is half of that one's.
    """

    CODE: ClassVar[int] = 16
    op: Literal["birth"] = Field("birth", init=False)
    mutation: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Probability that the child has a random body instead, drawn by the shares of the bodies."""
    of: Party = "actor"
    """Beside whom it appears."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        return [(self.CODE, WHO[self.of], -1, 0, 0, round(self.mutation * 65536), -1, -1)]


class ChangeKinship(EffectWord):
    """The target's kinship to the actor changes; it stays within 0 and 1."""

    CODE: ClassVar[int] = 17
    op: Literal["change_kinship"] = Field("change_kinship", init=False)
    by: Annotated[float, Field(ge=-1, le=1)] | None = None
    """By how much it grows or shrinks."""
    to: Score | None = None
    """What it becomes, instead."""
    mutual: bool = True
    """Whether the actor's kinship to the target changes likewise."""

    def encode(self, names: Names) -> list[EffectRow]:
        """The rows for the core."""
        if (self.by is None) == (self.to is None):
            raise ValueError("give either `by` or `to`")
        score = self.to if self.by is None else self.by
        assert score is not None
        is_added = int(self.by is not None)
        return [
            (self.CODE, WHO["target"], -1, 0, round(score * FULL_KINSHIP), is_added, int(self.mutual), -1)
        ]
