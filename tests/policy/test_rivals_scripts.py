"""The scripts of cooperation and its siblings do what they are for, many times better than chance."""

import numpy as np
import pytest
import torch

from metta.policy.uri import load_policy
from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.competition import make_competition
from mettagrid.games.cooperation import STATIONS, make_cooperation
from mettagrid.games.in_context_chain import make_in_context_chain
from mettagrid.games.prey_predator import make_prey_predator


def means(uri: str, game: GameConfig) -> dict[str, float]:
    """Statistics of one episode in each of two worlds, means per agent."""
    env = BatchEnv(game, num_worlds=2)
    policy = load_policy(uri, env.spec)
    env.reset(1)
    torch.manual_seed(0)
    state, resets = policy.initial_state(env.num_rows), torch.ones(env.num_rows, dtype=torch.bool)
    while not env.episode_ended.all():
        output = policy(torch.from_numpy(env.observations), torch.from_numpy(env.action_mask), state, resets)
        state, resets = output.state, torch.zeros_like(resets)
        actions = torch.distributions.Categorical(logits=output.logits).sample()
        env.step(actions.numpy().astype(np.int32))
    return dict(zip(env.spec.stat_names, env.episode_stats.mean(0).tolist(), strict=True))


@pytest.mark.parametrize("task", STATIONS)
def test_cooperation(task):
    game = make_cooperation(task=task, max_steps=200)
    scripted, random = means("mock://scripted", game), means("mock://random", game)
    assert scripted["heart.gained"] > 1
    assert scripted["heart.gained"] > 10 * random["heart.gained"]
    assert scripted[f"done.{task}"] > 0


def test_prey_predator():
    game = make_prey_predator(max_steps=250)
    scripted, random = means("mock://scripted", game), means("mock://random", game)
    assert scripted["heart.gained"] > 1.5
    assert scripted["heart.gained"] > 5 * random["heart.gained"]
    assert min(scripted["heart.prey"], scripted["heart.predator"], scripted["posture.prey_hiding"]) > 0


@pytest.mark.parametrize("combat", [False, True])
def test_competition(combat):
    game = make_competition(combat=combat, max_steps=250)
    scripted, random = means("mock://scripted", game), means("mock://random", game)
    assert scripted["heart.gained"] > 2
    assert scripted["heart.gained"] > 7 * random["heart.gained"]
    assert min(scripted["heart.team_1"], scripted["heart.team_2"], scripted["store.robbed"]) > 0
    assert (scripted["attack.hit"] > 0) == combat


@pytest.mark.parametrize("num_agents", [1, 2])
def test_in_context_chain(num_agents):
    game = make_in_context_chain(num_agents, max_steps=200)
    scripted, random = means("mock://scripted", game), means("mock://random", game)
    assert scripted["heart.gained"] > 4 > 10 * random["heart.gained"]
    assert scripted["item.wasted"] <= 2, "each distractor is tried once"


def test_the_chain_policy_does_the_same_for_a_sequence():
    env = BatchEnv(make_in_context_chain(), num_worlds=2)
    policy = load_policy("mock://scripted", env.spec)
    env.reset(0)
    initial = state = policy.initial_state(env.num_rows)
    steps, resets = [], torch.zeros(30, env.num_rows, dtype=torch.bool)
    resets[0] = resets[17] = True
    for reset in resets:
        seen = torch.from_numpy(env.observations).clone(), torch.from_numpy(env.action_mask).clone()
        output = policy(*seen, state, reset)
        state = output.state
        steps.append((*seen, output.logits))
        env.step(output.logits.argmax(-1).numpy().astype(np.int32))
    observations, masks, logits = (torch.stack(column) for column in zip(*steps, strict=True))
    whole = policy(observations, masks, initial, resets)
    assert torch.equal(whole.logits, logits)
    assert torch.equal(whole.state, state)
