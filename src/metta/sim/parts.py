"""Simulation results as Parquet parts: one file per simulation, one row per episode and agent.

Many processes may write parts into one folder; `stats_database` merges them. A part that has its name is
complete.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from metta.sim.results import SimulationResult
from mettagrid.whole_file import whole_file

PART_VERSION = b"1"
VERSION_KEY = b"metta_part_version"
PART_SCHEMA = pa.schema(
    [
        ("simulation_id", pa.string()),
        ("simulation", pa.string()),
        ("env", pa.string()),
        ("started_at", pa.timestamp("us")),
        ("finished_at", pa.timestamp("us")),
        ("main_policy_key", pa.string()),  # the first policy: the one that the simulation is about
        ("main_policy_version", pa.int32()),
        ("episode_id", pa.string()),
        ("step_count", pa.int32()),
        ("replay_url", pa.string()),
        ("attributes", pa.map_(pa.string(), pa.string())),
        ("agent_id", pa.int32()),
        ("group_id", pa.int32()),  # which of the simulation's policies
        ("policy_key", pa.string()),
        ("policy_version", pa.int32()),
        ("metrics", pa.map_(pa.string(), pa.float32())),  # only those that are not 0
    ],
    metadata={VERSION_KEY: PART_VERSION},
)


def write_part(folder: Path, result: SimulationResult) -> Path:
    """Writes `folder/part-<simulation id>.parquet` and returns its path."""
    path = folder / f"part-{result.id}.parquet"
    table = pa.Table.from_pylist(list(_rows(result)), schema=PART_SCHEMA)
    with whole_file(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")
    return path


def find_parts(folder: Path) -> list[Path]:
    """The complete parts in a folder, in a fixed order."""
    return sorted(folder.glob("part-*.parquet"))


def check_part(path: Path) -> None:
    """Refuses what is not a part of this version.

    Raises:
        ValueError: one line with the path.
    """
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise ValueError(f"{path}: not a whole Parquet file ({' '.join(str(error).split())[:120]})") from None
    version = (schema.metadata or {}).get(VERSION_KEY, b"none").decode("ascii", "replace")
    if version != PART_VERSION.decode() or not schema.equals(PART_SCHEMA):
        raise ValueError(f"{path}: part version {version[:20]} is unknown; this program reads version 1")


def _rows(result: SimulationResult) -> Iterator[dict[str, Any]]:
    main = result.policies[0]
    simulation = {
        "simulation_id": result.id,
        "simulation": result.name,
        "env": result.env,
        # Parquet stores no zone here: all times are UTC.
        "started_at": result.started_at.replace(tzinfo=None),
        "finished_at": result.finished_at.replace(tzinfo=None),
        "main_policy_key": main.key,
        "main_policy_version": main.version,
        "attributes": list(result.attributes.items()),
        "replay_url": None,
    }
    for episode in range(result.num_episodes):
        facts = {"episode_id": f"{result.id}:{episode}", "step_count": int(result.lengths[episode])}
        for agent, group in enumerate(result.assignment.tolist()):
            policy = result.policies[group]
            yield {
                **simulation,
                **facts,
                "agent_id": agent,
                "group_id": group,
                "policy_key": policy.key,
                "policy_version": policy.version,
                "metrics": _recorded(result, episode, agent),
            }


def _recorded(result: SimulationResult, episode: int, agent: int) -> list[tuple[str, float]]:
    values = result.metrics[episode, agent].tolist()
    return [(name, value) for name, value in zip(result.metric_names, values, strict=True) if value != 0]
