"""The sizes of the arena by their names of 2024, `a<agents>_<rows>x<columns>`, each rich and poor."""

from typing import Annotated

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.config.nearest import did_you_mean
from mettagrid.games.arena import ArenaNumbers, make_arena

Count = Annotated[int, Field(ge=1)]

POOR_SHARE = 3
"""A poor arena has one generator where a rich one has this many."""
POOR_COOLDOWN = 50
"""Steps that a generator of a poor arena rests; the rich arena's rest as long as in `ArenaNumbers`."""


class ArenaSize(Config):
    """How many agents and things an arena of one name has when it is rich."""

    num_agents: Count
    """Agents in a world."""
    size: tuple[Count, Count]
    """Rows and columns of the field inside its border."""
    altars: Count
    """Altars, rich and poor."""
    chargers: Count
    """Chargers, rich and poor."""
    generators: Count
    """Generators of both colours together, half of them (rounded up) red."""
    walls: Annotated[int, Field(ge=0)]
    """Breakable walls."""


ARENA_SIZES = {
    "a5_25x25": ArenaSize(num_agents=5, size=(25, 25), altars=1, chargers=3, generators=15, walls=60),
    "a20_40x40": ArenaSize(num_agents=20, size=(40, 40), altars=5, chargers=10, generators=50, walls=160),
    "a60_40x40": ArenaSize(num_agents=60, size=(40, 40), altars=5, chargers=10, generators=50, walls=160),
    "a100_100x100": ArenaSize(
        num_agents=100, size=(100, 100), altars=20, chargers=30, generators=200, walls=1000
    ),
}
"""The sizes by name. What has not come down to us (the walls of a20, all of a60) is filled in; see the docs."""


def make_sized_arena(
    name: str, rich: bool = True, combat: bool = True, shaped: bool = False, max_steps: int = 1000
) -> GameConfig:
    """Make an arena of one of the sizes of 2024; the rules are those of `make_arena`.

    Args:
        name: one of `ARENA_SIZES`, for example `a20_40x40`.
        rich: all generators, and quick ones; else a third of them, which rest for 50 steps.
        combat: whether anybody can afford to attack.
        shaped: small rewards on the way, for training.
        max_steps: steps in an episode.

    Raises:
        ValueError: there is no size of that name.
    """
    if name not in ARENA_SIZES:
        raise ValueError(f"there is no arena size '{name}'; {did_you_mean(name, ARENA_SIZES)}")
    size = ARENA_SIZES[name]
    generators = size.generators if rich else size.generators // POOR_SHARE
    return make_arena(
        num_agents=size.num_agents,
        combat=combat,
        shaped=shaped,
        size=size.size,
        stations={
            "generator_red": (generators + 1) // 2,
            "generator_blue": generators // 2,
            "charger": size.chargers,
            "altar": size.altars,
        },
        num_walls=size.walls,
        max_steps=max_steps,
        numbers=ArenaNumbers() if rich else ArenaNumbers(generator_cooldown=POOR_COOLDOWN),
    )
