"""stats.duckdb: all results of a run or of a comparison in one file for queries (`docs/formats/stats.md`).

One writer at a time, held by a lock file beside the database; nothing keeps the database open, because
DuckDB then locks out readers too. Every value reaches SQL as a parameter.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from metta.common.errors import MachineError
from metta.sim.parts import check_part, find_parts

SCHEMA_VERSION = 1
LOCK_TIMEOUT_S = 60.0
_LOCK_POLL_S = 0.05

_SCHEMA = """
CREATE TABLE schema_version (version INTEGER NOT NULL);
CREATE TABLE episodes (id TEXT PRIMARY KEY, step_count INTEGER, created_at TIMESTAMP,
    completed_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, simulation_id TEXT, replay_url TEXT);
CREATE TABLE episode_attributes (episode_id TEXT, attribute TEXT, value TEXT,
    PRIMARY KEY (episode_id, attribute));
CREATE TABLE agent_groups (episode_id TEXT, group_id INTEGER, agent_id INTEGER,
    PRIMARY KEY (episode_id, group_id, agent_id));
CREATE TABLE agent_metrics (episode_id TEXT, agent_id INTEGER, metric TEXT, value REAL,
    PRIMARY KEY (episode_id, agent_id, metric));
CREATE TABLE simulations (id TEXT PRIMARY KEY, name TEXT NOT NULL, env TEXT NOT NULL,
    policy_key TEXT NOT NULL, policy_version INT NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, finished_at TIMESTAMP);
CREATE TABLE agent_policies (episode_id TEXT NOT NULL, agent_id INTEGER NOT NULL, policy_key TEXT NOT NULL,
    policy_version INT NOT NULL, PRIMARY KEY (episode_id, agent_id));
CREATE VIEW policy_simulation_agent_samples AS
  SELECT ap.policy_key, ap.policy_version, s.name AS sim_name, s.env AS sim_env, ap.episode_id, ap.agent_id
  FROM agent_policies ap JOIN episodes e ON e.id = ap.episode_id JOIN simulations s ON s.id = e.simulation_id;
CREATE VIEW policy_simulation_agent_metrics AS
  SELECT ap.policy_key, ap.policy_version, s.name AS sim_name, s.env AS sim_env, am.metric, am.value
  FROM agent_metrics am JOIN agent_policies ap ON ap.episode_id = am.episode_id AND ap.agent_id = am.agent_id
  JOIN episodes e ON e.id = am.episode_id JOIN simulations s ON s.id = e.simulation_id;
"""

# Each takes the list of parts; a row that is there already stays: merging a part twice changes nothing.
_MERGES = (
    """INSERT OR IGNORE INTO simulations SELECT DISTINCT simulation_id, simulation, env, main_policy_key,
       main_policy_version, started_at, finished_at FROM read_parquet($parts)""",
    """INSERT OR IGNORE INTO episodes SELECT DISTINCT episode_id, step_count, started_at, finished_at,
       simulation_id, replay_url FROM read_parquet($parts)""",
    """INSERT OR IGNORE INTO episode_attributes SELECT DISTINCT episode_id, entry.key, entry.value
       FROM (SELECT episode_id, unnest(map_entries(attributes)) AS entry FROM read_parquet($parts))""",
    """INSERT OR IGNORE INTO agent_groups SELECT DISTINCT episode_id, group_id, agent_id
       FROM read_parquet($parts)""",
    """INSERT OR IGNORE INTO agent_policies SELECT DISTINCT episode_id, agent_id, policy_key, policy_version
       FROM read_parquet($parts)""",
    """INSERT OR IGNORE INTO agent_metrics SELECT DISTINCT episode_id, agent_id, entry.key, entry.value
       FROM (SELECT episode_id, agent_id, unnest(map_entries(metrics)) AS entry FROM read_parquet($parts))""",
)

# Metrics are recorded only where they are not 0, so a mean divides by all agents that played.
_MEANS = """
SELECT s.sim_name, s.sim_env, coalesce(m.total, 0) / s.num_samples AS mean, s.num_samples
FROM (SELECT sim_name, sim_env, count(*) AS num_samples FROM policy_simulation_agent_samples
      WHERE policy_key = $key AND policy_version = $version GROUP BY ALL) s
LEFT JOIN (SELECT sim_name, sim_env, sum(value) AS total FROM policy_simulation_agent_metrics
      WHERE policy_key = $key AND policy_version = $version AND metric = $metric GROUP BY ALL) m
  ON m.sim_name = s.sim_name AND m.sim_env = s.sim_env
ORDER BY s.sim_name, s.sim_env
"""


def merge_folder(database: Path, folder: Path) -> None:
    """Moves all Parquet parts of a folder into the database, all or none; makes the database if need be.

    A crash in between loses nothing: parts that were merged already change nothing when merged again.

    Raises:
        ValueError: a part or the database is damaged or of an unknown version.
        MachineError: another process keeps the database or its lock; the parts stay for the next call.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    with _locked(database):
        parts = find_parts(folder)
        for part in parts:
            check_part(part)
        with _connection(database, read_only=False) as connection:
            connection.execute("BEGIN")
            _ensure_schema(connection, database)
            for merge in _MERGES if parts else ():
                connection.execute(merge, {"parts": [str(part) for part in parts]})
            connection.execute("COMMIT")
        for part in parts:
            part.unlink()


@contextmanager
def open_stats(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a stats.duckdb, closed at the end of the block.

    Raises:
        ValueError: there is no such file, it is damaged, or its version is unknown.
        MachineError: another process is writing it.
    """
    if not database.is_file():
        raise ValueError(f"{database}: there is no such file")
    with _connection(database, read_only=True) as connection:
        _check_version(connection, database)
        yield connection


def simulation_means(
    connection: duckdb.DuckDBPyConnection, policy_key: str, policy_version: int, metric: str
) -> dict[tuple[str, str], float]:
    """Mean of a metric per agent and episode in every simulation, as {(simulation, env): mean}."""
    values = {"key": policy_key, "version": policy_version, "metric": metric}
    rows = connection.execute(_MEANS, values).fetchall()
    return {(name, env): float(mean) for name, env, mean, _ in rows}


def _ensure_schema(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    is_new = connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
    if is_new:
        connection.execute(_SCHEMA)
        connection.execute("INSERT INTO schema_version VALUES ($version)", {"version": SCHEMA_VERSION})
    _check_version(connection, database)


def _check_version(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    query = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'schema_version'"
    if connection.execute(query).fetchone() == (0,):
        raise ValueError(f"{database}: not a statistics database of metta (it has no table schema_version)")
    versions = [version for (version,) in connection.execute("SELECT version FROM schema_version").fetchall()]
    if versions != [SCHEMA_VERSION]:
        raise ValueError(
            f"{database}: schema version {versions} is unknown; this program reads [{SCHEMA_VERSION}]"
        )


@contextmanager
def _connection(database: Path, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "threads": 2,
    }
    try:
        connection = duckdb.connect(str(database), read_only=read_only, config=config)
        try:
            yield connection
        finally:
            connection.close()
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise MachineError(f"{database}: another process has it open; close that and try again") from None
        raise ValueError(f"{database}: {_one_line(error)}") from None
    except duckdb.Error as error:
        raise ValueError(f"{database}: {_one_line(error)}") from None


@contextmanager
def _locked(database: Path) -> Iterator[None]:
    """Holds `<database>.lock`; the lock goes with the process, however that ends."""
    descriptor = os.open(database.with_name(database.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + LOCK_TIMEOUT_S
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise MachineError(f"{database}.lock: another process has held it for {LOCK_TIMEOUT_S:.0f} s")
            time.sleep(_LOCK_POLL_S)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
