"""Learning in real worlds: the trainer and the `fast` policy find the altars of a small, peaceful arena."""

import torch

from metta.policy.architectures.fast import FastConfig
from metta.rl.advantage import AdvantageConfig
from metta.rl.config import TrainerConfig
from metta.rl.optimizer import OptimizerConfig
from metta.rl.trainer import Trainer
from mettagrid.batch import BatchEnv
from mettagrid.games.arena import ArenaNumbers, make_arena
from tests.rl.runs import Listener

STATIONS = {"generator_red": 2, "generator_blue": 2, "charger": 2, "altar": 2}


def test_hearts_rise_far_above_chance() -> None:
    """Energy for five hearts is there from the start: chance finds some, walking to the altars most."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    numbers = ArenaNumbers(initial_energy=250, heart_price=50)
    game = make_arena(
        num_agents=4,
        combat=False,
        shaped=True,
        size=(7, 7),
        stations=STATIONS,
        num_walls=0,
        max_steps=64,
        numbers=numbers,
    )
    env = BatchEnv(game, num_worlds=32, num_maps=16)
    config = TrainerConfig(
        total_timesteps=250_000,
        batch_size=4096,
        minibatch_size=1024,
        optimizer=OptimizerConfig(learning_rate=1e-2),
        advantage=AdvantageConfig(gamma=0.97),
    )
    listener = Listener()
    Trainer(config, env, FastConfig(channels=32, hidden=64).build(env.spec)).train([listener])
    hearts = [report.metrics.get("episode/heart.gained") for report in listener.reports]
    early, late = ([value for value in part if value is not None] for part in (hearts[:8], hearts[-6:]))
    assert sum(late) / len(late) > 2.0
    assert sum(late) / len(late) > 4 * sum(early) / len(early)
