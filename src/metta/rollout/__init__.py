"""Run policies in a batch of worlds: the same code for training, evaluation and play.

Legend of shapes, used in this package and in `metta.rl`: `W` worlds, `A` agents per world, `N = W*A` rows,
`T` steps of a rollout, `H` steps of a training row (`bptt_horizon`), `B` rows of a minibatch, `S` memory
size.
"""

from metta.rollout.batch import Batch
from metta.rollout.episodes import run_episodes
from metta.rollout.records import EpisodeRecord
from metta.rollout.rollout import Rollout
from metta.rollout.seats import Seat
from metta.rollout.share import WorldShare
from metta.rollout.step_buffer import StepBuffer
from metta.rollout.stopwatch import Stopwatch

__all__ = [
    "Batch",
    "EpisodeRecord",
    "Rollout",
    "Seat",
    "StepBuffer",
    "Stopwatch",
    "WorldShare",
    "run_episodes",
]
