"""The arena with ranges: in every episode other prices, cooldowns and blows, which all agents are told; other maps.

The ranges are those of the level generator of 2024. What differs from it is in `docs/games/arena_ranges.md`.
"""

from mettagrid.config.distribution import Number, Uniform
from mettagrid.config.game import GameConfig
from mettagrid.config.joint_draw import joint_draw
from mettagrid.config.vary import MOST_DRAWS, Shown, Together, Varied
from mettagrid.games.arena import ArenaNumbers, make_arena

RANGES = {
    "initial_energy": Uniform(10, 200),
    "heart_price": Uniform(20, 200),
    "altar_cooldown": Uniform(2, 5),
    "generator_cooldown": Uniform(4, 20),
    "attack_price": Uniform(5, 40),
    "damage": Uniform(5, 40),
    "freeze_steps": Uniform(5, 100),
    "shield_upkeep": Uniform(1, 2),
}
"""What `ArenaNumbers` are drawn from in every episode."""
SHIELD_PRICE = Uniform(0, 2)
"""Energy that raising or lowering the shield costs."""
STATION_RANGES = {
    "generator_red": Uniform(3, 25),
    "generator_blue": Uniform(3, 25),
    "charger": Uniform(5, 20),
    "altar": Uniform(1, 20),
}
"""How many of each station a map has."""
MOST_WALLS = 0.15
"""Largest share of the field's cells that are walls; the smallest is 0."""


def make_arena_ranges(
    num_agents: int = 24,
    combat: bool = True,
    shaped: bool = False,
    size: tuple[int, int] = (25, 25),
    max_steps: int = 1000,
) -> GameConfig:
    """Make an arena whose numbers are drawn anew in every episode and shown to all, as `param:<number>`.

    Args:
        num_agents: agents in a world.
        combat: whether anybody can afford to attack; without, the price of an attack is not drawn.
        shaped: small rewards on the way, for training.
        size: rows and columns of the field inside its border.
        max_steps: steps in an episode.
    """

    def make(**numbers: int) -> GameConfig:
        game = make_arena(num_agents, combat, shaped, size, None, 0, max_steps, ArenaNumbers(**numbers))
        longest = {"frozen": RANGES["freeze_steps"].high, "cooldown": RANGES["generator_cooldown"].high}
        return game.override_all({f"variables.{name}.cap": high for name, high in longest.items()})

    vary: dict[str, Varied] = {"verbs.shield.price": Shown(SHIELD_PRICE, "shield_price")}
    for name, values in RANGES.items():
        if combat or name != "attack_price":
            ends = joint_draw([make(**{name: int(end)}) for end in (values.low, values.high)])
            # Every path that follows one of these numbers holds the number itself.
            options: list[dict[str, Number | str]] = [
                dict.fromkeys(ends.options[0], value) for value in values.values(MOST_DRAWS)
            ]
            vary[name] = Shown(Together(options))
    stations = {f"map.stations.{name}": values for name, values in STATION_RANGES.items()}
    walls = {"map.obstacles.wall": Uniform(0, int(MOST_WALLS * size[0] * size[1]))}
    return make().override("vary", vary | stations | walls)
