"""GymVectorEnv: every agent of every world of a batch as a sub-environment of a Gymnasium VectorEnv."""

from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space
from numpy.typing import ArrayLike, NDArray

from mettagrid import env_view
from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.config.game import GameConfig

Infos = dict[str, Any]
Step = tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_], Infos]

_METADATA = {"autoreset_mode": AutoresetMode.SAME_STEP, "render_modes": []}


class GymVectorEnv(gymnasium.vector.VectorEnv[NDArray[np.uint8], NDArray[np.int32], NDArray[Any]]):
    """A batch of `W` worlds of `A` agents as `N = W*A` sub-environments; world `w` owns `w*A .. (w+1)*A - 1`.

    Episodes start anew in the step in which they end (`AutoresetMode.SAME_STEP`); a flag in `terminations` or
    `truncations` means that the returned observation is the first of the next episode, and then
    `infos["final_obs"]` and `infos["final_info"]` hold the end of the last one, as Gymnasium specifies.

    Agents of a world share its clock. One that dies is a row of empty observations until its world's episode
    ends, and that ends with `truncations`; `infos["alive"]` tells such rows.

    infos: `action_mask` int8 [N, num_actions] and `alive` bool [N], each with its `_name`; where one ended
    also `final_obs` (object [N]) and `final_info` (`action_mask`, `alive`, `statistics`).
    """

    metadata: dict[str, Any] = _METADATA

    def __init__(
        self, game: GameConfig, num_worlds: int = 1, num_threads: int = 1, copy: bool = True, **settings: Any
    ) -> None:
        """Build the batch.

        Args:
            game: rules, people and map.
            num_worlds: `W`.
            num_threads: threads that step the worlds.
            copy: return copies, which the next step does not change; False lends the batch's own arrays.
            settings: `num_maps` and `map_seed` of `BatchEnv`.
        """
        self.batch = BatchEnv(game, num_worlds, num_threads, **settings)
        self.game_spec = self.batch.spec
        self.num_envs = self.batch.num_rows
        self.copy = copy
        self.single_observation_space = env_view.observation_space(self.game_spec)
        self.single_action_space = env_view.action_space(self.game_spec)
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.uint8], Infos]:
        """Start all worlds as `BatchEnv.reset(seed)` does; without a seed, other worlds than before.

        Raises:
            ValueError: options ask for a reset of some sub-environments; worlds reset by themselves.
        """
        if options is not None and "reset_mask" in options:
            raise ValueError("options: no reset_mask is possible, episodes start anew by themselves")
        super().reset(seed=seed)
        self.batch.reset(int(self.np_random.integers(2**63)) if seed is None else seed)
        return self._lent(self.batch.observations), self._infos()

    def step(self, actions: ArrayLike) -> Step:
        """One action of every agent.

        Args:
            actions: whole numbers [N]; ids that do not exist and those that the mask forbids do nothing.

        Raises:
            ValueError: wrong shape or dtype, or no reset before the first step.
        """
        batch = self.batch
        was_alive = batch.alive.copy()
        batch.step(np.asarray(actions))
        infos = self._infos()
        terminated, truncated = self._lent(batch.terminated), self._lent(batch.truncated)
        if batch.episode_ended.any() or terminated.any():
            ended = np.repeat(batch.episode_ended, batch.num_agents)
            truncated = truncated | (ended & ~was_alive)
            self._add_last(infos, terminated | truncated, ended)
        return self._lent(batch.observations), self._lent(batch.rewards), terminated, truncated, infos

    def _lent(self, array: NDArray[Any]) -> NDArray[Any]:
        return array.copy() if self.copy else array

    def _infos(self) -> Infos:
        everybody = np.ones(self.num_envs, dtype=np.bool_)
        return {
            "action_mask": self._lent(env_view.masks(self.batch)),
            "_action_mask": everybody,
            "alive": self._lent(self.batch.alive),
            "_alive": everybody.copy(),
        }

    def _add_last(self, infos: Infos, rows: NDArray[np.bool_], ended: NDArray[np.bool_]) -> None:
        """Add the last observation and info of episodes: of these `rows`; in `ended` the world's has, too."""
        batch = self.batch
        final_obs = np.full(self.num_envs, None, dtype=object)
        for row in np.flatnonzero(rows):
            final_obs[row] = (batch.final_observations if ended[row] else batch.observations)[row].copy()
        masks = np.zeros_like(env_view.masks(batch))
        masks[rows, 0] = 1
        final_info = {
            "action_mask": masks,
            "_action_mask": rows,
            "alive": np.zeros(self.num_envs, dtype=np.bool_),
            "_alive": rows.copy(),
            "statistics": self._last_statistics(rows, ended),
            "_statistics": rows.copy(),
        }
        infos |= {"final_obs": final_obs, "_final_obs": rows.copy()}
        infos |= {"final_info": final_info, "_final_info": rows.copy()}

    def _last_statistics(self, rows: NDArray[np.bool_], ended: NDArray[np.bool_]) -> Infos:
        stats = np.where((rows & ended)[:, None], self.batch.episode_stats, 0)
        for row in np.flatnonzero(rows & ~ended):  # died, while the world goes on
            world, agent = divmod(int(row), self.batch.num_agents)
            stats[row] = self.batch.world(world).stats[agent]
        by_name: Infos = {}
        for name, column in zip(self.game_spec.stat_names, stats.T.astype(np.int64), strict=True):
            by_name[name], by_name[f"_{name}"] = column.copy(), rows.copy()
        return by_name


def make_arena_vector_env(
    num_envs: int, num_agents: int = 1, combat: bool = True, render_mode: None = None, **settings: Any
) -> GymVectorEnv:
    """`gymnasium.make_vec("metta/arena-v0", num_envs)`: `num_envs` agents, `num_agents` in each arena.

    `settings` are those of `GymVectorEnv`.
    """
    game = make_arena(num_agents=num_agents, combat=combat)
    return make_vector_env(num_envs, game, render_mode, **settings)


def make_vector_env(
    num_envs: int, game: GameConfig, render_mode: None = None, **settings: Any
) -> GymVectorEnv:
    """As many worlds of a game as have `num_envs` agents together; `settings` are those of `GymVectorEnv`.

    Raises:
        ValueError: `num_envs` is no multiple of the game's agents, or a render mode is asked for.
    """
    if render_mode is not None:
        raise ValueError(f"render_mode is {render_mode!r}, needs None: a batch is not drawn")
    if num_envs < 1 or num_envs % game.num_agents:
        raise ValueError(f"num_envs is {num_envs}, needs a multiple of the world's {game.num_agents} agents")
    return GymVectorEnv(game, num_envs // game.num_agents, **settings)
