"""Finished episodes of all ranks, for statistics, schedules and curricula that all of them share."""

import struct

import numpy as np

from metta.rl.ranks.agreement import num_ranks
from metta.rl.ranks.exchange import all_bytes
from metta.rollout.records import EpisodeRecord

_HEAD = struct.Struct("<6q2q")
"""World, index, length, step, game, whether shortened; then the numbers of agents and of statistics."""


def all_episodes(own: list[EpisodeRecord]) -> list[EpisodeRecord]:
    """Return the episodes of all ranks on every rank, in the order in which one process alone has them.

    Args:
        own: those of this rank's worlds, from `Rollout.take_finished`.
    """
    if num_ranks() == 1:
        return own
    said = all_bytes(b"".join(_pack(episode) for episode in own))
    episodes = [episode for data in said for episode in _unpack(data)]
    return sorted(episodes, key=lambda episode: (episode.step, episode.world))


def _pack(episode: EpisodeRecord) -> bytes:
    head = _HEAD.pack(
        episode.world,
        episode.index,
        episode.length,
        episode.step,
        episode.game,
        episode.shortened,
        *episode.stats.shape,
    )
    return head + episode.returns.astype("<f4").tobytes() + episode.stats.astype("<i4").tobytes()


def _unpack(data: bytes) -> list[EpisodeRecord]:
    episodes, at = [], 0
    while at < len(data):
        world, index, length, step, game, shortened, agents, stats = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        returns = np.frombuffer(data, "<f4", agents, at).astype(np.float32)
        at += returns.nbytes
        table = np.frombuffer(data, "<i4", agents * stats, at).astype(np.int32).reshape(agents, stats)
        at += table.nbytes
        episodes.append(EpisodeRecord(world, index, length, returns, table, bool(shortened), step, game))
    return episodes
