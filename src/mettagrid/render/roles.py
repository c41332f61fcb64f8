"""Which variables of a game mean what to those who draw it, and which of its bodies look different.

All knowledge about the names of variables is here: pictures, terminals and the browser page read it.
"""

from dataclasses import dataclass

from mettagrid.config.game import SIGHT, GameConfig

_WAITING_WORDS = ("cooldown", "wait", "timer", "busy")
_STOCK_WORDS = ("stock", "supply", "remaining")
# Variables that are drawn in a way of their own, not as something that an agent carries.
_STATUSES = (
    "heading",
    "energy",
    "frozen",
    "shield",
    "team",
    "mark",
    "marker",
    "symbol",
    "hp",
    "hit_points",
    "posture",
    "youth",
    "sight",
    # What somebody is or did, not what it has.
    "bonded",
    "strong",
    "talent",
    "grown",
    "age",
    "maker",
    "species",
    "rank",
    "strength",
    "hand",
    "eaten",
    "catches",
)


@dataclass(frozen=True)
class Roles:
    """Ids of variables by what they mean; -1 = the game has no such variable."""

    heading: int
    """0 north, 1 east, 2 south, 3 west."""
    energy: int
    """Shown as a share of its limit."""
    frozen: int
    """Steps for which an agent cannot act."""
    shield: int
    """Above 0 while it is up."""
    mark: int
    """Number of the symbol that an agent or a sign shows, 0 for none."""
    team: int
    """Number of the team, 0 for none; -1 where nobody can see it."""
    hit_points: int
    """What is left of the initial value is the health of an object."""
    youth: int
    """Above 0 as long as an agent is young."""
    sight: int
    """Of the world: how far everybody sees."""
    night: int
    """Of the world: above 0 at night, where sight does not say how dark it is."""
    waiting: tuple[int, ...]
    """An object rests while one of these is above 0."""
    stock: tuple[int, ...]
    """An object rests while one of these that it can have is 0."""
    carried: tuple[tuple[str, int], ...]
    """Names and ids of what agents carry and somebody sees."""


def find_roles(game: GameConfig) -> Roles:
    """The roles of a game's variables."""
    variables = game.all_variables()
    names = list(variables)

    def find(*wanted: str) -> int:
        return next((names.index(name) for name in wanted if name in names), -1)

    def having(words: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(i for i, name in enumerate(names) if any(word in name for word in words))

    waiting, stock = having(_WAITING_WORDS), having(_STOCK_WORDS)
    has_teams = "team" in names and variables["team"].shown != "nobody"
    return Roles(
        heading=find("heading"),
        energy=find("energy"),
        frozen=find("frozen"),
        shield=find("shield"),
        mark=find("mark", "marker", "symbol"),
        team=find("team") if has_teams else -1,
        hit_points=find("hp", "hit_points"),
        youth=find("youth"),
        sight=find(SIGHT),
        night=find("night"),
        waiting=waiting,
        stock=stock,
        carried=tuple(
            (name, i)
            for i, (name, variable) in enumerate(variables.items())
            if name not in _STATUSES
            and variable.agents
            and variable.shown != "nobody"  # what rules note down for themselves
            and not variable.countdown
            and i not in (*waiting, *stock)
        ),
    )


def forms_of(game: GameConfig) -> tuple[str, ...]:
    """The sorts of bodies that look different, by the name of the first body of each."""
    return tuple(dict.fromkeys(_form(game, body) for body in game.bodies))


def form_numbers(game: GameConfig) -> list[int]:
    """For each body, which of the forms it has."""
    forms = forms_of(game)
    return [forms.index(_form(game, body)) for body in game.bodies]


def _form(game: GameConfig, body: str) -> str:
    """The first body of the same species, where a game has species; else the body itself."""
    species = {name: other.initial.get("species", 0) for name, other in game.bodies.items()}
    if "species" not in game.variables:
        return body
    return next(name for name in species if species[name] == species[body])
