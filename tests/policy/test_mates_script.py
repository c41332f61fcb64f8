"""The script of mates bonds, makes hearts and keeps its people alive over generations."""

import numpy as np
import pytest
import torch

from metta.policy.uri import load_policy
from mettagrid.batch import BatchEnv
from mettagrid.games.mates import make_mates


def run(uri: str, births: bool, steps: int) -> tuple[dict[str, float], list[int]]:
    """Statistics of an episode, means per slot, and how many lived at each step."""
    env = BatchEnv(make_mates(births=births, max_steps=steps), num_maps=1)
    policy = load_policy(uri, env.spec)
    env.reset(1)
    torch.manual_seed(0)
    state, resets = policy.initial_state(env.num_rows), torch.ones(env.num_rows, dtype=torch.bool)
    population = []
    while not env.episode_ended.all():
        output = policy(torch.from_numpy(env.observations), torch.from_numpy(env.action_mask), state, resets)
        actions = torch.distributions.Categorical(logits=output.logits).sample()
        before = env.alive.copy()
        population.append(int(before.sum()))
        env.step(actions.numpy().astype(np.int32))
        state, resets = output.state, torch.from_numpy(env.alive & ~before)
    return dict(zip(env.spec.stat_names, env.episode_stats.mean(0).tolist(), strict=True)), population


@pytest.mark.parametrize("births", [False, True])
def test_it_makes_many_times_the_hearts_of_the_random_policy(births):
    scripted, random = run("mock://scripted", births, 300)[0], run("mock://random", births, 300)[0]
    assert scripted["heart.gained"] > 4
    assert scripted["heart.gained"] > 10 * random["heart.gained"]
    assert scripted["bond"] > 0.5
    assert random["bond"] > 0, "even by accident"


def test_its_people_outlive_their_first_generation():
    statistics, population = run("mock://scripted", births=True, steps=700)
    assert min(population) >= 12
    assert statistics["death.age"] * 24 > 8
    assert statistics["child.grown"] * 24 > 12
    assert statistics["child.fed"] >= statistics["child.grown"] > 5 * statistics["death.child"]
