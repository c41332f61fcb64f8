"""What a script asks about: `Own("energy") >= 112`, `(Seen("frozen") == 0) & (Seen("team") != Own("team"))`.

Expressions are data until a policy reads them in a around: then they are tensors with one value for each row,
or for each cell of each row's view.
"""

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import torch
from torch import Tensor

from metta.policy.scripted.surroundings import Feature, Surroundings

ROTATIONS = ((-1, 0, 0, 1), (0, 1, 1, 0), (1, 0, 0, -1), (0, -1, -1, 0))
"""For each heading: row and column of a step forward, row and column of a step to the right."""


class Expression(ABC):
    """A number or a truth about what an agent sees. Combine with + - * >= <= > < == != & | and ~ (not)."""

    parts: Sequence["Expression"] = ()
    needs: Sequence[Feature] = ()
    looks_at_target: bool = False
    """Whether it differs between the cells that could be the target."""

    @abstractmethod
    def read(self, around: Surroundings) -> Tensor:
        """Return the values, [B, 1, 1] or [B, H, W]."""

    def features(self) -> Iterator[Feature]:
        """Yield the features that must be read for it."""
        yield from self.needs
        for part in self.parts:
            yield from part.features()

    def __add__(self, other: "Amount") -> "Expression":
        return _Operation("+", operator.add, self, other)

    def __radd__(self, other: "Amount") -> "Expression":
        return self + other

    def __sub__(self, other: "Amount") -> "Expression":
        return _Operation("-", operator.sub, self, other)

    def __rsub__(self, other: "Amount") -> "Expression":
        return _Operation("-", operator.sub, other, self)

    def __mul__(self, other: "Amount") -> "Expression":
        return _Operation("*", operator.mul, self, other)

    def __rmul__(self, other: "Amount") -> "Expression":
        return self * other

    def __ge__(self, other: "Amount") -> "Expression":
        return _Operation(">=", operator.ge, self, other)

    def __le__(self, other: "Amount") -> "Expression":
        return _Operation("<=", operator.le, self, other)

    def __gt__(self, other: "Amount") -> "Expression":
        return _Operation(">", operator.gt, self, other)

    def __lt__(self, other: "Amount") -> "Expression":
        return _Operation("<", operator.lt, self, other)

    def __eq__(self, other: "Amount") -> "Expression":  # type: ignore[override]  # makes a question, too
        return _Operation("==", operator.eq, self, other)

    def __ne__(self, other: "Amount") -> "Expression":  # type: ignore[override]
        return _Operation("!=", operator.ne, self, other)

    def __and__(self, other: "Expression") -> "Expression":
        return _Operation("&", torch.logical_and, self, other)

    def __or__(self, other: "Expression") -> "Expression":
        return _Operation("|", torch.logical_or, self, other)

    def __invert__(self) -> "Expression":
        return _Operation("~", torch.logical_not, self)

    def __bool__(self) -> bool:
        raise TypeError(f"{self!r} has no answer before a policy looks; combine with & | ~, not and/or/not")

    __hash__ = object.__hash__


Amount = Expression | float
"""What a number may be given as."""


class _Number(Expression):
    def __init__(self, value: float) -> None:
        self.value = float(value)

    def __repr__(self) -> str:
        return f"{self.value:g}"

    def read(self, around: Surroundings) -> Tensor:
        return torch.full((1, 1, 1), self.value, device=around.device)


class _Operation(Expression):
    def __init__(self, symbol: str, function: Callable[..., Tensor], *parts: Amount) -> None:
        self.symbol, self.function = symbol, function
        self.parts = tuple(map(as_expression, parts))
        self.looks_at_target = any(part.looks_at_target for part in self.parts)

    def __repr__(self) -> str:
        if len(self.parts) == 1:
            return f"{self.symbol}{self.parts[0]!r}"
        return f"({self.parts[0]!r} {self.symbol} {self.parts[1]!r})"

    def read(self, around: Surroundings) -> Tensor:
        return self.function(*(part.read(around) for part in self.parts))


class Own(Expression):
    """A feature of the agent itself: `energy` (own or shown to all), `progress`, `last_action:use`; 0 if none."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.needs = [("own", name)]

    def __repr__(self) -> str:
        return f"Own({self.name!r})"

    def read(self, around: Surroundings) -> Tensor:
        """See `Expression`."""
        return around.own[self.name][:, None, None]


class Seen(Expression):
    """A feature that is seen at the target's cell: `cooldown`, `frozen`, `kind:altar`; 0 if none."""

    looks_at_target = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.needs = [("seen", name)]

    def __repr__(self) -> str:
        return f"Seen({self.name!r})"

    def read(self, around: Surroundings) -> Tensor:
        """See `Expression`."""
        return around.planes["seen", self.name]


class Nearby(Expression):
    """How many things of a kind stand around the agent or the target, not counting the one in the middle.

    Args:
        kind: a kind of thing, or a ground.
        radius: cells in every direction, diagonals too.
        when: conditions that the things must fulfil; `Seen` looks at them.
        of: around whom.
    """

    def __init__(
        self,
        kind: str,
        radius: int = 1,
        when: Sequence[Expression] = (),
        of: Literal["actor", "target"] = "actor",
    ) -> None:
        self.kind, self.radius, self.of = kind, radius, of
        self.parts = tuple(when)
        self.needs = [("kind", kind)]
        self.looks_at_target = of == "target"

    def __repr__(self) -> str:
        return f"Nearby({self.kind!r}, {self.radius}, {list(self.parts)!r}, {self.of!r})"

    def read(self, around: Surroundings) -> Tensor:
        """See `Expression`."""
        things = around.planes["kind", self.kind] > 0
        for condition in self.parts:
            things = things & condition.read(around)
        things = things.float()
        side = 2 * self.radius + 1
        sums = torch.nn.functional.avg_pool2d(things, side, 1, self.radius, divisor_override=1)
        counts = sums - things
        return counts if self.of == "target" else around.centre(counts)


class Ahead(Expression):
    """A feature at a cell relative to where the agent looks: `Ahead("kind:agent", forward=2, right=-1)`."""

    def __init__(self, name: str, forward: int = 1, right: int = 0) -> None:
        self.name, self.forward, self.right = name, forward, right
        self.needs = [("seen", name)]

    def __repr__(self) -> str:
        return f"Ahead({self.name!r}, {self.forward}, {self.right})"

    def read(self, around: Surroundings) -> Tensor:
        """See `Expression`."""
        plane = around.planes["seen", self.name]
        height, width = plane.shape[1:]
        values = []
        for down, across, right_down, right_across in ROTATIONS:
            row = height // 2 + self.forward * down + self.right * right_down
            column = width // 2 + self.forward * across + self.right * right_across
            is_inside = 0 <= row < height and 0 <= column < width
            values.append(plane[:, row, column] if is_inside else torch.zeros_like(plane[:, 0, 0]))
        chosen = torch.stack(values, dim=1).gather(1, around.heading.unsqueeze(1))
        return chosen.unsqueeze(2)


class Lot(Expression):
    """A number from 0 to 1 that each agent draws once an episode: `Lot() < 0.5` gives half of them a role."""

    def __repr__(self) -> str:
        return "Lot()"

    def read(self, around: Surroundings) -> Tensor:
        """See `Expression`."""
        return around.memory.lot[:, None, None]


class Random(Expression):
    """A number from 0 to 1 that each agent draws at every step."""

    def __repr__(self) -> str:
        return "Random()"

    def read(self, around: Surroundings) -> Tensor:
        """See `Expression`."""
        return around.memory.draw()[:, None, None]


def as_expression(value: Amount) -> Expression:
    """Return the expression, or the number as one."""
    return value if isinstance(value, Expression) else _Number(value)


def all_hold(conditions: Sequence[Expression], around: Surroundings) -> Tensor:
    """Return whether all conditions hold, bool [B, 1, 1] or [B, H, W]; [1, 1, 1] if there are none."""
    holds = torch.ones(1, 1, 1, dtype=torch.bool, device=around.device)
    for condition in conditions:
        holds = holds & condition.read(around)
    return holds
