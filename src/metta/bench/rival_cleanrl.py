"""A training loop in the style of CleanRL, as a slow baseline: its reading order and idioms, typed anew.

As in `ppo_pettingzoo_ma_atari.py` agents come out of PettingZoo worlds as dicts and are put together one by one; as in
`ppo_atari_lstm.py` the memory goes through a row of training step by step, and minibatches are whole environments.
Observations are kept as floats, advantages are a loop over time, losses and their logs are those of `ppo.py`.
"""

import time
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.distributions.categorical import Categorical

from metta.bench.rival_network import FlatNetwork
from metta.bench.rival_settings import RivalSettings
from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.pettingzoo_env import PettingZooEnv

Step = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


class WorldsOneByOne:
    """PettingZoo worlds as one vector of agents."""

    def __init__(self, game: GameConfig, num_worlds: int) -> None:
        self.worlds = [PettingZooEnv(game, num_maps=4, map_seed=index) for index in range(num_worlds)]
        self.spec = self.worlds[0].game_spec
        self.num_agents = num_worlds * len(self.worlds[0].possible_agents)

    def reset(self) -> NDArray[Any]:
        """Return all observations."""
        return np.concatenate([self._stack(world.reset(seed=i)[0]) for i, world in enumerate(self.worlds)])

    def step(self, actions: NDArray[Any]) -> Step:
        """Step world after world; those that are over begin anew."""
        observations, rewards, dones = [], [], []
        rows = iter(actions.reshape(len(self.worlds), -1))
        for world in self.worlds:
            chosen = dict(zip(world.possible_agents, next(rows).tolist(), strict=True))
            seen, gained, ended, cut, _ = world.step(chosen)
            if not world.agents:
                seen, _ = world.reset()
            observations.append(self._stack(seen))
            rewards.append([gained[name] for name in world.possible_agents])
            dones.append([ended[name] or cut[name] for name in world.possible_agents])
        return np.concatenate(observations), np.array(rewards).ravel(), np.array(dones).ravel()

    def _stack(self, seen: dict[str, NDArray[Any]]) -> NDArray[Any]:
        return np.stack([seen[name] for name in self.worlds[0].possible_agents])


class WorldsInOneBatch:
    """The same worlds from our batch, to tell what the loop alone costs."""

    def __init__(self, game: GameConfig, num_worlds: int, num_threads: int) -> None:
        self.batch = BatchEnv(game, num_worlds, num_threads, num_maps=64)
        self.spec = self.batch.spec
        self.num_agents = self.batch.num_rows

    def reset(self) -> NDArray[Any]:
        """Return all observations."""
        return self.batch.reset(0).copy()

    def step(self, actions: NDArray[Any]) -> Step:
        """Step all."""
        observations, rewards, ended, cut, _ = self.batch.step(actions.astype(np.int32))
        return observations.copy(), rewards.copy(), ended | cut


class CleanRLLoop:
    """Rollouts and updates as `ppo.py` has them.

    Args:
        settings: network, portions and environment.
        one_by_one: worlds as CleanRL has them; False = from our batch.
    """

    def __init__(self, settings: RivalSettings, one_by_one: bool) -> None:
        game = settings.game()
        self.settings = settings
        self.envs: Any = (
            WorldsOneByOne(game, settings.num_worlds)
            if one_by_one
            else WorldsInOneBatch(game, settings.num_worlds, settings.num_threads)
        )
        torch.manual_seed(0)
        self.network = FlatNetwork(self.envs.spec, settings.hidden, settings.memory)
        self.lstm = nn.LSTM(settings.hidden, settings.hidden) if settings.memory == "lstm" else None
        self.network.core = None  # its place is taken by PyTorch's, which CleanRL uses
        modules = nn.ModuleList([self.network, *([self.lstm] if self.lstm else [])])
        self.weights = list(modules.parameters())
        self.optimizer = torch.optim.Adam(self.weights, lr=settings.learning_rate, eps=1e-5)
        shape = (settings.horizon, self.envs.num_agents)
        self.obs = torch.zeros(*shape, self.envs.spec.num_tokens, 3)
        self.actions, self.logprobs, self.rewards, self.dones, self.values = (
            torch.zeros(shape) for _ in range(5)
        )
        self.next_obs = torch.Tensor(self.envs.reset())
        self.next_done = torch.zeros(self.envs.num_agents)
        zeros = torch.zeros(1, self.envs.num_agents, settings.hidden)
        self.next_state = (zeros, zeros.clone())
        self.rollout_seconds = 0.0

    def iterate(self) -> int:
        """Play and learn once; returns the agent-steps."""
        begin = time.perf_counter()
        first_state = (self.next_state[0].clone(), self.next_state[1].clone())
        for step in range(self.settings.horizon):
            self._play(step)
        advantages, returns = self._advantages()
        self.rollout_seconds += time.perf_counter() - begin
        self._learn(first_state, advantages, returns)
        return self.settings.horizon * self.envs.num_agents

    def _states(
        self, x: Tensor, state: tuple[Tensor, Tensor], done: Tensor
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        hidden = self.network.encode(x)
        if self.lstm is None:
            return hidden, state
        rows = state[0].shape[1]
        outputs = []
        for h, d in zip(hidden.reshape(-1, rows, hidden.shape[-1]), done.reshape(-1, rows), strict=True):
            kept = (1.0 - d).view(1, -1, 1)
            output, state = self.lstm(h.unsqueeze(0), (kept * state[0], kept * state[1]))
            outputs += [output]
        return torch.flatten(torch.cat(outputs), 0, 1), state

    @torch.no_grad()
    def _play(self, step: int) -> None:
        self.obs[step] = self.next_obs
        self.dones[step] = self.next_done
        hidden, self.next_state = self._states(self.next_obs, self.next_state, self.next_done)
        logits, value = self.network.decode(hidden)
        distribution = Categorical(logits=logits)
        action = distribution.sample()
        self.values[step] = value.flatten()
        self.actions[step] = action
        self.logprobs[step] = distribution.log_prob(action)
        observation, reward, done = self.envs.step(action.numpy())
        self.rewards[step] = torch.tensor(reward).view(-1)
        self.next_obs, self.next_done = torch.Tensor(observation), torch.Tensor(done)

    @torch.no_grad()
    def _advantages(self) -> tuple[Tensor, Tensor]:
        hidden, _ = self._states(self.next_obs, self.next_state, self.next_done)
        next_value = self.network.decode(hidden)[1].reshape(1, -1)
        advantages = torch.zeros_like(self.rewards)
        last = torch.zeros(self.envs.num_agents)
        for t in reversed(range(self.settings.horizon)):
            is_last = t == self.settings.horizon - 1
            going_on = 1.0 - (self.next_done if is_last else self.dones[t + 1])
            following = next_value if is_last else self.values[t + 1]
            delta = self.rewards[t] + 0.99 * following * going_on - self.values[t]
            advantages[t] = last = delta + 0.99 * 0.95 * going_on * last
        return advantages, advantages + self.values

    def _learn(self, first_state: tuple[Tensor, Tensor], advantages: Tensor, returns: Tensor) -> None:
        count = self.envs.num_agents
        size = max(1, count * self.settings.minibatch_size // (self.settings.horizon * count))
        flat = np.arange(self.settings.horizon * count).reshape(self.settings.horizon, count)
        b_obs = self.obs.reshape((-1, *self.obs.shape[2:]))
        others = [
            x.reshape(-1) for x in (self.dones, self.actions, self.logprobs, advantages, returns, self.values)
        ]
        order = np.arange(count)
        np.random.shuffle(order)
        for start in range(0, count, size):
            chosen = order[start : start + size]
            index = flat[:, chosen].ravel()
            state = (first_state[0][:, chosen], first_state[1][:, chosen])
            self._step(b_obs[index], state, *(x[index] for x in others))

    def _step(self, obs: Tensor, state: tuple[Tensor, Tensor], *others: Tensor) -> None:
        dones, actions, old_logprobs, advantages, returns, old_values = others
        hidden, _ = self._states(obs, state, dones)
        logits, newvalue = self.network.decode(hidden)
        distribution = Categorical(logits=logits)
        logratio = distribution.log_prob(actions.long()) - old_logprobs
        ratio = logratio.exp()
        with torch.no_grad():
            logs = [(-logratio).mean().item(), ((ratio - 1) - logratio).mean().item()]
            logs += [((ratio - 1.0).abs() > 0.1).float().mean().item()]
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        pg_loss = torch.max(-advantages * ratio, -advantages * torch.clamp(ratio, 0.9, 1.1)).mean()
        clipped = old_values + torch.clamp(newvalue - old_values, -0.1, 0.1)
        v_loss = 0.5 * torch.max((newvalue - returns) ** 2, (clipped - returns) ** 2).mean()
        loss = pg_loss - 0.01 * distribution.entropy().mean() + v_loss * 0.5
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.weights, 0.5)
        self.optimizer.step()
