"""A batch of tiny worlds and a tiny policy with the real contracts: they make the tests of learning fast."""

import struct
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from metta.policy.architecture import PolicyArchitecture
from metta.policy.policy import Policy, PolicyOutput
from mettagrid.spec import GameSpec

NUM_SYMBOLS = 4


def echo_spec(num_agents: int = 2, max_steps: int = 8) -> GameSpec:
    """The echo game: each step shows a symbol; the action with that number brings a heart."""
    return GameSpec(
        name="echo",
        num_agents=num_agents,
        max_steps=max_steps,
        view_height=3,
        view_width=3,
        num_tokens=2,
        feature_names=["symbol", "progress"],
        feature_scales=[float(NUM_SYMBOLS), 255.0],
        action_names=["noop", *(f"say_{number}" for number in range(1, NUM_SYMBOLS))],
        stat_names=["heart.gained", "steps"],
        kind_names=["empty", "agent"],
        variable_names=["heading"],
    )


class EchoBatch:
    """`metta.rollout.Batch` with the echo game. A world is (seed, episode, tick) and sums: a few bytes.

    Args:
        num_worlds: W.
        num_agents: A.
        max_steps: steps of an episode.
        death_tick: agent 0 of every world dies at this tick of every episode; 0 = never.
    """

    def __init__(
        self, num_worlds: int = 4, num_agents: int = 2, max_steps: int = 8, death_tick: int = 0
    ) -> None:
        self.spec = echo_spec(num_agents, max_steps)
        self.num_worlds, self.num_agents, self.num_rows = num_worlds, num_agents, num_worlds * num_agents
        self.death_tick = death_tick
        rows, actions, stats = self.num_rows, len(self.spec.action_names), len(self.spec.stat_names)
        self.observations = np.full((rows, self.spec.num_tokens, 3), 255, np.uint8)
        self.final_observations = np.full_like(self.observations, 255)
        self.action_mask = np.ones((rows, actions), np.bool_)
        self.alive = np.ones(rows, np.bool_)
        self.actions = np.zeros(rows, np.int32)
        self.rewards = np.zeros(rows, np.float32)
        self.terminated = np.zeros(rows, np.bool_)
        self.truncated = np.zeros(rows, np.bool_)
        self.episode_ended = np.zeros(num_worlds, np.bool_)
        self.episode_length = np.zeros(num_worlds, np.int32)
        self.episode_return = np.zeros(rows, np.float32)
        self.episode_stats = np.zeros((rows, stats), np.int32)
        self.episode_games, self.games, self.next_games = np.zeros((3, num_worlds), np.int32)
        self._seed, self._stream = 0, np.arange(num_worlds)
        self._tick, self._episode = np.zeros(num_worlds, np.int64), np.zeros(num_worlds, np.int64)
        self._hearts = np.zeros(rows, np.int32)

    def reset(self, seed: int, streams: np.ndarray | None = None, desync: bool = False) -> np.ndarray:
        """See `Batch.reset`."""
        self._seed = seed
        self._stream = np.arange(self.num_worlds) if streams is None else streams
        self._tick[:] = self._stream % self.spec.max_steps if desync else 0
        self._episode[:] = 0
        self._hearts[:] = 0
        self._show(self.observations, np.arange(self.num_worlds))
        return self.observations

    def step(self, actions: np.ndarray | None = None) -> Any:
        """See `Batch.step`."""
        played = self.actions if actions is None else actions
        right = (played == self.observations[:, 0, 2]) & ~self._is_dead()
        self.rewards[:] = right
        self._hearts += right
        self._tick += 1
        ended = self._tick >= self.spec.max_steps
        self.terminated[:] = (
            self._per_row(self._tick == self.death_tick) & self._is_first() & (self.death_tick > 0)
        )
        self.truncated[:] = self._per_row(ended) & ~self.terminated & ~self._is_dead()
        self.episode_ended[:] = ended
        if ended.any():
            self._end(np.flatnonzero(ended))
        self._show(self.observations, np.arange(self.num_worlds))

    def snapshot(self, world: int) -> bytes:
        """See `Batch.snapshot`."""
        head = struct.pack("<4q", self._seed, self._stream[world], self._tick[world], self._episode[world])
        return head + self._hearts[self._rows(world)].tobytes()

    def continue_maps(self, num_steps: int) -> None:
        self.maps_continued_at = num_steps

    def restore(self, world: int, data: bytes) -> None:
        """See `Batch.restore`."""
        self._seed, self._stream[world], self._tick[world], self._episode[world] = struct.unpack_from(
            "<4q", data
        )
        self._hearts[self._rows(world)] = np.frombuffer(data[32:], np.int32)
        self._show(self.observations, np.array([world]))

    def fork(self, source: int, target: int) -> None:
        """See `Batch.fork`."""
        self.restore(target, self.snapshot(source))

    def _rows(self, world: int) -> slice:
        return slice(world * self.num_agents, (world + 1) * self.num_agents)

    def _per_row(self, worlds: np.ndarray) -> np.ndarray:
        return np.repeat(worlds, self.num_agents)

    def _is_first(self) -> np.ndarray:
        return np.arange(self.num_rows) % self.num_agents == 0

    def _is_dead(self) -> np.ndarray:
        return self._per_row(self._tick >= self.death_tick) & self._is_first() & (self.death_tick > 0)

    def _show(self, target: np.ndarray, worlds: np.ndarray) -> None:
        for world in worlds:
            noise = np.random.default_rng(
                [self._seed, self._stream[world], self._episode[world], self._tick[world]]
            )
            rows = self._rows(int(world))
            target[rows, 0] = np.array([0x11, 0, 0])
            target[rows, 0, 2] = noise.integers(0, NUM_SYMBOLS, self.num_agents)
            target[rows, 1] = np.array([254, 1, 1 + self._tick[world]])
        self.alive[:] = ~self._is_dead()

    def _end(self, worlds: np.ndarray) -> None:
        self._show(self.final_observations, worlds)
        for world in worlds:
            rows = self._rows(int(world))
            self.episode_length[world] = self._tick[world]
            self.episode_return[rows] = self._hearts[rows]
            self.episode_stats[rows, 0] = self._hearts[rows]
            self.episode_stats[rows, 1] = self._tick[world]
            self._hearts[rows] = 0
        self._tick[worlds] = 0
        self._episode[worlds] += 1


class TinyArchitecture(PolicyArchitecture):
    """Config of `TinyPolicy`."""

    name: Literal["tiny_test"] = "tiny_test"
    width: int = 8
    """Size of the memory."""

    def build(self, spec: GameSpec) -> "TinyPolicy":
        """See `PolicyArchitecture.build`."""
        return TinyPolicy(spec, self)


class TinyPolicy(Policy):
    """Reads the first token's value and the memory; one tanh layer."""

    def __init__(self, spec: GameSpec, architecture: TinyArchitecture | None = None) -> None:
        super().__init__(spec, architecture or TinyArchitecture())
        self.width = (architecture or TinyArchitecture()).width
        self.core = nn.Linear(NUM_SYMBOLS + self.width, self.width)
        self.action_head = nn.Linear(self.width, len(spec.action_names))
        self.value_head = nn.Linear(self.width, 1)

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """See `Policy.initial_state`."""
        return torch.zeros(num_rows, self.width, device=device)

    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        """See `Policy.forward`."""
        if observations.dim() == 3:
            output = self.forward(observations[None], action_mask[None], state, resets[None])
            extras = {name: value[0] for name, value in output.extras.items()}
            return PolicyOutput(output.logits[0], output.value[0], output.state, extras)
        symbols = (observations[:, :, 0, 2].unsqueeze(-1) == torch.arange(NUM_SYMBOLS)).float()
        hidden = []
        for symbol, reset in zip(symbols, resets, strict=True):
            state = torch.tanh(self.core(torch.cat([symbol, state * ~reset.unsqueeze(-1)], dim=-1)))
            hidden.append(state)
        features = torch.stack(hidden)
        logits = self.action_head(features).masked_fill(~action_mask, -1e9)
        return PolicyOutput(logits, self.value_head(features).squeeze(-1), state, {"features": features})


def tiny_policy(seed: int = 0) -> TinyPolicy:
    """A policy for the echo game with weights from a seed."""
    torch.manual_seed(seed)
    return TinyPolicy(echo_spec())
