import numpy as np
import pytest
import torch

from metta.policy.scripted.games.random_rules import make_informed_policy
from metta.policy.uri import load_policy
from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game
from mettagrid.games.random_rules import Production, RuleSet, make_random_rules

SPEC = compile_game(make_random_rules()).spec


def hearts(env, policy):
    """Hearts of each agent in one episode of each world."""
    env.reset(0)
    state = policy.initial_state(env.num_rows)
    resets = torch.ones(env.num_rows, dtype=torch.bool)
    while not env.episode_ended.all():
        observations, mask = torch.from_numpy(env.observations), torch.from_numpy(env.action_mask)
        output = policy(observations, mask, state, resets)
        state, resets = output.state, torch.zeros_like(resets)
        env.step(output.logits.argmax(-1).numpy().astype(np.int32))
    return env.episode_stats[:, env.spec.stat_names.index("heart.gained")]


@pytest.mark.parametrize("difficulty", [1, 4, 7, 10])
def test_who_knows_the_rules_makes_hearts(difficulty):
    env = BatchEnv(make_random_rules(2, difficulty, max_steps=300), num_worlds=2)
    made = hearts(env, load_policy(f"mock://scripted?difficulty={difficulty}&seed=2", env.spec))
    assert (made > 0).all()


def test_who_knows_other_rules_makes_none():
    env = BatchEnv(make_random_rules(2, 4, max_steps=300))
    assert hearts(env, load_policy("mock://scripted?difficulty=4&seed=5", env.spec)).sum() == 0


@pytest.mark.parametrize(
    "uri", ["mock://scripted", "mock://scripted?seed=1", "mock://scripted?seed=1&level=2"]
)
def test_the_rules_must_be_told(uri):
    addressed = (
        r"the script of game 'random_rules' is addressed as mock://scripted\?difficulty=\.\.\.&seed=\.\.\."
    )
    with pytest.raises(ValueError, match=addressed):
        load_policy(uri, SPEC)


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("mock://scripted?difficulty=3&seed=x", r"seed must be a whole number \(got 'x'\)"),
        ("mock://scripted?difficulty=11&seed=0", r"difficulty: must be 1 to 10 \(got 11\)"),
        ("mock://random?seed=0", r"this policy takes no options; only mock://scripted does"),
    ],
)
def test_wrong_options_are_refused(uri, message):
    with pytest.raises(ValueError, match=message):
        load_policy(uri, SPEC)


def test_other_scripts_take_no_options():
    with pytest.raises(ValueError, match="is addressed as mock://scripted without options"):
        load_policy("mock://scripted?seed=0", compile_game(make_arena(num_agents=2)).spec)


def test_rules_without_a_plan_have_no_script():
    hopeless = RuleSet(Production("altar", (("item_a", 1),), "heart"), ())
    with pytest.raises(ValueError, match="there is no plan for these rules"):
        make_informed_policy(SPEC, hopeless)
