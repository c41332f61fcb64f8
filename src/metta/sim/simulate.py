"""Measure policies in a game: many worlds at once, played by the same code that training uses."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from metta.policy.policy import Policy
from metta.rollout import EpisodeRecord, Rollout, Seat, run_episodes
from metta.sim.results import REWARD, PolicyName, SimulationResult
from metta.sim.simulation_config import SimulationConfig
from mettagrid.batch import BatchEnv

MAX_WORLDS = 32  # as many episodes are played at once: enough for large matrix products, little enough memory
# Evaluation takes its maps from other seeds than training, which counts from the run's own.
_MAP_SEED_OFFSET = 1_000_003


@dataclass(frozen=True)
class NamedPolicy:
    """A policy and what it is called."""

    policy: Policy
    name: PolicyName


@dataclass(frozen=True)
class SimulationSettings:
    """How a simulation is run; nothing here says what is played."""

    seed: int = 0
    device: str = "cpu"
    num_threads: int = 1
    max_worlds: int = MAX_WORLDS


def simulate(
    config: SimulationConfig,
    policies: Sequence[NamedPolicy],
    assignment: Sequence[int] | None = None,
    settings: SimulationSettings | None = None,
) -> SimulationResult:
    """Plays `config.num_episodes` episodes and returns what every agent reached in each.

    The same arguments give the same result on the same kind of machine; `num_threads` changes nothing. Two
    policies with the same seed meet the same maps and the same chances.

    Args:
        config: what is played.
        policies: who plays.
        assignment: for each agent of a world, the index of its policy; None = 0 for all.
        settings: seed, device, threads.

    Raises:
        ValueError: the assignment does not fit the game or the policies.
    """
    settings = settings or SimulationSettings()
    started_at = datetime.now(UTC)
    env = make_batch(config, settings)
    seats_of = check_assignment(assignment, env.num_agents, len(policies))
    for named in policies:
        named.policy.to(settings.device).eval()
    rollout = Rollout(
        env, make_seats(policies, seats_of, env.num_worlds), settings.device, seed=settings.seed
    )
    records = _play(rollout, config.num_episodes, settings.seed)
    return SimulationResult(
        id=uuid.uuid4().hex,
        name=config.full_name,
        env=env.spec.name,
        policies=tuple(named.name for named in policies),
        assignment=seats_of,
        metric_names=(REWARD, *env.spec.stat_names),
        metrics=np.stack([_metrics(record) for record in records]),
        lengths=np.array([record.length for record in records], dtype=np.int64),
        seed=settings.seed,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        attributes={"seed": str(settings.seed), "map_seed": str(map_seed(settings.seed))},
    )


def make_batch(config: SimulationConfig, settings: SimulationSettings) -> BatchEnv:
    """The worlds in which `config` is played."""
    num_worlds = min(config.num_episodes, settings.max_worlds)
    return BatchEnv(
        config.env, num_worlds=num_worlds, num_threads=settings.num_threads, map_seed=map_seed(settings.seed)
    )


def map_seed(seed: int) -> int:
    """Seed of the maps that a simulation with `seed` plays on."""
    return seed + _MAP_SEED_OFFSET


def check_assignment(assignment: Sequence[int] | None, num_agents: int, num_policies: int) -> np.ndarray:
    """The policy of each agent as int64 [A]; everybody the first one if `assignment` is None.

    Raises:
        ValueError: one line that says what does not fit.
    """
    if num_policies < 1:
        raise ValueError("a simulation needs at least one policy")
    if assignment is None:
        return np.zeros(num_agents, dtype=np.int64)
    seats = np.asarray(assignment, dtype=np.int64)
    if seats.shape != (num_agents,):
        raise ValueError(f"assignment: has {seats.size} entries, the game has {num_agents} agents")
    if seats.min() < 0 or seats.max() >= num_policies:
        raise ValueError(f"assignment: names policy {int(seats.max())}, valid are 0 to {num_policies - 1}")
    return seats


def make_seats(policies: Sequence[NamedPolicy], assignment: np.ndarray, num_worlds: int) -> list[Seat]:
    """Gives every policy the rows of its agents in all worlds; a policy without agents gets no seat."""
    if len(policies) == 1:
        return [Seat(policies[0].policy)]
    rows = np.tile(assignment, num_worlds)  # [N], world after world
    seats = [
        Seat(named.policy, np.flatnonzero(rows == index).tolist()) for index, named in enumerate(policies)
    ]
    return [seat for seat in seats if seat.rows]


def _play(rollout: Rollout, num_episodes: int, seed: int) -> list[EpisodeRecord]:
    """The first episodes of every world, in a fixed order, whatever ends first."""
    num_worlds = rollout.env.num_worlds
    per_world = -(-num_episodes // num_worlds)
    records = sorted(run_episodes(rollout, per_world, seed), key=lambda record: (record.index, record.world))
    return records[:num_episodes]


def _metrics(record: EpisodeRecord) -> np.ndarray:
    """float32 [A, M]: the return, then the statistics."""
    return np.concatenate([record.returns[:, None], record.stats], axis=1).astype(np.float32)
