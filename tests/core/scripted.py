"""Actions as a function of seed, step, stream and agent: the same numbers as in core/tests/runner.hpp."""

import numpy as np
from numpy.typing import NDArray

from mettagrid import BatchEnv

WORD = 2**64
Words = NDArray[np.uint64]


def mix64(x: int) -> int:
    """The core's mixing function (finalizer of splitmix64) of one word."""
    return int(mix_all(np.array([x % WORD], dtype=np.uint64))[0])


def mix_all(x: Words) -> Words:
    """The same for many words at once."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def scripted_actions(env: BatchEnv, seed: int, step: int, streams: NDArray[np.int64]) -> NDArray[np.int32]:
    """int32 [N] actions of all agents in one step."""
    of_worlds = mix_all(np.uint64(mix64(mix64(seed) + step)) + streams.astype(np.uint64))
    agents = np.arange(env.num_agents, dtype=np.uint64)
    bits = mix_all(of_worlds[:, None] + agents[None, :])
    return (bits % np.uint64(len(env.spec.action_names))).astype(np.int32).ravel()


def play(env: BatchEnv, seed: int, num_steps: int, streams: NDArray[np.int64] | None = None) -> list[int]:
    """Plays from a reset and returns one number for each world: all its states, mixed."""
    streams = np.arange(env.num_worlds, dtype=np.int64) if streams is None else streams
    env.reset(seed, streams)
    hashes = [0] * env.num_worlds
    for step in range(num_steps):
        env.step(scripted_actions(env, seed, step, streams))
        hashes = [mix64(old ^ env.hash(world)) for world, old in enumerate(hashes)]
    return hashes
