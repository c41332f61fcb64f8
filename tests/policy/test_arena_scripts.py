"""The script of arena_basic_easy_shaped makes hearts, by every step of the chain, and leaves fighting alone."""

import numpy as np
import torch

from metta.policy.uri import load_policy
from mettagrid.batch import BatchEnv
from mettagrid.games.arena_basic_easy_shaped import make_arena_basic_easy_shaped


def totals(uri: str) -> dict[str, float]:
    """Statistics of one episode of six agents, means per agent."""
    env = BatchEnv(make_arena_basic_easy_shaped(num_agents=6, max_steps=300), num_maps=1)
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


def test_it_makes_many_times_the_hearts_of_the_random_policy():
    scripted, random = totals("mock://scripted"), totals("mock://random")
    assert scripted["heart.gained"] > 3 > 10 * random["heart.gained"]
    assert scripted["ore_red.gained"] >= scripted["battery_red.gained"] >= scripted["heart.gained"]
    assert scripted["laser.gained"] == scripted["action.attack.success"] == 0
