"""A policy from one world plays another with more resources, objects and verbs, and plays it the same."""

from pathlib import Path

import numpy as np
import pytest
import torch

from metta.policy.adapted import AdaptedPolicy
from metta.policy.architecture import resolve_architecture
from metta.policy.checkpoint import CheckpointMetadata, save_checkpoint
from metta.policy.uri import load_policy
from mettagrid import BatchEnv, GameConfig
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.maps import RandomMap
from mettagrid.rules import Add, Argument, AtLeast, AtMost, Reward, Rule, Set, Step, Take

STEPS = 60


def berries() -> GameConfig:
    return GameConfig(
        name="berries",
        num_agents=3,
        max_steps=25,
        variables={
            "energy": Variable(cap=50, initial=30, shown="all"),
            "ripens_in": Variable(countdown=True, shown="all", agents=False),
        },
        verbs={
            "move": Verb(choices=directions(aimed=True), pays="energy", always=[Set("heading", Argument())]),
            "eat": Verb(aim=Ahead()),
        },
        objects={"wall": ObjectKind(), "bush": ObjectKind(has={"ripens_in": 0})},
        rules=[
            Rule(on="move", target="empty", then=[Step()]),
            Rule(
                on="eat",
                target="bush",
                when=[AtMost("ripens_in", 0, of="target")],
                then=[Reward(1.0), Add("energy", 10), Set("ripens_in", 20, of="target")],
            ),
        ],
        map=RandomMap(height=9, width=9, border="wall", stations={"bush": 6}),
    )


def richer() -> GameConfig:
    """The same world before anybody uses what it also has: gold, a shop, and a verb to trade."""
    game = berries()
    return GameConfig(
        **{
            **{name: getattr(game, name) for name in GameConfig.model_fields},
            "name": "richer",
            "variables": {"gold": Variable(cap=9, initial=2, shown="all"), **game.variables},
            "objects": {"shop": ObjectKind(has={"gold": 5}), **game.objects},
            "verbs": {"trade": Verb(aim=Ahead(), requires=[AtLeast("gold")]), **game.verbs},
            "rules": [
                Rule(on="trade", target="shop", then=[Take("gold", 1), Add("energy", 5)]),
                *game.rules,
            ],
        }
    )


@pytest.mark.parametrize("name", ["fast", "vit_tiny", "lstm", "cortex"])
def test_it_plays_the_same_where_the_worlds_agree(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    home, abroad = (BatchEnv(game, num_worlds=2, num_maps=4) for game in (berries(), richer()))
    own = resolve_architecture(name).build(home.spec)
    torch.nn.init.normal_(own.action_head.linear.weight)
    path = save_checkpoint(tmp_path / "berries:v1.mpt", own, CheckpointMetadata())
    guest = load_policy(str(path), abroad.spec)
    assert isinstance(guest, AdaptedPolicy)
    shared = [abroad.spec.action_names.index(name) for name in home.spec.action_names]
    assert shared != list(range(len(shared)))  # its ids differ, so names are what counts
    memories = [policy.initial_state(home.num_rows) for policy in (own, guest)]
    for env in (home, abroad):
        env.reset(seed=7)
    resets = torch.ones(home.num_rows, dtype=torch.bool)
    rewards, generator = 0.0, torch.Generator().manual_seed(3)
    for _ in range(STEPS):
        results = []
        for number, (policy, env) in enumerate(((own, home), (guest, abroad))):
            with torch.no_grad():
                output = policy(
                    torch.from_numpy(env.observations),
                    torch.from_numpy(env.action_mask),
                    memories[number],
                    resets,
                )
            memories[number] = output.state
            results.append(output)
        torch.testing.assert_close(results[1].logits[:, shared], results[0].logits, rtol=1e-5, atol=1e-5)
        torch.testing.assert_close(results[1].value, results[0].value, rtol=1e-5, atol=1e-5)
        assert results[1].logits[:, abroad.spec.action_names.index("trade")].max() <= -1e9
        allowed = torch.from_numpy(home.action_mask).float()  # what happens should not depend on the weights
        actions = torch.multinomial(allowed, 1, generator=generator).squeeze(1)
        home.step(actions.numpy().astype(np.int32))
        abroad.step(np.array(shared, dtype=np.int32)[actions.numpy()])
        assert np.array_equal(home.rewards, abroad.rewards)
        resets = torch.from_numpy(home.terminated | home.truncated)
        rewards += float(home.rewards.sum())
    assert rewards > 0
