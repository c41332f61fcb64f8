import threading
from pathlib import Path

import duckdb
import numpy as np
import pytest

from metta.common.errors import MachineError
from metta.sim import stats_database
from metta.sim.parts import find_parts, write_part
from metta.sim.results import PolicyName
from metta.sim.stats_database import merge_folder, open_stats, simulation_means
from tests.sim.results import make_result

METRICS = np.array(
    [[[1.0, 2.0], [0.0, 0.0]], [[0.5, 0.0], [0.0, 4.0]]]
)  # [2 episodes, 2 agents, reward and hearts]


def rows(database: Path, query: str) -> list[tuple]:
    with open_stats(database) as connection:
        return connection.execute(query).fetchall()


def test_a_result_becomes_rows_of_every_table(tmp_path: Path):
    policies = (PolicyName("run", 5), PolicyName("mock://random"))
    write_part(tmp_path / "parts", make_result(METRICS, policies, [0, 1]))
    database = tmp_path / "stats.duckdb"
    merge_folder(database, tmp_path / "parts")

    assert rows(database, "SELECT name, env, policy_key, policy_version FROM simulations") == [
        ("arena/basic", "arena", "run", 5)
    ]
    assert rows(database, "SELECT id, step_count, simulation_id FROM episodes ORDER BY id") == [
        ("simulation-a:0", 100, "simulation-a"),
        ("simulation-a:1", 100, "simulation-a"),
    ]
    assert rows(database, "SELECT DISTINCT attribute, value FROM episode_attributes") == [("seed", "3")]
    assert rows(
        database, "SELECT agent_id, group_id FROM agent_groups WHERE episode_id = 'simulation-a:0'"
    ) == [
        (0, 0),
        (1, 1),
    ]
    assert rows(
        database, "SELECT DISTINCT agent_id, policy_key, policy_version FROM agent_policies ORDER BY 1"
    ) == [
        (0, "run", 5),
        (1, "mock://random", 0),
    ]
    assert rows(database, "SELECT version FROM schema_version") == [(1,)]
    assert rows(database, "SELECT count(*) FROM policy_simulation_agent_samples") == [(4,)]


def test_only_metrics_that_are_not_zero_are_kept(tmp_path: Path):
    write_part(tmp_path, make_result(METRICS))
    merge_folder(tmp_path / "stats.duckdb", tmp_path)
    kept = rows(tmp_path / "stats.duckdb", "SELECT agent_id, metric, value FROM agent_metrics ORDER BY ALL")
    assert kept == [
        (0, "heart.gained", 2.0),
        (0, "reward", 0.5),
        (0, "reward", 1.0),
        (1, "heart.gained", 4.0),
    ]


def test_means_count_what_was_not_recorded_as_zero(tmp_path: Path):
    write_part(tmp_path, make_result(METRICS))
    merge_folder(tmp_path / "stats.duckdb", tmp_path)
    with open_stats(tmp_path / "stats.duckdb") as connection:
        assert simulation_means(connection, "run", 5, "heart.gained") == {("arena/basic", "arena"): 6.0 / 4}
        assert simulation_means(connection, "run", 5, "no such metric") == {("arena/basic", "arena"): 0.0}
        assert simulation_means(connection, "nobody", 5, "reward") == {}


def test_merging_again_changes_nothing_and_parts_go_once_merged(tmp_path: Path):
    database, parts = tmp_path / "stats.duckdb", tmp_path / "parts"
    for _ in range(2):
        write_part(parts, make_result(METRICS))
        merge_folder(database, parts)
        assert find_parts(parts) == []
    assert rows(database, "SELECT count(*) FROM episodes") == [(2,)]
    assert rows(database, "SELECT count(*) FROM agent_metrics") == [(4,)]


def test_a_second_simulation_is_added(tmp_path: Path):
    for index in range(3):
        write_part(tmp_path, make_result(METRICS, result_id=f"simulation-{index}"))
    merge_folder(tmp_path / "stats.duckdb", tmp_path)
    assert rows(tmp_path / "stats.duckdb", "SELECT count(*) FROM episodes") == [(6,)]


def test_names_with_quotes_are_only_names(tmp_path: Path):
    name = "'; DROP TABLE episodes; --"
    write_part(tmp_path, make_result(METRICS, (PolicyName(name),), name=name))
    merge_folder(tmp_path / "stats.duckdb", tmp_path)
    with open_stats(tmp_path / "stats.duckdb") as connection:
        assert simulation_means(connection, name, 0, "reward") == {(name, "arena"): pytest.approx(1.5 / 4)}


def test_an_unknown_schema_version_is_refused(tmp_path: Path):
    database = tmp_path / "stats.duckdb"
    merge_folder(database, tmp_path)
    with duckdb.connect(str(database)) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    with pytest.raises(ValueError, match=r"schema version \[99\] is unknown"):
        merge_folder(database, tmp_path)
    with pytest.raises(ValueError, match="unknown"), open_stats(database):
        pass


def test_somebody_elses_database_is_refused(tmp_path: Path):
    database = tmp_path / "stats.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE TABLE mine (x INTEGER)")
    with pytest.raises(ValueError, match="not a statistics database"):
        merge_folder(database, tmp_path)
    with duckdb.connect(str(database)) as connection:
        assert [
            name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        ] == ["mine"]


def test_damaged_databases_and_missing_ones_are_one_line(tmp_path: Path):
    database = tmp_path / "stats.duckdb"
    with pytest.raises(ValueError, match="no such file"), open_stats(database):
        pass
    database.write_bytes(b"this is not a database" * 400)
    with pytest.raises(ValueError, match=r"stats\.duckdb: ") as error, open_stats(database):
        pass
    assert "\n" not in str(error.value)


def test_a_damaged_part_is_refused_and_nothing_is_merged(tmp_path: Path):
    write_part(tmp_path, make_result(METRICS))
    (tmp_path / "part-zzz.parquet").write_bytes(b"PAR1 cut")
    with pytest.raises(ValueError, match=r"part-zzz\.parquet: not a whole Parquet file"):
        merge_folder(tmp_path / "stats.duckdb", tmp_path)
    assert len(find_parts(tmp_path)) == 2


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path):
    def write(index: int) -> None:
        write_part(tmp_path, make_result(METRICS, result_id=f"simulation-{index}"))
        merge_folder(tmp_path / "stats.duckdb", tmp_path)

    threads = [threading.Thread(target=write, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows(tmp_path / "stats.duckdb", "SELECT count(*) FROM episodes") == [(8,)]


def test_a_lock_that_is_never_given_back_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stats_database, "LOCK_TIMEOUT_S", 0.0)
    monkeypatch.setattr(stats_database, "_try_lock", lambda descriptor: False)
    with pytest.raises(MachineError, match="another process"):
        merge_folder(tmp_path / "stats.duckdb", tmp_path)
