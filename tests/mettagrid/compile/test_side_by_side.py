"""Several games in one batch: each episode is what it would be in a batch of its game alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mettagrid.batch import BatchEnv
from mettagrid.config.distribution import Uniform
from mettagrid.config.game import GameConfig
from mettagrid.games.navigation import Terrain, make_navigation
from mettagrid.games.random_rules import make_random_rules
from mettagrid.map_renewal import pool_seed
from tests.mettagrid.small_games import walking_game

ROWS = ("observations", "action_mask", "rewards", "terminated", "truncated", "alive")
ENDS = ("final_observations", "episode_return", "episode_stats")


def action(tick: int, agent: int, num_actions: int) -> int:
    """What an agent does depends on the tick alone, so that an episode is the same wherever it is played."""
    return (7 * tick + 3 * agent + tick * agent) % num_actions


def field(size: int, max_steps: int, **changes: object) -> GameConfig:
    game = make_navigation(map=Terrain(height=size, width=size, altars=2).map(), max_steps=max_steps)
    return game.override_all(changes) if changes else game


GAMES = [
    field(9, 6),
    field(15, 9),
    field(11, 7, **{"variables.heart.cap": 3}),
    field(9, 8, vary={"objects.altar.has.stock": Uniform(0, 1)}),
]


def play(env: BatchEnv, ticks: np.ndarray) -> None:
    actions = [
        action(int(ticks[world]), agent, len(env.spec.action_names))
        for world in range(env.num_worlds)
        for agent in range(env.num_agents)
    ]
    env.step(np.array(actions, np.int32))


def alone(number: int, stream: int, episode: int) -> list[dict[str, np.ndarray]]:
    """The slow obvious version: what every step of an episode shows in a batch of its game alone."""
    env = BatchEnv(GAMES[number], num_maps=3, map_seed=pool_seed(5, number))
    env.reset(1, np.array([stream], np.int64))
    seen, tick, ended = [], np.zeros(1, int), 0
    while ended <= episode:
        play(env, tick)
        tick += 1
        if ended == episode:
            seen.append({name: getattr(env, name).copy() for name in (*ROWS, *ENDS)})
        if env.episode_ended[0]:
            ended, tick = ended + 1, np.zeros(1, int)
    return seen


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from(range(4)), min_size=8, max_size=8))
def test_every_episode_is_that_of_its_game_alone(order: list[int]):
    env = BatchEnv(GAMES, num_worlds=2, num_maps=3, map_seed=5)
    plan = np.array(order).reshape(2, 4)  # games by world and episode
    env.next_games[:] = plan[:, 0]
    env.reset(1)
    ticks, episodes, steps = np.zeros(2, int), np.zeros(2, int), [[], []]
    while episodes.min() < 3:
        env.next_games[:] = plan[np.arange(2), np.minimum(episodes + 1, 3)]
        assert env.games.tolist() == plan[np.arange(2), np.minimum(episodes, 3)].tolist()
        play(env, ticks)
        ticks += 1
        for world in range(2):
            steps[world].append(
                {name: getattr(env, name)[world : world + 1].copy() for name in (*ROWS, *ENDS)}
            )
            if not env.episode_ended[world]:
                continue
            if episodes[world] < 3:
                number = int(plan[world, episodes[world]])
                assert env.episode_games[world] == number
                expected = alone(number, world, int(episodes[world]))
                assert env.episode_length[world] == len(expected) == len(steps[world])
                for one, other in zip(steps[world][:-1], expected[:-1], strict=True):
                    for name in ROWS:
                        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
                for name in (*ENDS, "rewards", "terminated", "truncated"):
                    np.testing.assert_array_equal(steps[world][-1][name], expected[-1][name], err_msg=name)
            ticks[world], steps[world] = 0, []
            episodes[world] += 1


def test_one_game_is_what_it_was():
    one, several = BatchEnv(GAMES[0], 2, map_seed=5), BatchEnv(GAMES, 2, map_seed=5)
    for env in (one, several):
        env.reset(3, desync=True)
    for tick in range(20):
        for env in (one, several):
            play(env, np.full(2, tick))
        for name in ROWS:
            np.testing.assert_array_equal(getattr(one, name), getattr(several, name), err_msg=name)


def test_snapshots_and_forks_keep_the_game():
    env = BatchEnv(GAMES, num_worlds=3, map_seed=5)
    env.next_games[:] = [1, 2, 0]
    env.reset(0)
    saved = env.snapshot(0)
    env.fork(1, 2)
    assert env.games.tolist() == [1, 2, 2]
    env.restore(2, saved)
    assert env.games.tolist() == [1, 2, 1]
    assert env.hash(2) == env.hash(0) != env.hash(1)
    assert env.world(0).height == 17 and env.world(1).height == 13


def test_a_snapshot_of_a_game_that_is_not_there_is_refused():
    several, few = BatchEnv(GAMES, map_seed=5), BatchEnv(GAMES[:2], map_seed=5)
    several.next_games[:] = 1
    several.reset(0)
    few.restore(0, several.snapshot(0))
    assert few.games.tolist() == [1]
    several.next_games[:] = 2
    several.reset(0)
    with pytest.raises(ValueError, match="game 2 is not one of the 2 games"):
        few.restore(0, several.snapshot(0))


@pytest.mark.parametrize("number", [-1, 4, 2**31 - 1])
def test_a_number_that_names_no_game_changes_nothing(number: int):
    env = BatchEnv(GAMES, map_seed=5)
    env.next_games[:] = 2
    env.reset(0)
    env.next_games[:] = number
    for tick in range(30):
        play(env, np.full(1, tick))
    assert env.games.tolist() == [2]


def test_threads_change_nothing():
    batches = [BatchEnv(GAMES, num_worlds=6, num_threads=threads, map_seed=5) for threads in (1, 3)]
    for env in batches:
        env.next_games[:] = np.arange(6) % 4
        env.reset(0, desync=True)
    for tick in range(40):
        for env in batches:
            env.next_games[:] = (np.arange(6) + tick) % 4
            play(env, np.full(6, tick))
    assert [batches[0].hash(w) for w in range(6)] == [batches[1].hash(w) for w in range(6)]


def test_scales_and_steps_fit_all_games():
    spec = BatchEnv([GAMES[2], GAMES[0]], map_seed=5).spec
    assert spec.feature_scales == BatchEnv(GAMES[0]).spec.feature_scales
    assert spec.max_steps == 7


def test_random_rules_stand_side_by_side():
    env = BatchEnv([make_random_rules(seed, 3) for seed in range(4)], num_worlds=4)
    env.next_games[:] = range(4)
    env.reset(0)
    env.step(np.zeros(env.num_rows, np.int32))
    assert env.games.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (make_navigation(), "games 0 and 1 cannot be played side by side: only one has the feature"),
        (walking_game(num_agents=1), "num_agents is 4 and 1"),
        (walking_game(num_tokens=30), "num_tokens is 40 and 30"),
    ],
)
def test_games_that_policies_tell_apart_are_refused(other: GameConfig, message: str):
    with pytest.raises(ValueError, match=message):
        BatchEnv([walking_game(), other])


def test_renewed_maps_are_for_one_game():
    with pytest.raises(ValueError, match="renew_maps is for batches of one game, this one has 4"):
        BatchEnv(GAMES, renew_maps=10)
