"""RuleSet: what is drawn for one game of random rules. Plain data that people can read; knows nothing of maps."""

from dataclasses import dataclass

ITEMS = tuple(f"item_{letter}" for letter in "abcdefgh")
"""Names of the items of every game of random rules."""
STATIONS = tuple(f"station_{number}" for number in range(1, 9))
"""Names of the stations of every game of random rules; which of them stand on the map is for the difficulty."""
ALTAR = "altar"
HEART = "heart"
ITEM_CAP = 3
"""Items of each kind that an agent can carry."""
NUM_MARKS = 3
"""Marks that can be shown, besides none."""
MAX_INPUTS = 2
"""Kinds of items that a station can ask for."""


@dataclass(frozen=True)
class Production:
    """What one station does for who uses it: takes its inputs, gives its output, if its conditions hold."""

    station: str
    """Where: `altar` or one of `STATIONS`."""
    inputs: tuple[tuple[str, int], ...] = ()
    """Items that it takes, and how many of each; none makes it a source."""
    output: str | None = None
    """What it gives; None for a decoy, which takes its inputs for nothing."""
    amount: int = 1
    """How many it gives."""
    cooldown: int = 0
    """Steps that it rests after a use."""
    mark: int = 0
    """Mark that the user must show; 0 if that does not matter."""
    hits: int = 0
    """Attacks that break it open, before which it does nothing."""
    is_jammed: bool = False
    """Whether it does nothing until somebody has pushed it."""
    people: int = 1
    """Agents that must stand around it, its user included."""
    stock: int | None = None
    """Uses until it is empty, which come back slowly; None for no limit."""

    @property
    def is_closed(self) -> bool:
        """Whether it must be pushed or broken open first."""
        return self.is_jammed or self.hits > 0


@dataclass(frozen=True)
class RuleSet:
    """The hidden rules of one game: how hearts are made, and what else the stations do."""

    goal: Production
    """What the altar asks for a heart."""
    productions: tuple[Production, ...]
    """What the stations do, one entry each, in the order of `STATIONS`."""
    perishable: str | None = None
    """An item that is lost when it is kept for too long; None if all keep."""
    lasts: int = 0
    """Plan steps in which a perishable item must be used after the last one was made."""
    difficulty: int = 1
    """Level that it was drawn for."""

    def everything(self) -> tuple[Production, ...]:
        """The goal and all productions."""
        return (self.goal, *self.productions)

    def describe(self) -> str:
        """Tells the rules in words, a line for each station."""
        lines = [_told(production) for production in self.everything()]
        if self.perishable:
            lines.append(
                f"{self.perishable} is lost when it is kept for more than {self.lasts} steps of a plan."
            )
        return "\n".join(lines)


def _told(production: Production) -> str:
    takes = " + ".join(f"{amount} {item}" for item, amount in production.inputs)
    gives = f"{production.amount} {production.output}" if production.output else "nothing"
    does = f"turns {takes} into {gives}" if takes else f"gives {gives}"
    return "; ".join([f"{production.station} {does}", *_conditions(production)]) + "."


def _conditions(production: Production) -> list[str]:
    told = []
    if production.mark:
        told.append(f"its user must show mark {production.mark}")
    if production.hits:
        told.append(f"it must be broken open with {production.hits} attacks first")
    if production.is_jammed:
        told.append("it must be pushed first")
    if production.people > 1:
        told.append(f"{production.people} agents must stand around it")
    if production.stock is not None:
        told.append(f"it has {production.stock} in stock, which come back slowly")
    if production.cooldown:
        told.append(f"it rests {production.cooldown} steps after a use")
    return told
