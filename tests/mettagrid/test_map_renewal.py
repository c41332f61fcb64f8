import numpy as np
import pytest

from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.compile import build_maps
from mettagrid.map_renewal import MapRenewal, pool_seed

GAME = make_arena(num_agents=4, max_steps=10)
NUM_MAPS, SEED, PERIOD = 3, 7, 25


def batch(**changes):
    return BatchEnv(
        GAME, **{"num_worlds": 4, "num_maps": NUM_MAPS, "map_seed": SEED, "renew_maps": PERIOD, **changes}
    )


def walls(env, world):
    """Where the walls of a world stand."""
    view = env.world(world)
    wall = env.spec.kind_names.index("wall")
    return frozenset(view.cells[view.kinds == wall].tolist())


def walls_of_pool(pool):
    wall = GAME.map_values()["wall"]
    maps = build_maps(GAME, NUM_MAPS, pool_seed(SEED, pool))
    return {frozenset(np.flatnonzero(cells == wall).tolist()) for cells in maps}


def play(env, steps):
    rng = np.random.default_rng(0)
    for _ in range(steps):
        env.actions[:] = rng.integers(0, len(env.spec.action_names), env.num_rows)
        env.step()


def test_episodes_that_begin_after_a_period_have_new_maps():
    env = batch()
    env.reset(1)
    for steps, pool in ((20, 0), (20, 1), (30, 2)):  # episodes begin every 10 steps, pools at 25 and 50
        play(env, steps)
        assert {walls(env, world) for world in range(env.num_worlds)} <= walls_of_pool(pool)


def test_renewal_is_a_function_of_the_seed_whatever_the_threads():
    hashes = []
    for changes in ({}, {"num_threads": 2}):
        env = batch(**changes)
        env.reset(1)
        play(env, 70)
        hashes.append([env.hash(world) for world in range(env.num_worlds)])
    assert hashes[0] == hashes[1]


def test_restored_worlds_go_on_as_if_they_had_never_stopped():
    whole, stopped, resumed = batch(), batch(), batch()
    for env in (whole, stopped, resumed):
        env.reset(1)
    play(whole, 70)
    play(stopped, 40)
    for world in range(stopped.num_worlds):
        resumed.restore(world, stopped.snapshot(world))
    resumed.continue_maps(40)
    rng = np.random.default_rng(0)
    choices = [rng.integers(0, len(whole.spec.action_names), whole.num_rows) for _ in range(70)]
    for chosen in choices[40:]:
        resumed.actions[:] = chosen
        resumed.step()
    assert [resumed.hash(world) for world in range(4)] == [whole.hash(world) for world in range(4)]


def test_halves_get_new_maps_too_and_the_same_ones_each_time():
    hashes = []
    for _ in range(2):
        env = batch()
        env.reset(1)
        env.actions[:] = 0
        for half in (0, 1):
            env.send(half)
        for _ in range(2 * 65):
            env.send(env.recv())
        env.recv(), env.recv()
        assert {walls(env, world) for world in range(env.num_worlds)} <= walls_of_pool(2)
        hashes.append([env.hash(world) for world in range(env.num_worlds)])
    assert hashes[0] == hashes[1]


def test_who_sets_the_number_of_steps_gets_the_pool_of_that_step():
    renewal = MapRenewal(GAME, NUM_MAPS, SEED, PERIOD)
    renewal.num_steps = 4 * PERIOD + 3
    maps = renewal.after_step()
    assert np.array_equal(maps, build_maps(GAME, NUM_MAPS, pool_seed(SEED, 4)))
    assert renewal.after_step() is None
    renewal.close()


def test_a_builder_that_has_ended_is_an_error_and_no_hang():
    renewal = MapRenewal(GAME, NUM_MAPS, SEED, 1)
    renewal.close()
    with pytest.raises(RuntimeError, match="the process that builds maps ended with -9"):
        for _ in range(4):
            renewal.after_step()


def test_pools_differ_and_the_first_one_is_that_of_a_batch_without_renewal():
    assert pool_seed(SEED, 0) == SEED
    assert len({pool_seed(seed, pool) for seed in range(20) for pool in range(20)}) == 400


def test_a_period_below_one_is_refused():
    with pytest.raises(ValueError, match="renew_maps must be at least 1, got 0"):
        batch(renew_maps=0)


def test_another_number_of_maps_is_refused():
    env = batch(renew_maps=None)
    with pytest.raises(ValueError, match="maps: 2 maps, there must be 3"):
        env._core.set_maps(np.ascontiguousarray(build_maps(GAME, 2, 0), np.int32))
