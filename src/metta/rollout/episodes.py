"""Play a fixed number of episodes in every world."""

from collections.abc import Iterator

from metta.rollout.records import EpisodeRecord
from metta.rollout.rollout import Rollout


def run_episodes(rollout: Rollout, episodes_per_world: int, seed: int) -> Iterator[EpisodeRecord]:
    """Play until every world has finished its number of episodes and yield each of them as it ends.

    Every world counts its first episodes, never "the first that end": short episodes would be
    over-represented.

    Args:
        rollout: is reset first.
        episodes_per_world: how many episodes of each world count, at least 1.
        seed: of the worlds.
    """
    if episodes_per_world < 1:
        raise ValueError(f"episodes_per_world is {episodes_per_world}; it must be at least 1")
    rollout.reset(seed)
    while rollout.num_finished.min() < episodes_per_world:
        rollout.step()
        yield from (record for record in rollout.take_finished() if record.index < episodes_per_world)
