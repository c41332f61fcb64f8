"""What a game has besides verbs and rules: variables, bodies of agents, kinds of objects, the view."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mettagrid.config.base import Config
from mettagrid.rules.names import unknown_name

Value = Annotated[int, Field(ge=0, le=32767)]
Values = dict[str, Value]


class View(Config):
    """What an agent sees: a rectangle of cells around it, as a list of tokens."""

    height: Annotated[int, Field(ge=3, le=15)] = 11
    """Rows, odd: the agent is in the middle."""
    width: Annotated[int, Field(ge=3, le=15)] = 11
    """Columns, odd."""
    heading_up: bool = False
    """Whether the view turns with the agent, so that its heading is up; False keeps north up."""
    num_tokens: Annotated[int, Field(ge=1, le=4096)] = 200
    """Tokens in an observation; what does not fit is dropped (and counted), the farthest cells first."""

    @model_validator(mode="after")
    def _check(self) -> "View":
        for name, size in (("height", self.height), ("width", self.width)):
            if size % 2 == 0:
                raise ValueError(f"{name} must be odd, so that the agent is in the middle (got {size})")
        if self.heading_up and self.height != self.width:
            raise ValueError("a view that turns with the agent must be as high as it is wide")
        return self

    @property
    def max_radius(self) -> int:
        """The largest sight radius that makes a difference."""
        return max(self.height, self.width) // 2


class Variable(Config):
    """A number that things carry: a resource, a status, a timer, hit points, a marker."""

    cap: Value = 255
    """Largest value; bodies and kinds may have lower or higher caps of their own."""
    initial: Value = 0
    """Value of an agent's at the start of an episode; bodies may differ, objects say theirs in `has`."""
    countdown: bool = False
    """Whether it falls by 1 at every step until it is 0: a timer."""
    shown: Literal["all", "self", "nobody"] = "nobody"
    """Who sees it: `all` who see the thing, only the agent it`self` (feature `own:<name>`), or `nobody`."""
    scale: Annotated[int, Field(ge=1)] | None = None
    """Divides the value that is shown, rounded up; None for the smallest with which the cap fits into 255."""
    offset: Annotated[int, Field(ge=0, le=255)] = 0
    """Added to the value that is shown: with 1, a value of 0 is told apart from nothing."""
    agents: bool = True
    """Whether agents have it; objects have what their kind lists in `has`."""
    counted: bool = False
    """Whether `<name>.gained` and `<name>.lost` are statistics: what Add, Take and Move bring or take."""


HEADING = Variable(cap=3, shown="all", offset=1)
"""Variable 0 of every game, `heading`: where an agent looks; 0 north, 1 east, 2 south, 3 west."""


class Body(Config):
    """A kind of body that agents have: limits, prices and abilities."""

    share: Annotated[float, Field(ge=0)] = 1.0
    """Share of the agents that start with this body, relative to the shares of the other bodies."""
    caps: Values = Field(default_factory=dict)
    """Caps that differ from those of the variables."""
    initial: Values = Field(default_factory=dict)
    """Initial values that differ from those of the variables."""
    prices: Values = Field(default_factory=dict)
    """Prices of verbs that differ from those of the verbs."""
    traits: dict[str, Annotated[int, Field(ge=-32767, le=32767)]] = Field(default_factory=dict)
    """Numbers that rules read with `Trait(name)`: strength, speed. All bodies have the same traits."""
    radius: Annotated[int, Field(ge=0, le=7)] | None = None
    """How far it sees, in cells; None for the whole view."""

    def check(self, variables: Mapping[str, Variable], paid_verbs: Iterable[str], view: View) -> None:
        """Refuses what the game does not have or cannot be: ValueError with the path inside the body."""
        check_keys("caps", "variable", self.caps, variables)
        check_keys("initial", "variable", self.initial, variables)
        check_keys("prices", "verb with a price", self.prices, paid_verbs)
        for name, value in self.initial.items():
            check_cap(f"initial.{name}", value, self.caps.get(name, variables[name].cap))
        if self.caps.get("heading", 3) != 3:
            raise ValueError("caps.heading: must be 3 (north, east, south, west)")
        if self.radius is not None and self.radius > view.max_radius:
            raise ValueError(f"radius: {self.radius} is more than the view shows, at most {view.max_radius}")


class ObjectKind(Config):
    """A kind of object. Every object fills its cell."""

    has: Values = Field(default_factory=dict)
    """Its variables and their initial values. Variables that are not listed are always 0."""
    caps: Values = Field(default_factory=dict)
    """Caps that differ from those of the variables."""
    shows: list[str] | None = None
    """Which of its variables are seen; None for all of those that are shown to all."""
    traits: dict[str, Annotated[int, Field(ge=-32767, le=32767)]] = Field(default_factory=dict)
    """Numbers that rules read with `Trait(name, of="target")`; 0 where nothing is said."""

    def check(self, variables: Mapping[str, Variable], traits: Iterable[str]) -> None:
        """Refuses what the game does not have or cannot be: ValueError with the path inside the kind."""
        check_keys("has", "variable", self.has, variables)
        check_keys("caps", "variable of this kind", self.caps, self.has)
        for name, value in self.has.items():
            check_cap(f"has.{name}", value, self.caps.get(name, variables[name].cap))
        if self.caps.get("heading", 3) > 3:
            raise ValueError("caps.heading: at most 3 (north, east, south, west)")
        check_keys("shows", "variable of this kind", self.shows or [], self.has)
        check_keys("traits", "trait", self.traits, traits)


class Ground(Config):
    """What the ground of a cell is made of. What it does to those who enter is for the rules to say (`OnGround`)."""

    shown: Annotated[int, Field(ge=0, le=255)] = 1
    """Value of its token (feature `ground:<name>`); 0 for a ground that nobody sees."""
    hides: bool = False
    """Cover: who stands on it is seen only from the eight cells around."""


def check_keys(path: str, what: str, keys: Iterable[str], valid: Iterable[str]) -> None:
    """Refuses keys that are not valid: ValueError with path, name and the nearest valid name."""
    valid = list(valid)
    for key in keys:
        if key not in valid:
            raise ValueError(f"{path}: {unknown_name(what, key, valid)}")


def check_cap(path: str, value: int, cap: int) -> None:
    """Refuses a value above its cap: ValueError with the path."""
    if value > cap:
        raise ValueError(f"{path}: {value} is above the cap {cap}")
