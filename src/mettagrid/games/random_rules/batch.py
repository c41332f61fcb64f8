"""Many rule sets in one game, which draws one of them in every episode: for learning to learn rules."""

from collections.abc import Sequence
from typing import Any

from mettagrid.config.game import GameConfig
from mettagrid.config.joint_draw import joint_draw
from mettagrid.config.vary import MOST_DRAWS, Shown
from mettagrid.games.random_rules.game import make_random_rules


def make_random_rules_batch(
    seeds: Sequence[int], difficulty: int = 3, shown: bool = False, **settings: Any
) -> GameConfig:
    """Make one game that is, in each episode, one of the games that these seeds draw.

    Args:
        seeds: those of the games, all as likely; one that comes twice is twice as likely.
        difficulty: 1 to 10, the same for all.
        shown: whether agents are told which one it is (`param:rules`: the place of its seed), so that there is nothing
            to find out; for at most 256 seeds.
        settings: num_agents, shaped, size, num_walls, max_steps as in `make_random_rules`.

    Raises:
        ValueError: no seeds, or more than the core can draw from.
    """
    if not 1 <= len(seeds) <= MOST_DRAWS:
        raise ValueError(f"seeds: must be 1 to {MOST_DRAWS} (got {len(seeds)})")
    games = [make_random_rules(seed, difficulty, **settings) for seed in seeds]
    if all(game == games[0] for game in games):
        return games[0]
    drawn = joint_draw(games)
    return games[0].override("vary", {"rules": Shown(drawn) if shown else drawn})
