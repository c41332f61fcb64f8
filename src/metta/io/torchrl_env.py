"""TorchRLEnv: a batch of worlds as a TorchRL environment. Needs metta[torchrl].

It stands here and not beside the other environments because the simulator knows nothing of PyTorch.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig

try:
    from tensordict import TensorDict, TensorDictBase
    from torchrl.data import Binary, Bounded, Categorical, Composite, Unbounded
    from torchrl.envs import EnvBase
except ModuleNotFoundError:
    raise ImportError("TorchRLEnv needs TorchRL: pip install 'metta[torchrl]'") from None


class TorchRLEnv(EnvBase):
    """`W` worlds of `A` agents; the batch size is [W], and what belongs to agents is under `agents`, [W, A].

    Read: `("agents", "observation")` uint8 [W, A, num_tokens, 3], tokens (where, feature, value), 255 where unused;
    `("agents", "action_mask")` bool [W, A, num_actions]; `("agents", "alive")` bool [W, A, 1]: rows of who is not are
    empty; `("agents", "statistics")` int32 [W, A, num_stats], by `game_spec.stat_names`, of each world's last episode.
    Written: `("agents", "action")` int64 [W, A]; what the mask forbids does nothing.
    After a step: `("agents", "reward")` float32 [W, A, 1]; `done` and `truncated` bool [W, 1], the world's episode is
    over (`terminated` of a world stays False: its clock ends it); `("agents", "terminated")` bool [W, A, 1], the agent
    died, and `("agents", "done")`, it died or its world's episode is over. Give the latter two to estimators of
    advantages.

    `set_seed(s)` and `reset()` start the worlds that `BatchEnv.reset(s)` starts; the next `reset()` goes on to others.
    Worlds begin their next episode by themselves, and a partial reset shows it.

    Example:
        >>> env = TorchRLEnv(make_arena(num_agents=24), num_worlds=16)
        >>> rollout = env.rollout(100, break_when_any_done=False)
    """

    def __init__(
        self,
        game: GameConfig,
        num_worlds: int = 1,
        device: torch.device | str = "cpu",
        **settings: Any,
    ) -> None:
        """Build the batch.

        Args:
            game: rules, people and map.
            num_worlds: `W`.
            device: of all tensors; the worlds themselves are on the CPU.
            settings: `num_threads`, `num_maps` and `map_seed` of `BatchEnv`.
        """
        self._batch = BatchEnv(game, num_worlds, **settings)
        self.game_spec = self._batch.spec
        super().__init__(device=torch.device(device), batch_size=torch.Size([num_worlds]))
        self._shape = (num_worlds, self._batch.num_agents)
        self._random = np.random.default_rng()
        self._seed: int | None = None
        self._make_specs()

    def _make_specs(self) -> None:
        spec, device = self.game_spec, self.device
        num_actions = len(spec.action_names)

        def rows(*shape: int) -> torch.Size:
            return torch.Size([*self._shape, *shape])

        def of_agents(**parts: Any) -> Composite:
            inner = Composite(parts, shape=rows(), device=device)
            return Composite(agents=inner, shape=self.batch_size, device=device)

        flags = {
            name: Binary(1, rows(1), dtype=torch.bool, device=device)
            for name in ("alive", "terminated", "done")
        }
        self.observation_spec = of_agents(
            observation=Bounded(0, 255, rows(spec.num_tokens, 3), dtype=torch.uint8, device=device),
            action_mask=Binary(num_actions, rows(num_actions), dtype=torch.bool, device=device),
            statistics=Unbounded(rows(len(spec.stat_names)), dtype=torch.int32, device=device),
            **flags,
        )
        self.action_spec = of_agents(action=Categorical(num_actions, rows(), device=device))
        self.reward_spec = of_agents(reward=Unbounded(rows(1), device=device))
        ends = {
            name: Categorical(2, torch.Size([*self.batch_size, 1]), dtype=torch.bool, device=device)
            for name in ("done", "terminated", "truncated")
        }
        self.done_spec = Composite(ends, shape=self.batch_size, device=device)

    def _reset(self, tensordict: TensorDictBase | None = None, **_: Any) -> TensorDictBase:
        """Start all worlds, or show the first step of those that have begun anew."""
        chosen = None if tensordict is None else tensordict.get("_reset", None)
        begun = self._batch.episode_ended
        if chosen is None or not begun[chosen.flatten().cpu().numpy()].all():
            if chosen is not None and not chosen.all():
                raise ValueError(
                    "only worlds whose episode has ended can be reset alone: they do so by themselves"
                )
            self._batch.reset(int(self._random.integers(2**63)) if self._seed is None else self._seed)
            self._seed = None
        over = np.zeros(self._shape[0], np.bool_)
        agents = self._agents(self._batch.observations, np.zeros(self._batch.num_rows, np.bool_), over)
        return self._told({"agents": agents, **self._ends(over)})

    def _step(self, tensordict: TensorDictBase) -> TensorDictBase:
        """One action of every agent; where an episode ends, its last observation is shown."""
        batch = self._batch
        batch.actions[:] = tensordict.get(("agents", "action")).reshape(-1).cpu().numpy()
        batch.step()
        over = batch.episode_ended
        ended = np.repeat(over, batch.num_agents)
        shown = np.where(ended[:, None, None], batch.final_observations, batch.observations)
        agents = self._agents(shown, batch.terminated, over)
        agents["reward"] = self._tensor(batch.rewards)[..., None]
        return self._told({"agents": agents, **self._ends(over)})

    def _set_seed(self, seed: int | None) -> None:
        """Choose the worlds of the next reset, and of those after it."""
        self._random = np.random.default_rng(seed)
        self._seed = seed

    def _agents(
        self, shown: NDArray[np.uint8], terminated: NDArray[np.bool_], over: NDArray[np.bool_]
    ) -> dict[str, Tensor]:
        """What belongs to agents, [W, A, ...]; copies.

        Args:
            shown: uint8 [N, num_tokens, 3].
            terminated: bool [N], the agent died in this step.
            over: bool [W], the world's episode ended in this step.
        """
        batch = self._batch
        ended = np.repeat(over, batch.num_agents)
        mask = batch.action_mask.copy()
        mask[ended] = False
        mask[ended, 0] = True
        return {
            "observation": self._tensor(shown),
            "action_mask": self._tensor(mask),
            "alive": self._tensor(batch.alive & ~ended)[..., None],
            "terminated": self._tensor(terminated)[..., None],
            "done": self._tensor(terminated | ended)[..., None],
            "statistics": self._tensor(batch.episode_stats),
        }

    def _ends(self, over: NDArray[np.bool_]) -> dict[str, Tensor]:
        done = torch.from_numpy(over).unsqueeze(1)
        return {"done": done.clone(), "truncated": done.clone(), "terminated": torch.zeros_like(done)}

    def _tensor(self, array: NDArray[Any]) -> Tensor:
        """A copy of rows [N, ...] as [W, A, ...]."""
        return torch.from_numpy(array.copy()).unflatten(0, self._shape)

    def _told(self, parts: dict[str, Any]) -> TensorDictBase:
        agents = TensorDict(parts.pop("agents"), batch_size=torch.Size(self._shape))
        return TensorDict({"agents": agents, **parts}, batch_size=self.batch_size).to(self.device)
