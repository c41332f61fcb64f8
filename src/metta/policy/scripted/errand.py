"""Errands: what a script is made of. A game's script is a list of them; `ErrandPolicy` runs them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from metta.policy.scripted.expressions import Amount, Expression, as_expression
from metta.policy.scripted.surroundings import Feature

COOLDOWN = "cooldown"


@dataclass(frozen=True, eq=False)
class Errand:
    """Go to a thing of some kind, face it, and do something; or, without a kind, do it here and now.

    Of all errands that are possible, an agent runs the one with the shortest way, costs and waiting included. Those
    without a kind come first: the first of them that is possible is done at once. An errand is possible if its
    conditions hold and its action is allowed at present.

    Raises:
        ValueError: if the fields contradict each other.
    """

    kind: str | Sequence[str] = ()
    """Kind of thing to go to, or several: `altar`, `agent`, `empty`, a ground; none to act on the spot."""
    do: str = "noop"
    """Action when facing it: `use`, `attack_2`; `noop` stands beside it and holds still; a verb with directions
    (`push` for `push_north` ...) acts in the direction of the thing without facing it."""
    when: Sequence[Expression] = ()
    """Conditions that must all hold; `Seen` looks at the thing."""
    cost: Amount = 0.0
    """Steps that the way counts as longer: how many steps nearer it must be than an errand that costs nothing."""
    wait: str = COOLDOWN
    """A timer that the thing shows: until it ends, wait beside it, and count that as steps. Empty for never."""
    onto: bool = False
    """Whether to step onto it, for grounds, instead of facing it."""
    remember: bool = True
    """Whether to go back to the place where such a thing was last seen."""
    patience: int = 0
    """Steps of doing it, or waiting beside it, in a row, after which it is left alone for as many; 0 for no end."""

    def __post_init__(self) -> None:
        if isinstance(self.when, Expression):
            raise ValueError(f"{self.label()}: when must be a list of conditions")
        for index, condition in enumerate(self.when):
            if not isinstance(condition, Expression):
                raise ValueError(f"{self.label()}: when.{index} must be a condition like Own('x') >= 1")
        if not self.kinds and any(condition.looks_at_target for condition in self.when):
            raise ValueError(f"{self.label()}: Seen looks at a thing, so the errand needs a kind")
        if as_expression(self.cost).looks_at_target:
            raise ValueError(f"{self.label()}: the cost cannot depend on what is seen at the thing")
        if self.patience < 0:
            raise ValueError(f"{self.label()}: patience must be 0 or more, not {self.patience}")
        if self.onto and not self.kinds:
            raise ValueError(f"{self.label()}: onto needs a kind")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds as a tuple."""
        return (self.kind,) if isinstance(self.kind, str) else tuple(self.kind)

    def label(self) -> str:
        """Return how messages name it."""
        return " ".join(["errand", self.do, *(["/".join(self.kinds)] if self.kinds else [])])

    def target_conditions(self) -> list[Expression]:
        """Return the conditions that look at the thing."""
        return [condition for condition in self.when if condition.looks_at_target]

    def own_conditions(self) -> list[Expression]:
        """Return the conditions that are the same for all things."""
        return [condition for condition in self.when if not condition.looks_at_target]

    def features(self) -> Iterator[Feature]:
        """Yield the features that it needs, except the timer."""
        for kind in self.kinds:
            yield "kind", kind
        for expression in (*self.when, as_expression(self.cost)):
            yield from expression.features()

    def targets(self) -> str:
        """Return a text that is the same for errands with the same possible things."""
        return f"{self.kinds} {self.onto} {self.target_conditions()}"


@dataclass(frozen=True, eq=False)
class Avoid:
    """Keep away from things of a kind, for example from predators, or from a ground that costs more (radius 0)."""

    kind: str
    """Kind of thing, or a ground."""
    when: Sequence[Expression] = ()
    """Conditions that must all hold; `Seen` looks at the thing."""
    radius: int = 3
    """Steps from the thing within which cells are dangerous; 0 for its own cell alone."""
    cost: float = 10.0
    """Steps that entering a cell beside the thing (its own, for radius 0) counts as longer; it falls evenly to none
    beyond the radius."""

    def features(self) -> Iterator[Feature]:
        """Yield the features that it needs."""
        yield "kind", self.kind
        for condition in self.when:
            yield from condition.features()
