"""results.duckdb: the trials of a sweep as tables, for queries (`docs/sweeps.md`). Made anew from the journal."""

import json
from typing import Any

import duckdb

from metta.sweep.config import SweepConfig
from metta.sweep.folder import SweepFolder
from metta.sweep.study import SweepStudy
from mettagrid.whole_file import whole_file

SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE schema_version (version INTEGER NOT NULL);
CREATE TABLE sweep (name TEXT NOT NULL, recipe TEXT NOT NULL, metric TEXT NOT NULL, goal TEXT NOT NULL,
  cost TEXT NOT NULL, sampler TEXT NOT NULL, pruner TEXT NOT NULL, seed BIGINT NOT NULL);
CREATE TABLE trials (trial INTEGER PRIMARY KEY, run TEXT, state TEXT NOT NULL, score DOUBLE, cost DOUBLE,
  is_best BOOLEAN NOT NULL, agent_steps BIGINT, seconds DOUBLE, started_at TIMESTAMP, finished_at TIMESTAMP,
  message TEXT);
CREATE TABLE trial_settings (trial INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, number DOUBLE,
  PRIMARY KEY (trial, name));
CREATE TABLE trial_rungs (trial INTEGER NOT NULL, rung INTEGER NOT NULL, value DOUBLE, PRIMARY KEY (trial, rung));
"""


def write_results(folder: SweepFolder, config: SweepConfig, study: SweepStudy, seed: int) -> None:
    """Write the database under a temporary name and rename it: who reads it always finds a whole one."""
    records, best = study.records(), set(study.best())
    trials = [
        (
            record.number,
            record.facts.get("run"),
            record.state,
            record.score,
            record.cost,
            record.number in best,
            record.facts.get("agent_steps"),
            record.facts.get("seconds"),
            record.started_at,
            record.finished_at,
            record.facts.get("message"),
        )
        for record in records
    ]
    settings = [
        (r.number, key, json.dumps(value), _number(value)) for r in records for key, value in r.values.items()
    ]
    rungs = [(r.number, rung, value) for r in records for rung, value in r.reports.items()]
    recipe = f"{config.recipe_module}.{config.train_entrypoint}"
    chosen = (config.metric, config.goal, config.cost, config.sampler, config.pruner)
    sweep = [(folder.name, recipe, *chosen, seed)]
    tables = {"schema_version": [(SCHEMA_VERSION,)], "sweep": sweep, "trials": trials}
    tables |= {"trial_settings": settings, "trial_rungs": rungs}
    with whole_file(folder.results) as temporary, duckdb.connect(str(temporary)) as connection:
        connection.execute(_SCHEMA)
        for name, rows in tables.items():
            if rows:
                marks = ", ".join("?" for _ in rows[0])
                connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
