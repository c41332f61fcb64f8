"""The simulator's benchmark, kept very short: which figures there are, equal work for all, memory."""

from pathlib import Path

import numpy as np
import pytest

from metta.bench.sim import OurBatch, SimSettings, bench_sim, bytes_per_world
from metta.bench.table import Figure
from mettagrid.builder.envs import make_arena
from tests.bench.test_peer import make_stand_in

BRIEF = {"num_worlds": 2, "seconds": 0.01, "repeats": 2}


def measure(**changes: object) -> dict[str, Figure]:
    figures, _ = bench_sim(SimSettings(**{**BRIEF, **changes}))  # type: ignore[arg-type]
    return {figure.name: figure for figure in figures}


def test_all_figures_are_there(tmp_path: Path):
    figures = measure(peer_python=make_stand_in(tmp_path))
    names = list(figures)
    assert names[:6] == [
        "1 thread",
        "2 threads",
        "floor: filling main memory, 1 thread",
        "filling the batch's own observations",
        "mettagrid, observation path 0",
        "mettagrid, default",
    ]
    assert names[6:10] == [
        "share of its core that 1 thread had",
        "2 threads to 1 thread",
        "1 thread to the floor",
        "1 thread to filling its own observations",
    ]
    assert names[10].startswith("1 thread to mettagrid")
    assert figures[names[10]].target == 25.0
    phases = [f"share of {phase}" for phase in ("actions", "rules", "observations", "resets")]
    assert sum(figures[phase].median for phase in phases) == pytest.approx(1.0)
    assert all(
        value > 0 for figure in figures.values() for value in figure.values if "share" not in figure.name
    )
    for name in names[:11]:
        assert len(figures[name].values) == 2


def test_one_thread_alone_has_no_ratio_of_threads():
    figures = measure(threads=(1,))
    assert "2 threads to 1 thread" not in figures
    assert "1 thread to the floor" in figures


def test_one_thread_is_always_measured():
    assert {"1 thread", "2 threads", "2 threads to 1 thread"} < measure(threads=(2,)).keys()


def test_memory_is_within_its_targets():
    figures = measure(threads=(1,))
    assert figures["state of one world"].holds
    assert figures["4,096 worlds with buffers"].holds


def test_batches_begin_in_the_same_state_and_play_the_same():
    game = make_arena(num_agents=24)
    one, two = OurBatch(game, 2, 1), OurBatch(game, 2, 2)
    one.warm_up()
    two.copy_worlds(one)
    for mine, other in zip(one.actions, two.actions, strict=True):
        np.testing.assert_array_equal(mine, other)
        one.env.step(mine)
        two.env.step(other)
    assert [one.env.hash(world) for world in (0, 1)] == [two.env.hash(world) for world in (0, 1)]


def test_bytes_of_a_world_count_state_and_rows():
    env = OurBatch(make_arena(num_agents=24), 2, 1).env
    assert bytes_per_world(env) > env.world_bytes + 2 * 24 * 600
    assert bytes_per_world(env) < 64 * 1024 + 4 * 24 * 600


def test_really_allocated_memory_is_a_figure_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("metta.bench.sim.LARGE_BATCH", 8)
    assert "8 worlds with buffers, allocated" in measure(threads=(1,), allocate=True)
