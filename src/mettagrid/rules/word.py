"""What filters and effects share: fields by position, `of`, and operands (numbers that a rule reads)."""

from typing import Annotated, Any, Literal, dataclass_transform

from pydantic import BaseModel, Field

from mettagrid.config.base import Config
from mettagrid.rules.names import Names

Who = Literal["actor", "target"]

ALL = 32767
"""The largest value of a variable; as an amount it means `all there is`."""

WHO: dict[str, int] = {"actor": 0, "target": 1}


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


class Trait(Word):
    """A number that belongs to a body, for example its strength: `Trait("damage")`."""

    op: Literal["trait"] = Field("trait", init=False)
    name: str
    """Name of the trait, as bodies list it; `price_<verb>` is what a verb costs that body."""
    of: Who = "actor"
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
