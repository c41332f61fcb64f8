"""Every loss in a real game, with the scripted teacher where there is one."""

import pytest
import torch

from metta.policy.architectures.fast import FastConfig
from metta.rl.config import TrainerConfig, ppo_losses
from metta.rl.losses.loss import LOSSES
from metta.rl.trainer import Trainer
from mettagrid.batch import BatchEnv
from mettagrid.games.arena import make_arena
from tests.rl.runs import Listener

SETTINGS = {"grpo": {"group_size": 2}}


@pytest.mark.parametrize("name", sorted(LOSSES.known().keys() - ppo_losses().keys()))
def test_it_trains_in_the_arena(name: str) -> None:
    """The scripted teacher teaches; metrics are finite; what a loss is about gets better or stays."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    game = make_arena(num_agents=4, combat=True, size=(11, 11), num_walls=2, max_steps=40)
    env = BatchEnv(game, num_worlds=4, num_maps=4)
    config = TrainerConfig(total_timesteps=3 * 512, batch_size=512, minibatch_size=128)
    config.override(f"losses.{name}", SETTINGS.get(name, {}))
    listener = Listener()
    Trainer(config, env, FastConfig(channels=8, hidden=16).build(env.spec)).train([listener])
    metrics = listener.reports[-1].metrics
    assert all(torch.isfinite(torch.tensor(value)) for value in metrics.values())
    assert any(metric.startswith(f"loss/{name}.") for metric in metrics)
    assert listener.reports[-1].updates.first_bad() is None
