"""The script of families makes hearts by helping kin; whether helping pays the helper depends on sharing."""

import numpy as np
import torch

from metta.policy.policy import Policy
from metta.policy.scripted.games.families import make_policy, make_selfish_policy
from metta.policy.uri import load_policy
from mettagrid.batch import BatchEnv
from mettagrid.games.families import make_families


def play(env: BatchEnv, policies: list[Policy]) -> None:
    """An episode in which agent i of each world follows policy i, modulo their number."""
    env.reset(1)
    torch.manual_seed(0)
    states = [policy.initial_state(env.num_rows) for policy in policies]
    resets = torch.ones(env.num_rows, dtype=torch.bool)
    turn = np.arange(env.num_rows) % env.spec.num_agents % len(policies)
    while not env.episode_ended.any():
        chosen = []
        for index, policy in enumerate(policies):
            observations, mask = torch.from_numpy(env.observations), torch.from_numpy(env.action_mask)
            output = policy(observations, mask, states[index], resets)
            states[index] = output.state
            chosen.append(torch.distributions.Categorical(logits=output.logits).sample().numpy())
        resets = torch.zeros_like(resets)
        env.step(np.choose(turn, chosen).astype(np.int32))


def hearts(uri: str) -> float:
    env = BatchEnv(make_families(max_steps=300), num_maps=1)
    play(env, [load_policy(uri, env.spec)])
    return float(env.episode_stats[:, env.spec.stat_names.index("heart.gained")].mean())


def test_it_makes_many_times_the_hearts_of_the_random_policy():
    assert hearts("mock://scripted") > 5 > 10 * hearts("mock://random")


def gatherers(share: float) -> tuple[float, float]:
    """Mean rewards of gatherers that help and of selfish ones in the same worlds."""
    env = BatchEnv(make_families(share=share, max_steps=250), num_worlds=4, num_maps=4)
    play(env, [make_policy(env.spec), make_selfish_policy(env.spec)])
    returns = env.episode_return.reshape(4, env.spec.num_agents)[:, : env.spec.num_agents // 2]
    return float(returns[:, 0::2].mean()), float(returns[:, 1::2].mean())


def test_helping_kin_pays_the_helper_if_and_only_if_kin_share():
    helpful, selfish = gatherers(share=1.0)
    assert helpful > 1.2 * selfish
    helpful, selfish = gatherers(share=0.0)
    assert selfish > 2 * helpful
