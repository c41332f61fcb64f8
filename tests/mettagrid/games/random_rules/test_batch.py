"""Many rule sets in one game: an episode is one of the game that its seed draws, step by step."""

from typing import Any

import numpy as np
import pytest

from mettagrid.batch import BatchEnv
from mettagrid.games.random_rules import make_random_rules, make_random_rules_batch

SEEDS = range(20)
SETTINGS: dict[str, Any] = {
    "difficulty": 3,
    "num_agents": 4,
    "size": (7, 7),
    "num_walls": 0,
    "max_steps": 60,
    "shaped": True,
}
NUM_WORLDS, NUM_EPISODES = 10, 12


def rows(env: BatchEnv, world: int) -> slice:
    return slice(world * env.num_agents, (world + 1) * env.num_agents)


def told(env: BatchEnv, world: int) -> int:
    """Which option the agents of a world are told."""
    feature = env.spec.feature_names.index("param:rules")
    values = {tuple(row[row[:, 1] == feature][:, 2]) for row in env.observations[rows(env, world)]}
    assert len(values) == 1
    return int((*values.pop(), 0)[0])  # a token of 0 is not sent


def state(env: BatchEnv, world: int, num_features: int) -> list[Any]:
    """Everything that a world is, and what its agents are told but which option it is."""
    view, its = env.world(world), rows(env, world)
    arrays = (view.kinds, view.cells, view.variables, view.stats, env.rewards[its], env.action_mask[its])
    tokens = [row[row[:, 1] < num_features].tolist() for row in env.observations[its]]
    return [view.tick, tokens, *(array.tolist() for array in arrays)]


def test_an_episode_steps_like_the_game_of_its_seed():
    """All games are played with the same actions, maps and dice, beside the game that is one of them."""
    batch = BatchEnv(make_random_rules_batch(SEEDS, shown=True, **SETTINGS), num_worlds=NUM_WORLDS)
    single = [BatchEnv(make_random_rules(seed, **SETTINGS), num_worlds=NUM_WORLDS) for seed in SEEDS]
    for env in (batch, *single):
        env.reset(3)
    num_features = len(single[0].spec.feature_names)
    assert batch.spec.feature_names[:num_features] == single[0].spec.feature_names
    rng = np.random.default_rng(0)
    met, unlike = set(), 0
    for _ in range(NUM_EPISODES):
        options = [told(batch, world) for world in range(NUM_WORLDS)]
        for step in range(1, SETTINGS["max_steps"] + 1):
            actions = rng.integers(len(batch.spec.action_names), size=batch.num_rows, dtype=np.int32)
            for env in (batch, *single):
                env.step(actions)
            if step < SETTINGS["max_steps"]:
                for world, option in enumerate(options):
                    assert state(batch, world, num_features) == state(single[option], world, num_features)
        assert batch.episode_ended.all()
        for world, option in enumerate(options):
            mine = batch.episode_stats[rows(batch, world)]
            assert (mine == single[option].episode_stats[rows(batch, world)]).all()
            unlike += sum((mine != other.episode_stats[rows(batch, world)]).any() for other in single)
        met.update(options)
    assert met == set(SEEDS)
    assert unlike > 0.9 * NUM_EPISODES * NUM_WORLDS * (len(SEEDS) - 1), "the games are not the same"


def test_all_rule_sets_come_and_are_hidden():
    game = make_random_rules_batch(SEEDS, **SETTINGS)
    assert "param:rules" not in BatchEnv(game, num_maps=1).spec.feature_names
    env = BatchEnv(make_random_rules_batch(SEEDS, shown=True, **SETTINGS), num_worlds=256)
    env.reset(0)
    feature = env.spec.feature_names.index("param:rules")
    tokens = env.observations[:: env.num_agents]
    counts = np.bincount(tokens[tokens[:, :, 1] == feature][:, 2], minlength=20)
    assert (counts[1:] > 2).all()
    assert counts.sum() < 256, "and the first one, whose token is 0 and not sent"


def test_one_seed_is_its_game():
    assert make_random_rules_batch([7, 7], **SETTINGS) == make_random_rules(7, **SETTINGS)


@pytest.mark.parametrize("seeds", [[], range(2000)])
def test_too_few_or_many_seeds_are_refused(seeds):
    with pytest.raises(ValueError, match=rf"seeds: must be 1 to 1024 \(got {len(seeds)}\)"):
        make_random_rules_batch(seeds)
