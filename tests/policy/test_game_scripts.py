"""The scripts of games about work make many times the hearts of the random policy."""

import numpy as np
import torch

from metta.policy.uri import load_policy
from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.assembly_lines import make_assembly_lines
from mettagrid.games.builders import make_builders


def totals(game: GameConfig, uri: str) -> dict[str, float]:
    """Statistics of one episode, means per agent."""
    env = BatchEnv(game, num_maps=1)
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


def test_assembly_lines_work_together_and_it_pays():
    alone, pair, three = (
        totals(make_assembly_lines(hands=hands, max_steps=300), "mock://scripted") for hands in (1, 2, 3)
    )
    random = totals(make_assembly_lines(max_steps=300), "mock://random")
    assert alone["heart.gained"] > 10 * random["heart.gained"]
    assert pair["heart.gained"] > 2 * alone["heart.gained"]
    assert three["assembled.3_hands"] > 0
    assert three["assembled.2_hands"] > three["assembled.1_hand"]


def test_builders_build_houses_by_day_and_night():
    scripted, random = (
        totals(make_builders(max_steps=300), f"mock://{name}") for name in ("scripted", "random")
    )
    assert scripted["heart.gained"] > 5 > 10 * random["heart.gained"]
    assert scripted["house"] > 1
