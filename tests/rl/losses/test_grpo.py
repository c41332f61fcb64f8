"""Groups that begin in the same state, and advantages relative to them."""

import numpy as np
import pytest
import torch

from metta.policy.architectures.fast import FastConfig
from metta.rl.losses.grpo import GRPOConfig, group_advantages, returns_to_go
from metta.rollout.rollout import Rollout
from metta.rollout.seats import Seat
from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from tests.rl.fakes import EchoBatch
from tests.rl.minibatches import build
from tests.rl.runs import Listener, echo_trainer


def test_returns_to_go() -> None:
    generator = torch.Generator().manual_seed(0)
    rewards = torch.randn(6, 3, generator=generator)
    ends = torch.rand(6, 3, generator=generator) < 0.3
    result = returns_to_go(rewards, ends, 0.9)
    for n in range(3):
        for t in range(6):
            total, factor = 0.0, 1.0
            for later in range(t, 6):
                total += factor * rewards[later, n].item()
                if ends[later, n]:
                    break
                factor *= 0.9
            assert result[t, n].item() == pytest.approx(total, abs=1e-5)


def test_group_advantages() -> None:
    generator = torch.Generator().manual_seed(0)
    returns = torch.randn(5, 2, 3, 4, generator=generator)
    alive = torch.rand(5, 2, 3, 4, generator=generator) < 0.7
    result = group_advantages(returns, alive)
    for t, g, m, a in np.ndindex(5, 2, 3, 4):
        living = [returns[t, g, other, a].item() for other in range(3) if alive[t, g, other, a]]
        expected = returns[t, g, m, a].item() - sum(living) / len(living) if alive[t, g, m, a] else 0.0
        assert result[t, g, m, a].item() == pytest.approx(expected, abs=1e-5)


def test_members_of_a_group_begin_in_the_same_state() -> None:
    """Worlds, what agents see, and their memories are the same; the groups differ."""
    env = BatchEnv(
        make_arena(num_agents=4, size=(11, 11), num_walls=2, max_steps=50), num_worlds=4, num_maps=4
    )
    policy = FastConfig(channels=8, hidden=16).build(env.spec)
    rollout = Rollout(env, [Seat(policy)], seed=1)
    rollout.reset(0)
    for _ in range(5):
        rollout.step()
    build(GRPOConfig(group_size=2)).on_rollout_start(rollout)
    hashes = [env.hash(world) for world in range(4)]
    assert hashes[0] == hashes[1] != hashes[2] == hashes[3]
    for array in (env.observations, env.action_mask, rollout.seats[0].memory.numpy(), rollout.resets.numpy()):
        groups = array.reshape(2, 2, 4, *array.shape[1:])
        assert (groups[:, 0] == groups[:, 1]).all()
    assert (rollout.seats[0].memory[:4] != rollout.seats[0].memory[8:12]).any()
    rollout.step()
    assert env.hash(0) != env.hash(1), "they choose by themselves"


def test_the_critic_is_not_needed_and_not_trained() -> None:
    trainer = echo_trainer(losses="grpo", env=EchoBatch(num_worlds=4))
    before = trainer.policy.value_head.weight.clone()
    listener = Listener()
    trainer.train([listener])
    assert torch.equal(trainer.policy.value_head.weight, before)
    assert "loss/grpo.approx_kl" in listener.reports[-1].metrics
    assert "loss/ppo_actor.policy_loss" not in listener.reports[-1].metrics


def test_it_learns() -> None:
    settings = {"losses": {"grpo": {"group_size": 4, "gamma": 0.5}}, "optimizer__learning_rate": 0.03}
    listener = Listener()
    echo_trainer(epochs=60, **settings).train([listener])
    assert listener.reports[0].metrics["rollout/reward"] < 0.45
    assert listener.reports[-1].metrics["rollout/reward"] > 0.9


def test_groups_that_do_not_fill_the_worlds_are_refused() -> None:
    with pytest.raises(ValueError, match=r"group_size=3 does not divide training_env\.num_worlds=4"):
        echo_trainer(losses={"grpo": {"group_size": 3}}).train()
