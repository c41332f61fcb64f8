"""Slots of agents that are born, die and are used again: what arrays, PettingZoo and a learner's rollout see of it."""

import numpy as np
import pytest
import torch

from metta.rollout import Rollout, Seat
from mettagrid import BatchEnv, check_env
from mettagrid.pettingzoo_env import PettingZooEnv
from tests.mettagrid.small_games import breeding_game
from tests.rollout.test_rollout import CountingPolicy, play

NOOP, BEAR, LEAVE, SING = range(4)


def step(env: BatchEnv, *actions: int) -> tuple[list[bool], list[bool]]:
    """Who is alive and who has just died, slot by slot."""
    env.step(np.array(actions, dtype=np.int32))
    return env.alive.tolist(), env.terminated.tolist()


def test_a_slot_is_empty_until_a_child_is_born_into_it():
    env = BatchEnv(breeding_game())
    env.reset(seed=0)
    assert env.alive.tolist() == [True, False, False, False]
    assert (env.observations[1] == 255).all()
    assert not env.action_mask[1, 1:].any()
    alive, dead = step(env, BEAR, BEAR, NOOP, NOOP)
    assert (alive, dead) == ([True, True, False, False], [False] * 4), "the unborn do nothing"
    assert (env.observations[1] != 255).any()
    assert env.action_mask[1].all()


def test_a_slot_is_used_again_a_step_after_its_agent_died():
    env = BatchEnv(breeding_game(num_slots=2))
    env.reset(seed=0)
    step(env, BEAR, NOOP)
    alive, dead = step(env, BEAR, LEAVE)
    assert (alive, dead) == ([True, False], [False, True])
    alive, dead = step(env, BEAR, NOOP)
    assert (alive, dead) == ([True, True], [False, False])
    env.step(np.array([NOOP, SING], dtype=np.int32))
    assert env.rewards.tolist() == [0.0, 0.5]


def test_the_end_of_an_episode_cuts_those_who_live():
    env = BatchEnv(breeding_game(num_slots=3, max_steps=2))
    env.reset(seed=0)
    step(env, BEAR, NOOP, NOOP)
    step(env, NOOP, NOOP, NOOP)
    assert env.episode_ended.all()
    assert env.truncated.tolist() == [True, True, False]
    assert env.alive.tolist() == [True, False, False]


def test_the_checks_of_environments_find_nothing():
    check_env(breeding_game())


def test_pettingzoo_tells_of_the_newborn():
    env = PettingZooEnv(breeding_game(num_slots=2))
    env.reset(seed=0)
    assert env.agents == ["agent_0"]
    observations, rewards, terminated, truncated, infos = env.step({"agent_0": BEAR})
    assert env.agents == ["agent_0", "agent_1"]
    assert observations.keys() == rewards.keys() == terminated.keys() == truncated.keys() == infos.keys()
    assert observations.keys() == {"agent_0", "agent_1"}
    _, _, terminated, _, _ = env.step({"agent_0": NOOP, "agent_1": LEAVE})
    assert terminated == {"agent_0": False, "agent_1": True}
    assert env.agents == ["agent_0"]


def test_a_newborn_begins_with_an_empty_memory():
    """The policy counts steps since its last reset: a child's first is 1, though its slot was watched before."""

    rollout = Rollout(BatchEnv(breeding_game(num_slots=2)), [Seat(CountingPolicy(action=BEAR))])
    steps = play(rollout, 3)
    assert [s.alive[1].item() for s in steps] == [False, True, True]
    assert [s.resets[1].item() for s in steps] == [True, True, False]
    assert [s.values[1].item() for s in steps] == [1, 1, 2]


@pytest.mark.parametrize("num_worlds", [1, 3])
def test_rows_of_the_unborn_carry_no_loss(num_worlds: int):
    rollout = Rollout(BatchEnv(breeding_game(), num_worlds=num_worlds), [Seat(CountingPolicy(action=SING))])
    steps = play(rollout, 2)
    alive = torch.tensor([True, False, False, False]).repeat(num_worlds)
    assert torch.equal(steps[1].alive, alive)
    assert torch.equal(steps[1].rewards, alive * 0.5)
