"""BatchEnv: shared arrays, seeds, snapshots, halves, bad actions, ends of episodes."""

import numpy as np
import pytest
import torch

from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from tests.mettagrid.small_games import let_agents_leave, walking_game

SEEDS = (0, 1, 2**31, 2**63 - 1, -1, -(2**62))
ARRAYS = ("observations", "action_mask", "rewards", "terminated", "truncated", "alive", "episode_ended")


def random_actions(env: BatchEnv, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(len(env.spec.action_names), size=env.num_rows, dtype=np.int32)


def run(env: BatchEnv, num_steps: int, seed: int = 0) -> None:
    for step in range(num_steps):
        env.step(random_actions(env, seed * 1000 + step))


def state(env: BatchEnv) -> list[int]:
    return [env.hash(world) for world in range(env.num_worlds)]


def assert_equal_rows(one: BatchEnv, rows: slice, other: BatchEnv, other_rows: slice) -> None:
    for name in ("observations", "action_mask", "rewards", "terminated", "truncated", "alive"):
        np.testing.assert_array_equal(
            getattr(one, name)[rows], getattr(other, name)[other_rows], err_msg=name
        )


def test_arrays_have_their_shapes_and_dtypes():
    env = BatchEnv(walking_game(), num_worlds=3)
    shapes = {
        "observations": ((12, 40, 3), np.uint8),
        "final_observations": ((12, 40, 3), np.uint8),
        "action_mask": ((12, 7), np.bool_),
        "rewards": ((12,), np.float32),
        "terminated": ((12,), np.bool_),
        "truncated": ((12,), np.bool_),
        "alive": ((12,), np.bool_),
        "actions": ((12,), np.int32),
        "episode_ended": ((3,), np.bool_),
        "episode_length": ((3,), np.int32),
        "episode_return": ((12,), np.float32),
        "episode_stats": ((12, len(env.spec.stat_names)), np.int32),
        "tokens_dropped": ((3,), np.int64),
    }
    for name, (shape, dtype) in shapes.items():
        array = getattr(env, name)
        assert (array.shape, array.dtype) == (shape, dtype), name


def test_torch_shares_the_memory_and_sees_every_step():
    env = BatchEnv(walking_game(), num_worlds=2)
    tensors = {name: torch.from_numpy(getattr(env, name)) for name in ARRAYS}
    addresses = {name: getattr(env, name).ctypes.data for name in ARRAYS}
    env.reset(0)
    before = tensors["observations"].clone()
    run(env, 30)
    assert not torch.equal(before, tensors["observations"])
    for name, tensor in tensors.items():
        assert tensor.data_ptr() == addresses[name] == getattr(env, name).ctypes.data
        np.testing.assert_array_equal(tensor.numpy(), getattr(env, name))


def test_arrays_outlive_the_batch():
    env = BatchEnv(walking_game())
    observations = env.reset(0)
    copy = observations.copy()
    del env
    np.testing.assert_array_equal(observations, copy)


def test_step_without_argument_plays_the_batchs_own_actions():
    one, two = BatchEnv(walking_game()), BatchEnv(walking_game())
    one.reset(0)
    two.reset(0)
    actions = random_actions(one)
    one.step(actions)
    two.actions[:] = actions
    two.step()
    assert state(one) == state(two)


@pytest.mark.parametrize("seed", SEEDS)
def test_equal_seeds_give_equal_worlds(seed: int):
    one, two = BatchEnv(walking_game(), num_worlds=2), BatchEnv(walking_game(), num_worlds=2, num_threads=2)
    one.reset(seed)
    two.reset(3)
    run(two, 7)
    two.reset(seed)
    assert state(one) == state(two)
    run(one, 45)
    run(two, 45)
    assert state(one) == state(two)
    assert_equal_rows(one, slice(None), two, slice(None))


def test_other_seeds_and_other_worlds_differ():
    hashes = set()
    for seed in SEEDS:
        env = BatchEnv(walking_game(), num_worlds=3)
        env.reset(seed)
        hashes.update(state(env))
    assert len(hashes) == 3 * len(SEEDS)


def test_streams_name_worlds():
    env = BatchEnv(walking_game(), num_worlds=3)
    env.reset(5, streams=np.array([7, 7, 8]))
    first, second, third = state(env)
    assert first == second != third
    single = BatchEnv(walking_game())
    single.reset(5, streams=np.array([8]))
    assert state(single) == [third]


def test_streams_of_the_wrong_length_are_refused():
    with pytest.raises(ValueError, match="streams must have one number for each world"):
        BatchEnv(walking_game(), num_worlds=2).reset(0, streams=np.array([1]))


def test_a_batch_equals_its_single_worlds():
    batch = BatchEnv(walking_game(), num_worlds=3)
    batch.reset(9)
    run(batch, 25)
    for world in range(3):
        single = BatchEnv(walking_game())
        single.reset(9, streams=np.array([world]))
        rows = slice(world * 4, world * 4 + 4)
        for step in range(25):
            single.step(random_actions(batch, step)[rows])
        assert single.hash(0) == batch.hash(world)
        assert_equal_rows(single, slice(None), batch, rows)


def test_snapshot_and_restore_repeat_history():
    env = BatchEnv(walking_game(), num_worlds=2)
    env.reset(1)
    run(env, 5)
    data = env.snapshot(0)
    seen, mask = env.observations[:4].copy(), env.action_mask[:4].copy()
    run(env, 30, seed=1)
    later = env.hash(0)
    env.restore(0, data)
    np.testing.assert_array_equal(env.action_mask[:4], mask)
    np.testing.assert_array_equal(env.observations[:4], seen)
    run(env, 30, seed=1)
    assert env.hash(0) == later


def test_a_snapshot_goes_to_another_batch_that_was_never_reset():
    one, two = BatchEnv(walking_game()), BatchEnv(walking_game(), num_worlds=2)
    one.reset(1)
    run(one, 5)
    for world in (0, 1):
        two.restore(world, one.snapshot(0))
    two.step(np.zeros(8, dtype=np.int32))
    one.step(np.zeros(4, dtype=np.int32))
    assert state(two) == state(one) * 2


def test_a_snapshot_of_another_game_is_refused():
    env = BatchEnv(walking_game())
    env.reset(0)
    with pytest.raises(ValueError, match=r"snapshot has 3 bytes, a world of this game has \d+"):
        env.restore(0, b"abc")


def test_forks_go_on_equally_and_differ_with_other_actions():
    env = BatchEnv(walking_game(), num_worlds=2)
    env.reset(2)
    run(env, 6)
    env.fork(0, 1)
    assert env.hash(0) == env.hash(1)
    for step in range(30):
        env.step(np.tile(random_actions(env, step)[:4], 2))
    assert env.hash(0) == env.hash(1)
    env.step(np.array([0, 0, 0, 0, 1, 2, 3, 4], dtype=np.int32))
    assert env.hash(0) != env.hash(1)


@pytest.mark.parametrize("world", [-1, 2])
def test_worlds_that_do_not_exist_are_refused(world: int):
    env = BatchEnv(walking_game(), num_worlds=2)
    env.reset(0)
    for call in (env.snapshot, env.hash, env.world):
        with pytest.raises(IndexError, match=f"world {world} is not one of the 2 worlds"):
            call(world)


@pytest.mark.parametrize("num_worlds", [2, 3])
def test_halves_step_as_the_whole_does(num_worlds: int):
    whole, halved = BatchEnv(walking_game(), num_worlds), BatchEnv(walking_game(), num_worlds)
    whole.reset(4)
    halved.reset(4)
    assert halved.rows_of(0).stop == halved.rows_of(1).start == num_worlds // 2 * 4
    for step in range(25):
        actions = random_actions(whole, step)
        whole.step(actions)
        for half in (0, 1):
            halved.send(half, actions[halved.rows_of(half)])
        assert [halved.recv(), halved.recv()] == [0, 1]
        assert_equal_rows(whole, slice(None), halved, slice(None))
    assert state(whole) == state(halved)


def test_a_half_that_was_not_sent_stays_as_it_is():
    env = BatchEnv(walking_game(), num_worlds=2)
    env.reset(4)
    first, second = state(env)
    env.actions[:] = 1
    env.send(1)
    assert env.recv() == 1
    assert env.hash(0) == first
    assert env.hash(1) != second


def test_misused_halves_are_refused():
    env = BatchEnv(walking_game(), num_worlds=2)
    env.reset(0)
    with pytest.raises(RuntimeError, match="nothing was sent"):
        env.recv()
    env.send(0)
    with pytest.raises(RuntimeError, match=r"call recv\(\) first"):
        env.send(0)
    with pytest.raises(RuntimeError, match=r"call recv\(\) first"):
        env.step()
    assert env.recv() == 0
    lonely = BatchEnv(walking_game())
    lonely.reset(0)
    with pytest.raises(ValueError, match="at least two worlds"):
        lonely.send(1)


@pytest.mark.parametrize("shape", [(3,), (5,), (2, 2), ()])
def test_actions_of_the_wrong_shape_are_refused(shape: tuple[int, ...]):
    env = BatchEnv(walking_game())
    env.reset(0)
    with pytest.raises(ValueError, match=r"actions has shape .*, needs \(4,\)"):
        env.step(np.zeros(shape, dtype=np.int32))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.bool_])
def test_actions_of_the_wrong_dtype_are_refused(dtype: type):
    env = BatchEnv(walking_game())
    env.reset(0)
    with pytest.raises(ValueError, match=r"actions has dtype .*, needs int32"):
        env.step(np.zeros(4, dtype=dtype))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
def test_other_whole_numbers_are_taken(dtype: type):
    one, two = BatchEnv(walking_game()), BatchEnv(walking_game())
    one.reset(0)
    two.reset(0)
    actions = random_actions(one)
    one.step(actions)
    two.step(actions.astype(dtype))
    assert state(one) == state(two)


@pytest.mark.parametrize("action", [-1, 7, 2**31 - 1, -(2**31), 2**32 + 1, -(2**40)])
def test_actions_that_do_not_exist_do_nothing(action: int):
    one, two = BatchEnv(walking_game()), BatchEnv(walking_game())
    one.reset(0)
    two.reset(0)
    one.step(np.full(4, action, dtype=np.int64))
    two.step(np.zeros(4, dtype=np.int32))
    np.testing.assert_array_equal(one.observations, two.observations)
    np.testing.assert_array_equal(one.world(0).variables, two.world(0).variables)
    np.testing.assert_array_equal(one.world(0).cells, two.world(0).cells)


def test_step_before_reset_is_refused():
    with pytest.raises(ValueError, match="step before reset"):
        BatchEnv(walking_game()).step()


@pytest.mark.parametrize(("name", "counts"), [("num_worlds", (0, 1)), ("num_threads", (1, 0))])
def test_counts_below_one_are_refused(name: str, counts: tuple[int, int]):
    with pytest.raises(ValueError, match=f"{name} must be at least 1"):
        BatchEnv(walking_game(), *counts)


def test_episodes_end_in_time_and_keep_their_last_observation():
    env = BatchEnv(walking_game(max_steps=6), num_worlds=2)
    env.reset(3)
    run(env, 5)
    assert not env.truncated.any()
    env.step(np.zeros(8, dtype=np.int32))
    assert env.truncated.all()
    assert not env.terminated.any()
    assert env.episode_ended.all()
    assert (env.episode_length == 6).all()
    progress = env.spec.feature_names.index("progress")
    last = env.final_observations[env.final_observations[..., 1] == progress][:, 2]
    first = env.observations[env.observations[..., 1] == progress][:, 2]
    assert (last == 255).all()
    assert (first == 1).all()
    env.step(np.zeros(8, dtype=np.int32))
    assert not env.truncated.any()
    assert not env.episode_ended.any()


def test_returns_and_statistics_are_those_of_the_episode():
    env = BatchEnv(walking_game(max_steps=12))
    env.reset(3)
    rewards = np.zeros(4)
    for step in range(12):
        env.step(random_actions(env, step))
        rewards += env.rewards
    assert env.episode_ended.all()
    meals = env.episode_stats[:, env.spec.stat_names.index("meals")]
    assert meals.sum() > 0
    np.testing.assert_allclose(env.episode_return, rewards, rtol=1e-6)
    np.testing.assert_allclose(env.episode_return, meals * 0.5, rtol=1e-6)


def test_desync_scatters_the_ends_of_the_first_episodes():
    env = BatchEnv(walking_game(max_steps=20), num_worlds=40)
    env.reset(0, desync=True)
    lengths = np.zeros(40, dtype=np.int64)
    for _ in range(20):
        env.step(np.zeros(160, dtype=np.int32))
        lengths[env.episode_ended & (lengths == 0)] = env.episode_length[env.episode_ended & (lengths == 0)]
    assert lengths.min() >= 1
    assert lengths.max() <= 20
    assert len(np.unique(lengths)) > 10


def test_dropped_tokens_are_counted_and_the_near_ones_are_kept():
    roomy, tight = BatchEnv(walking_game()), BatchEnv(walking_game(num_tokens=4))
    roomy.reset(0)
    tight.reset(0)
    used = (roomy.observations[..., 0] != 255).sum(axis=1)
    assert roomy.tokens_dropped.tolist() == [0]
    assert tight.tokens_dropped.tolist() == [int((used - 4).sum())]
    assert (tight.observations[..., 0] != 255).all()


def test_an_agent_that_dies_is_gone_until_the_episode_ends(monkeypatch: pytest.MonkeyPatch):
    let_agents_leave(monkeypatch)
    env = BatchEnv(walking_game(max_steps=5))
    env.reset(0)
    env.step(np.array([0, 6, 0, 0], dtype=np.int32))
    assert env.terminated.tolist() == [False, True, False, False]
    assert env.alive.tolist() == [True, False, True, True]
    assert (env.observations[1] == 255).all()
    assert env.action_mask[1].tolist() == [True] + [False] * 6
    for _ in range(4):
        env.step(np.full(4, 1, dtype=np.int32))
        assert not env.terminated.any()
    assert env.truncated.tolist() == [True, False, True, True]
    assert env.alive.all()


def test_an_episode_is_over_when_everybody_is_gone(monkeypatch: pytest.MonkeyPatch):
    let_agents_leave(monkeypatch)
    env = BatchEnv(walking_game())
    env.reset(0)
    env.step(np.full(4, 6, dtype=np.int32))
    assert env.terminated.all()
    assert not env.truncated.any()
    assert env.episode_ended.tolist() == [True]
    assert env.episode_length.tolist() == [1]
    assert env.alive.all()


def test_timed_steps_are_steps():
    one, two = BatchEnv(walking_game()), BatchEnv(walking_game())
    one.reset(0)
    two.reset(0)
    actions = random_actions(one)
    one.step(actions)
    times = two.timed_step(actions)
    assert list(times) == ["actions", "rules", "observations", "resets"]
    assert state(one) == state(two)


def test_an_arena_takes_at_most_64_kib_and_4096_of_them_at_most_1_gib():
    env = BatchEnv(make_arena(num_agents=24), num_maps=1)
    assert env.world_bytes <= 64 * 1024
    buffers = sum(value.nbytes for value in vars(env).values() if isinstance(value, np.ndarray))
    assert 4096 * (env.world_bytes + buffers) <= 2**30
