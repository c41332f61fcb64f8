"""Names: which words a game knows and the index of each. Refuses unknown names with the nearest valid one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from mettagrid.config.nearest import did_you_mean


def unknown_name(what: str, name: str, valid: Iterable[str]) -> ValueError:
    """Makes the one-line error for a name that does not exist: what it is, and the nearest valid names."""
    return ValueError(f"unknown {what} '{name}'; {did_you_mean(name, valid)}")


@dataclass(frozen=True)
class Names:
    """The indices of a game's names: the world in which a rule is read."""

    variables: Mapping[str, int]
    kinds: Mapping[str, int]
    bodies: Mapping[str, int]
    traits: Mapping[str, int]
    statistics: Mapping[str, int]
    grounds: Mapping[str, int] = field(default_factory=dict)
    traces: Mapping[str, int] = field(default_factory=dict)
    reaches: dict[tuple[int, ...], int] = field(default_factory=dict)
    """Rows of the core's table of reaches, in the order in which they were asked for."""
    argument: int | None = None
    """The number of the action that is being compiled: what `Argument()` stands for. None outside verbs."""

    def variable(self, name: str) -> int:
        """Index of a variable; ValueError if the game has none of that name."""
        return _index("variable", name, self.variables)

    def kind(self, name: str) -> int:
        """Index of a kind; ValueError if the game has none of that name."""
        return _index("kind", name, self.kinds)

    def thing(self, name: str) -> int:
        """Index of a kind of object that has a place; ValueError if the game has none of that name."""
        placeless = ("empty", "agent", "world", "group")
        return _index("kind", name, {k: i for k, i in self.kinds.items() if k not in placeless})

    def body(self, name: str) -> int:
        """Index of an agent's body; ValueError if the game has none of that name."""
        return _index("body", name, self.bodies)

    def trait(self, name: str) -> int:
        """Index of a trait; ValueError if no body has one of that name."""
        return _index("trait", name, self.traits)

    def statistic(self, name: str) -> int:
        """Index of a statistic; ValueError if nothing counts one of that name."""
        return _index("statistic", name, self.statistics)

    def ground(self, name: str) -> int:
        """Index of a ground; ValueError if the game has none of that name."""
        return _index("ground", name, self.grounds)

    def trace(self, name: str) -> int:
        """Index of a trace; ValueError if the game has none of that name."""
        return _index("trace", name, self.traces)

    def reach(self, row: tuple[int, ...]) -> int:
        """Index of a row of the table of reaches; a new one if nobody asked for it before."""
        return self.reaches.setdefault(row, len(self.reaches))

    def with_argument(self, argument: int | None) -> "Names":
        """The same names, read for an action whose number is `argument`."""
        return replace(self, argument=argument)


def _index(what: str, name: str, indices: Mapping[str, int]) -> int:
    if name not in indices:
        raise unknown_name(what, name, indices)
    return indices[name]
