"""60 updates in a real arena equal 30, a stop and 30 more: every tensor, counter, world and metric.

The first session of the stopped run also saves along the way, as a run does when a minute is over: when a run
saves must not change what it becomes.
"""

from pathlib import Path
from typing import Any

import pytest
import torch

from metta.policy.architecture import resolve_architecture
from metta.rl.components.component import Component
from metta.rl.config import TrainerConfig
from metta.rl.report import EpochReport
from metta.rl.trainer import Trainer
from metta.rl.trainer_state import load_trainer_state, save_trainer_state
from metta.rl.trainer_state_file import read_state
from mettagrid.batch import BatchEnv
from mettagrid.games.arena import make_arena
from tests.rl.runs import Listener

UPDATES_PER_EPOCH = 6
EPOCHS = 10
AGENT_STEPS = 2 * 4 * 48  # an epoch: worlds x agents x steps
GAME = make_arena(num_agents=4, combat=True, size=(11, 11), num_walls=2, max_steps=20)
SCHEDULES = [
    {"path": "losses.ppo_actor.clip_coef", "start": 0.3, "end": 0.1, "style": "cosine"},
    {
        "path": "losses.ppo_actor.ent_coef",
        "style": "metric",
        "metric": "rollout/reward",
        "start": 0.02,
        "end": 0.0,
        "until": 1.0,
    },
]
CASES: dict[str, dict[str, Any]] = {
    "mlp": {"policy": "memory_free"},
    "fast": {"policy": "fast"},
    "lstm": {"policy": "lstm"},
    "mamba": {"policy": "mamba"},
    "adamw": {"optimizer.type": "adamw", "optimizer.weight_decay": 0.1, "optimizer.schedule": "cosine"},
    "muon": {"optimizer.type": "muon", "optimizer.warmup": 1000},
    "schedule_free": {"optimizer.type": "schedule_free", "optimizer.schedule": "constant"},
    "average": {"average_decay": 0.95},
    "schedules": {"schedules": SCHEDULES},
    "tuned_passes": {"update_epochs": 2, "update_epochs_tuning": {"epoch_interval": 3}},
    "priorities": {"row_priority": 0.8, "accumulate_minibatches": 2},
    "centred": {"advantage.center_rewards": 0.01},
    "new_maps": {"renew_maps": 37},
    "a loss's own weights": {"losses.curiosity": {}},
    "a teacher's memory": {"losses.distillation": {"teacher_led": 0.5, "student_led": 0.25}},
}


def make_trainer(policy: str = "fast", renew_maps: int | None = None, **changes: Any) -> Trainer:
    torch.set_num_threads(1)
    torch.manual_seed(5)
    env = BatchEnv(GAME, num_worlds=2, num_maps=3, renew_maps=renew_maps)
    config = TrainerConfig(
        total_timesteps=EPOCHS * AGENT_STEPS, batch_size=AGENT_STEPS, minibatch_size=64, bptt_horizon=8
    )
    config.override_all(changes)
    architecture = resolve_architecture(policy)
    return Trainer(config, env, architecture.build(env.spec), seed=5)


class Saver(Component):
    """Saves after every third epoch, with the policy as it is kept."""

    def __init__(self, folder: Path, trainer: Trainer) -> None:
        self._folder, self._trainer = folder, trainer

    def on_epoch_end(self, report: EpochReport) -> None:
        if report.progress.epoch % 3 == 0:
            with self._trainer.kept_policy():
                pass
            save_trainer_state(self._folder, self._trainer)


def metrics_of(reports: list[EpochReport]) -> list[dict[str, float]]:
    return [
        {name: value for name, value in report.metrics.items() if not name.startswith("time/")}
        for report in reports
    ]


@pytest.mark.parametrize("case", sorted(CASES))
def test_a_stopped_run_becomes_what_it_would_have_become(case: str, tmp_path: Path) -> None:
    changes = CASES[case]
    whole, told = make_trainer(**changes), Listener()
    whole.train([told])
    assert sum(len(report.updates.metrics) for report in told.reports) >= EPOCHS * UPDATES_PER_EPOCH
    first, heard = make_trainer(**changes), Listener()
    first.train([heard, Saver(tmp_path / "parts", first)], lambda: first.progress.epoch == EPOCHS // 2)
    with first.kept_policy():
        pass
    save_trainer_state(tmp_path / "parts", first)
    second = make_trainer(**changes)
    torch.manual_seed(99)
    torch.rand(7)
    assert load_trainer_state(tmp_path / "parts", second)
    second.train([heard])
    header, tensors = read_state(save_trainer_state(tmp_path / "whole", whole))
    other_header, other_tensors = read_state(save_trainer_state(tmp_path / "parts", second))
    assert tensors.keys() == other_tensors.keys()
    assert not [name for name in tensors if not same_bits(tensors[name], other_tensors[name])]
    assert header.schedules == other_header.schedules
    assert repr(header.optimizer_groups) == repr(other_header.optimizer_groups)
    assert metrics_of(told.reports) == metrics_of(heard.reports)


def same_bits(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.numpy().tobytes() == other.numpy().tobytes()
