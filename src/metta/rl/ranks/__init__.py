"""What several processes that train together agree on, tell each other, and how they begin and end.

A *rank* is one of them, numbered from 0. Each plays its share of the worlds; only the first writes the run's folder.
Everything here is `torch.distributed` underneath, and does nothing in a process that is alone.
"""

from metta.rl.ranks.agreement import (
    LostRanksError,
    any_over_ranks,
    average_gradients,
    copy_from_first,
    copy_random_state_from_first,
    first_says,
    is_first_rank,
    largest_over_ranks,
    mean_over_ranks,
    num_ranks,
    own_rank,
)
from metta.rl.ranks.episodes import all_episodes
from metta.rl.ranks.exchange import all_bytes, all_rows, bytes_at_first, bytes_of_first
from metta.rl.ranks.group import RankPlace, joined
from metta.rl.ranks.launcher import launch_ranks

__all__ = [
    "LostRanksError",
    "RankPlace",
    "all_bytes",
    "all_episodes",
    "all_rows",
    "any_over_ranks",
    "average_gradients",
    "bytes_at_first",
    "bytes_of_first",
    "copy_from_first",
    "copy_random_state_from_first",
    "first_says",
    "is_first_rank",
    "joined",
    "largest_over_ranks",
    "launch_ranks",
    "mean_over_ranks",
    "num_ranks",
    "own_rank",
]
