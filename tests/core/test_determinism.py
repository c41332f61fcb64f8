from pathlib import Path

import numpy as np
import pytest

from mettagrid import BatchEnv
from mettagrid.builder.envs import make_arena
from tests.core.export_arena import NUM_MAPS
from tests.core.scripted import mix64, play, scripted_actions

GOLDEN = Path(__file__).parents[2] / "core" / "tests" / "golden.txt"


def arena(num_worlds: int, num_threads: int = 1) -> BatchEnv:
    return BatchEnv(make_arena(), num_worlds=num_worlds, num_threads=num_threads, num_maps=NUM_MAPS)


def run_on(env: BatchEnv, seed: int, steps: range, streams: np.ndarray) -> list[int]:
    hashes = []
    for step in steps:
        env.step(scripted_actions(env, seed, step, streams))
        hashes += [env.hash(world) for world in range(env.num_worlds)]
    return hashes


def test_the_installed_extension_repeats_the_golden_trace_of_the_arena():
    seed, num_worlds, num_steps = 42, 4, 1100
    expected = next(line.split()[1] for line in GOLDEN.read_text().splitlines() if line.startswith("arena "))
    env, streams, state = arena(num_worlds), np.arange(num_worlds), 0
    env.reset(seed)
    for step in range(num_steps):
        env.step(scripted_actions(env, seed, step, streams))
        for world in range(num_worlds):
            state = mix64(state ^ env.hash(world))
    assert f"{state:x}" == expected


@pytest.mark.parametrize("num_threads", [2, 4])
def test_threads_do_not_matter(num_threads):
    assert play(arena(6, num_threads), seed=3, num_steps=60) == play(arena(6), seed=3, num_steps=60)


def test_a_batch_equals_single_worlds_and_streams_can_be_permuted():
    together = play(arena(3), 5, 40, np.array([7, 8, 9]))
    assert [play(arena(1), 5, 40, np.array([stream]))[0] for stream in (7, 8, 9)] == together
    assert play(arena(3), 5, 40, np.array([9, 7, 8])) == [together[2], together[0], together[1]]


def test_reset_begins_anew():
    env = arena(2)
    assert play(env, 1, 30) == play(env, 1, 30)
    assert play(env, 1, 30) != play(env, 2, 30)


def test_a_restored_snapshot_runs_on_in_the_same_way():
    env, streams = arena(2), np.arange(2)
    env.reset(11)
    run_on(env, 11, range(20), streams)
    saved, observations = [env.snapshot(world) for world in range(2)], env.observations.copy()
    first = run_on(env, 11, range(20, 60), streams)
    for world in range(2):
        env.restore(world, saved[world])
    assert [env.snapshot(world) for world in range(2)] == saved
    assert np.array_equal(env.observations, observations)
    assert run_on(env, 11, range(20, 60), streams) == first


def test_a_snapshot_restores_in_another_batch():
    source, target = arena(1), arena(3)
    play(source, 2, 30)
    target.reset(99)
    target.restore(1, source.snapshot(0))
    assert target.hash(1) == source.hash(0)


def test_a_fork_has_the_same_future():
    env, streams = arena(3), np.array([4, 4, 4])
    env.reset(4)
    run_on(env, 4, range(10), np.arange(3))
    env.fork(0, 2)
    run_on(env, 4, range(10, 50), streams)
    assert env.hash(2) == env.hash(0) != env.hash(1)
    rows = env.num_agents
    assert np.array_equal(env.observations[:rows], env.observations[2 * rows :])
    assert np.array_equal(env.action_mask[:rows], env.action_mask[2 * rows :])


def test_halves_equal_whole_steps():
    whole, halves, streams = arena(5), arena(5, num_threads=2), np.arange(5)
    whole.reset(6)
    halves.reset(6)
    for step in range(40):
        actions = scripted_actions(whole, 6, step, streams)
        whole.step(actions)
        first = step % 2
        for half in (first, 1 - first):
            halves.send(half, actions[halves.rows_of(half)])
        assert [halves.recv(), halves.recv()] == [first, 1 - first]
        assert np.array_equal(halves.observations, whole.observations)
        assert np.array_equal(halves.rewards, whole.rewards)
    assert [halves.hash(world) for world in range(5)] == [whole.hash(world) for world in range(5)]


def test_worlds_that_are_being_stepped_are_not_touched():
    env = arena(4)
    env.reset(0)
    env.actions[:] = 0
    saved = env.snapshot(2)
    env.send(1)
    for touch in (env.step, lambda: env.hash(2), lambda: env.restore(2, saved), lambda: env.send(1)):
        with pytest.raises(RuntimeError, match=r"recv\(\) first"):
            touch()
    env.hash(0)
    assert env.recv() == 1


def test_damaged_snapshots_are_refused():
    env = arena(1)
    env.reset(0)
    saved, before = env.snapshot(0), env.hash(0)
    for damaged in (b"", saved[:-1], bytes(len(saved)), b"\xff" * len(saved)):
        with pytest.raises(ValueError, match="snapshot"):
            env.restore(0, damaged)
    assert env.hash(0) == before


def test_actions_out_of_range_do_nothing():
    env, idle = arena(1), arena(1)
    for batch in (env, idle):
        batch.reset(8)
    actions = np.zeros(env.num_rows, dtype=np.int32)
    idle.step(actions)
    actions[:] = (-1, len(env.spec.action_names), 2**31 - 1) * (env.num_rows // 3)
    env.step(actions)
    assert np.array_equal(env.observations, idle.observations)
    assert np.array_equal(env.rewards, idle.rewards)
