"""What is left of a finished episode."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class EpisodeRecord:
    """One finished episode of one world."""

    world: int
    index: int
    """How many episodes the world had finished before this one."""
    length: int
    """Steps."""
    returns: np.ndarray
    """Sum of rewards, float32 [A]."""
    stats: np.ndarray
    """Statistics, int32 [A, num_stats]; names are `GameSpec.stat_names`."""
    shortened: bool
    """True where the rollout cut this first episode to scatter the ends; leave it out of averages."""
    step: int = 0
    """Steps that the rollout had played before the episode's last one, since it was made or reset."""
    game: int = 0
    """Which of the batch's games it was."""
