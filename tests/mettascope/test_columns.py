import numpy as np

from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.games.families import make_families
from mettagrid.kinship import Teams
from mettascope import columns
from mettascope.columns import columns_of, read_columns
from tests.mettagrid.rules.drawn_games import game


def column(env, name):
    index = [c.name for c in columns_of(env)].index(name)
    shape = columns_of(env)[index]
    return read_columns(env.world(0))[index].reshape(shape.rows, shape.size)


def started(config):
    env = BatchEnv(config, num_maps=1)
    env.reset(seed=3)
    return env


def test_there_are_as_many_numbers_as_the_columns_say():
    for config in (make_arena(num_agents=6), make_families()):
        env = started(config)
        assert [c.length for c in columns_of(env)] == [len(values) for values in read_columns(env.world(0))]


def test_kinship_says_who_is_near_to_whom():
    env = started(game("@" * 6, [], kinship=Teams(sizes=[2, 4], score=1.0, between=0.25, shuffle=False)))
    team = np.array([0, 0, 1, 1, 1, 1])
    expected = np.where(team[:, None] == team, 240, 60)
    assert np.array_equal(column(env, "kinship"), expected)
    assert env.world(0).kinship.dtype == np.uint8


def test_games_without_kinship_have_an_empty_column():
    assert column(started(make_arena(num_agents=6)), "kinship").size == 0


def test_of_very_many_agents_it_is_left_out(monkeypatch):
    monkeypatch.setattr(columns, "MOST_KIN", 23)
    env = started(make_families())
    assert env.world(0).kinship.shape == (24, 24)
    assert column(env, "kinship").size == 0
