"""What a rollout needs of a batch of worlds; `mettagrid.BatchEnv` is one, tests bring a small one."""

from typing import Any, Protocol

import numpy as np

from mettagrid.spec import GameSpec


class Batch(Protocol):
    """`W` worlds of `A` agents stepped together; world `w` owns rows `w*A .. (w+1)*A-1` of every array.

    The arrays belong to the batch and every `step` writes them in place.
    """

    spec: GameSpec
    num_worlds: int
    num_agents: int
    num_rows: int
    observations: np.ndarray  # uint8 [N, num_tokens, 3]
    action_mask: np.ndarray  # bool [N, num_actions]
    alive: np.ndarray  # bool [N], the agent acts in the next step
    actions: np.ndarray  # int32 [N], what `step()` takes
    rewards: np.ndarray  # float32 [N]
    terminated: np.ndarray  # bool [N]
    truncated: np.ndarray  # bool [N]
    final_observations: (
        np.ndarray
    )  # uint8 [N, num_tokens, 3], last observation of episodes that ended in this step
    episode_ended: np.ndarray  # bool [W]
    episode_length: np.ndarray  # int32 [W], of the last finished episode
    episode_return: np.ndarray  # float32 [N], of the last finished episode
    episode_stats: np.ndarray  # int32 [N, num_stats], of the last finished episode
    episode_games: np.ndarray  # int32 [W], which of the batch's games that was
    games: np.ndarray  # int32 [W], which of them is played now
    next_games: np.ndarray  # int32 [W], what is to be played next: whoever chooses writes it

    def reset(self, seed: int, streams: np.ndarray | None = None, desync: bool = False) -> np.ndarray:
        """Start every world anew; with `desync` the first episodes end at scattered ticks."""
        ...

    def step(self, actions: np.ndarray | None = None) -> Any:
        """Play `self.actions` in every world; a world whose episode ends starts anew at once."""
        ...

    def snapshot(self, world: int) -> bytes:
        """Return all bytes of one world."""
        ...

    def restore(self, world: int, data: bytes) -> None:
        """Put one world back to a snapshot; its observations, mask and `alive` show that state."""
        ...

    def continue_maps(self, num_steps: int) -> None:
        """After restoring worlds: go on with the maps that a batch has after so many steps."""
        ...

    def fork(self, source: int, target: int) -> None:
        """Make one world an exact copy of another; its observations, mask and `alive` show that state."""
        ...
