"""Features: what observations can say, and which rows of a thing's variables say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil

from mettagrid.config.game import GROUP, WORLD, GameConfig
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.rules import FULL_KINSHIP

TokenRow = tuple[int, int, int, int]
"""variable (-1 = constant), feature, scale, offset."""

GLOBAL_FEATURES = {"progress": 255.0, "reward": 100.0, "penalty": 100.0}
"""What every agent is told about the episode and its last step, with the scale of each."""


@dataclass
class Features:
    """Ids of features, given in the order in which they are asked for, and the scale of each."""

    scales: dict[str, float] = field(default_factory=dict)
    highest: Mapping[str, int] = field(default_factory=dict)
    """Caps that variables can have besides those in the game; scales are made for the largest."""
    told: Mapping[str, float] = field(default_factory=dict)
    """Features of drawn numbers that are shown, with their scales."""

    def id(self, name: str, scale: float = 1.0) -> int:
        """The feature's id; a new one if it was never asked for."""
        self.scales.setdefault(name, scale)
        return list(self.scales).index(name)


def kind_tokens(game: GameConfig, features: Features) -> list[list[TokenRow]]:
    """What everybody sees of each kind: that it is one, and those of its variables that are shown."""
    variables = game.all_variables()
    of_agents = [name for name, variable in variables.items() if variable.agents]
    rows = [[], _kind_rows(game, "agent", of_agents, features)]
    for name, kind in game.all_objects().items():
        if name in (WORLD, GROUP):  # nobody sees them at a cell
            rows.append([])
            continue
        shown = kind.shows if kind.shows is not None else list(kind.has)
        rows.append(_kind_rows(game, name, shown, features))
    return rows


def self_tokens(game: GameConfig, features: Features) -> list[TokenRow]:
    """What an agent sees of itself only: the variables that are shown to their owner, as `own:<name>`."""
    variables = game.all_variables()
    own = [name for name, variable in variables.items() if variable.agents and variable.shown == "self"]
    return [_variable_row(game, name, f"own:{name}", features) for name in own]


def placeless_tokens(
    game: GameConfig, kind: str, thing: ObjectKind | None, features: Features
) -> list[TokenRow]:
    """What is told of the world or of one's group: its variables that are shown, as `<kind>:<name>`."""
    if thing is None:
        return []
    names = thing.shows if thing.shows is not None else list(thing.has)
    shown = [name for name in names if game.all_variables()[name].shown != "nobody"]
    return [_variable_row(game, name, f"{kind}:{name}", features) for name in shown]


def ground_rows(game: GameConfig, features: Features) -> list[tuple[int, int, int]]:
    """Feature (-1 = unseen), value of the token and whether it hides, for plain ground and all others."""
    rows = [(-1, 1, 0)]
    for name, ground in game.grounds.items():
        feature = features.id(f"ground:{name}", max(1.0, ground.shown)) if ground.shown else -1
        rows.append((feature, max(1, ground.shown), int(ground.hides)))
    return rows


def relation_features(game: GameConfig, features: Features) -> tuple[int, int]:
    """Features of kinship and of being one's mate, at the cell of another agent; -1 where the game has none."""
    kinship = features.id("kinship", FULL_KINSHIP) if game.kinship.is_shown else -1
    return kinship, features.id("mate") if game.has_bonds else -1


def _kind_rows(game: GameConfig, kind: str, names: list[str], features: Features) -> list[TokenRow]:
    variables = game.all_variables()
    shown = [name for name in names if variables[name].shown == "all"]
    rows = [(-1, features.id(f"kind:{kind}"), 1, 1)]
    return rows + [_variable_row(game, name, name, features) for name in shown]


def _variable_row(game: GameConfig, name: str, feature: str, features: Features) -> TokenRow:
    variable = game.all_variables()[name]
    highest = max(*_caps(game, name, variable), features.highest.get(name, 0)) + variable.offset
    scale = variable.scale or max(1, ceil(highest / 255))
    identity = features.id(feature, max(1.0, min(255.0, highest / scale)))
    return list(game.all_variables()).index(name), identity, scale, variable.offset


def _caps(game: GameConfig, name: str, variable: Variable) -> Iterator[int]:
    yield variable.cap
    for thing in (*game.bodies.values(), *game.all_objects().values()):
        yield thing.caps.get(name, variable.cap)
