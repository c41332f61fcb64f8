"""What filters and effects share: fields by position, `of`, and operands (numbers that a rule reads)."""

from typing import Annotated, Any, Literal, dataclass_transform

from pydantic import BaseModel, Field

from mettagrid.config.base import Config
from mettagrid.rules.names import Names

Who = Literal["actor", "target", "world", "group"]
"""Whom a word is about: who acts, what it meets, the world itself, or the group that the actor belongs to."""
Party = Literal["actor", "target"]

FilterRow = tuple[int, int, int, int, int, int, int, int]
"""op, who, variable, operand mode, operand, extra1, extra2, negate."""

EffectRow = tuple[int, int, int, int, int, int, int, int]
"""op, who, variable, operand mode, operand, extra1, extra2, reach."""

ALL = 32767
"""The largest value of a variable; as an amount it means `all there is`."""

WHO: dict[str, int] = {"actor": 0, "target": 1, "world": 2, "group": 3}


@dataclass_transform(kw_only_default=False, field_specifiers=(Field,))
class _ByPosition(type(BaseModel)):
    """Tells type checkers that words take their fields by position, too."""


class Word(Config, metaclass=_ByPosition):
    """A small config that also takes its fields by position: `Add("energy", 50)`."""

    def __init__(self, *values: Any, **fields: Any) -> None:
        """Takes values in the order of the fields (without `op`), or by name."""
        names = [name for name in type(self).model_fields if name != "op"]
        if len(values) > len(names):
            most = f"{len(names)} values ({', '.join(names)})"
            raise TypeError(f"{type(self).__name__} takes {most}, not {len(values)}")
        super().__init__(**dict(zip(names, values, strict=False)), **fields)


class EffectWord(Word):
    """An effect is done as it stands; one that needs something (`Convert`) gives filters to its rule."""

    def needs(self, names: Names) -> list[FilterRow]:
        """Filters that the rule must pass before this effect is done."""
        return []


def unknown_party(word: Word, names: Names) -> str | None:
    """`world` or `group` if a word or an amount inside it is about it and the game has none; None if all is well."""
    for field in type(word).model_fields:
        value = getattr(word, field)
        if field in ("of", "giver", "to") and value in ("world", "group") and value not in names.kinds:
            return str(value)
        inner = unknown_party(value, names) if isinstance(value, Word) else None
        if inner is not None:
            return inner
    return None


class Trait(Word):
    """A number that belongs to a body, for example its strength: `Trait("damage")`."""

    op: Literal["trait"] = Field("trait", init=False)
    name: str
    """Name of the trait, as bodies list it; `price_<verb>` is what a verb costs that body."""
    of: Party = "actor"
    """Whose body is read."""


class Var(Word):
    """The present value of a variable: `Var("energy", of="target")`."""

    op: Literal["var"] = Field("var", init=False)
    name: str
    """Name of the variable."""
    of: Who = "actor"
    """Whose variable is read."""


class Argument(Word):
    """The number of the action that was chosen: the 3 of `mark_3`, the direction of `move_east`."""

    op: Literal["argument"] = Field("argument", init=False)


Operand = int | Annotated[Trait | Var | Argument, Field(discriminator="op")]
Amount = Operand | Literal["all"]


def encode_operand(operand: Amount, names: Names) -> tuple[int, int]:
    """The (mode, number) pair that the core reads an operand from.

    Raises:
        ValueError: a name that the game does not have, or a number out of range.
    """
    if operand == "all":
        return 0, ALL
    if isinstance(operand, Trait):
        return 1 + WHO[operand.of], names.trait(operand.name)
    if isinstance(operand, Var):
        return 3 + WHO[operand.of], names.variable(operand.name)
    if isinstance(operand, Argument):
        if names.argument is None:
            raise ValueError("Argument() has a value only in rules on a verb whose actions have numbers")
        return 0, names.argument
    if isinstance(operand, int) and -ALL <= operand <= ALL:
        return 0, operand
    raise ValueError(f"amount {operand} is out of range; numbers go from -{ALL} to {ALL}")


class Around(Word):
    """Things that stand around a place, not counting the one in the middle."""

    kind: str = "any"
    """Kind that is meant; `any` for all kinds."""
    radius: Annotated[int, Field(ge=1, le=15)] = 1
    """How far they may stand, in cells, diagonals included (1 = the eight cells around)."""
    having: str | None = None
    """Only those with enough of this variable; None for all."""
    at_least: int = 1
    """How much of `having` is enough."""
    equals: int | None = None
    """Only those that have exactly this much of `having`; None for `at_least`."""
    same: str | None = None
    """Only those that have the actor's value of this variable, for example of its team; None for all."""

    def encode(self, names: Names) -> int:
        """Index of the row for the core: kind, radius, variable, whether it must be equal, value, shared variable."""
        if self.equals is not None and self.having is None:
            raise ValueError("equals needs `having`: which variable is meant")
        kind = -1 if self.kind == "any" else names.kind(self.kind)
        variable = -1 if self.having is None else names.variable(self.having)
        same = -1 if self.same is None else names.variable(self.same)
        value = self.at_least if self.equals is None else self.equals
        return names.reach((kind, self.radius, variable, int(self.equals is not None), value, same))
