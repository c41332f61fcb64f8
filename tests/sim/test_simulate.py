import numpy as np
import pytest

from metta.policy.uri import load_policy
from metta.sim.results import REWARD, PolicyName
from metta.sim.scorecard import HEARTS
from metta.sim.simulate import NamedPolicy, SimulationSettings, check_assignment, simulate
from metta.sim.simulation_config import SimulationConfig
from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game

GAME = make_arena(num_agents=4).model_copy(update={"max_steps": 60})
SPEC = compile_game(GAME).spec


def config(num_episodes: int) -> SimulationConfig:
    return SimulationConfig(suite="arena", name="small", env=GAME, num_episodes=num_episodes)


def named(uri: str) -> NamedPolicy:
    return NamedPolicy(load_policy(uri, SPEC), PolicyName(uri, 0, uri))


def test_names_may_carry_their_suite():
    assert SimulationConfig(suite="arena", name="basic", env=GAME).full_name == "arena/basic"
    assert SimulationConfig(suite="arena", name="arena/basic", env=GAME).full_name == "arena/basic"


@pytest.mark.parametrize(("num_episodes", "max_worlds"), [(1, 8), (5, 8), (5, 2)])
def test_every_simulation_plays_as_many_episodes_as_it_says(num_episodes: int, max_worlds: int):
    result = simulate(
        config(num_episodes), [named("mock://random")], settings=SimulationSettings(max_worlds=max_worlds)
    )
    assert result.metrics.shape == (num_episodes, 4, 1 + len(SPEC.stat_names))
    assert result.metric_names[0] == REWARD
    assert HEARTS in result.metric_names
    assert result.lengths.tolist() == [60] * num_episodes
    assert result.name == "arena/small"


def test_equal_seeds_play_equally_whatever_the_threads():
    first = simulate(config(3), [named("mock://random")], settings=SimulationSettings(seed=5))
    second = simulate(config(3), [named("mock://random")], settings=SimulationSettings(seed=5, num_threads=2))
    other = simulate(config(3), [named("mock://random")], settings=SimulationSettings(seed=6))
    assert np.array_equal(first.metrics, second.metrics)
    assert not np.array_equal(first.metrics, other.metrics)
    assert first.id != second.id


def test_agents_are_split_between_policies():
    result = simulate(config(2), [named("mock://random"), named("mock://noop")], assignment=[0, 1, 1, 0])
    noop = 1 + SPEC.stat_names.index("action.noop.success")
    assert (result.metrics[:, [1, 2], noop] > 50).all()
    assert (result.metrics[:, [0, 3], noop] < 50).all()


def test_a_policy_without_agents_is_left_out():
    result = simulate(config(1), [named("mock://noop"), named("mock://random")], assignment=[0, 0, 0, 0])
    assert result.agents_of(1).tolist() == [False] * 4


@pytest.mark.parametrize(
    ("assignment", "message"),
    [([0, 0], "has 2 entries, the game has 4 agents"), ([0, 0, 0, 2], "names policy 2")],
)
def test_assignments_that_do_not_fit_are_refused(assignment: list[int], message: str):
    with pytest.raises(ValueError, match=message):
        check_assignment(assignment, 4, 2)


def test_there_must_be_a_policy():
    with pytest.raises(ValueError, match="at least one policy"):
        check_assignment(None, 4, 0)
