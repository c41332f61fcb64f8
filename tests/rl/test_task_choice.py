"""Training with a curriculum: worlds play what it says, it hears how that went, and resumed runs go on exactly."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import metta.curriculum as cc
from metta.policy.architecture import resolve_architecture
from metta.rl.config import TrainerConfig
from metta.rl.environment import TrainingEnvironmentConfig
from metta.rl.trainer import Trainer
from metta.rl.trainer_state import load_trainer_state, save_trainer_state
from tests.mettagrid.small_games import walking_game
from tests.rl.runs import Listener, weights

TASKS = {
    "short": walking_game(max_steps=3),
    "middle": walking_game(max_steps=7),
    "long": walking_game(max_steps=12),
}
ALGORITHMS = (
    "uniform",
    "learning_progress",
    "prioritized_regress",
    "progressive",
    "prioritized_level_replay",
)
STEPS_PER_EPOCH = 4 * 4 * 16  # worlds x agents x steps


def trainer_of(algorithm: Any, epochs: int = 4, **changes: Any) -> Trainer:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    config = TrainingEnvironmentConfig(
        num_worlds=4, num_maps=6, curriculum=cc.CurriculumConfig(tasks=TASKS, algorithm=algorithm)
    )
    config.override_all({name.replace("__", "."): value for name, value in changes.items()})
    tasks = config.list_tasks(3)
    env = config.build(1, 3, tasks)
    policy = resolve_architecture({"name": "fast", "hidden": 16}).build(env.spec)
    settings = TrainerConfig(
        batch_size=STEPS_PER_EPOCH,
        minibatch_size=128,
        bptt_horizon=8,
        total_timesteps=epochs * STEPS_PER_EPOCH,
    )
    settings.optimizer.schedule = "constant"
    return Trainer(
        settings, env, policy, seed=3, curriculum=config.build_curriculum(tasks, env.spec.stat_names, 3)
    )


def metrics_of(listener: Listener) -> list[dict[str, float]]:
    return [
        {name: value for name, value in report.metrics.items() if not name.startswith("time/")}
        for report in listener.reports
    ]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_resumed_run_equals_one_that_never_stopped(algorithm: str, tmp_path: Path) -> None:
    whole, heard = trainer_of(algorithm), Listener()
    whole.train([heard])
    first, half = trainer_of(algorithm), Listener()
    first.train([half], lambda: len(half.epochs) == 2)
    save_trainer_state(tmp_path, first)
    torch.manual_seed(99)
    resumed, rest = trainer_of(algorithm), Listener()
    assert load_trainer_state(tmp_path, resumed)
    resumed.train([rest])
    assert metrics_of(heard)[2:] == metrics_of(rest)
    assert torch.equal(weights(whole), weights(resumed))
    assert [whole.env.hash(world) for world in range(4)] == [resumed.env.hash(world) for world in range(4)]
    tensors = resumed.tasks.curriculum.tensors()
    for name, value in whole.tasks.curriculum.tensors().items():
        assert torch.equal(value, tensors[name]), name


def test_every_episode_is_the_one_that_was_chosen() -> None:
    trainer, listener = trainer_of("uniform"), Listener()
    trainer.train([listener])
    episodes = [episode for report in listener.reports for episode in report.episodes]
    chosen = trainer.tasks.curriculum.choose(
        np.array([episode.world for episode in episodes]), np.array([episode.index for episode in episodes])
    )
    assert [episode.game for episode in episodes] == chosen.tolist()
    assert set(chosen.tolist()) == {0, 1, 2}
    lengths = np.array([3, 7, 12])[chosen]
    assert all(
        episode.length == length
        for episode, length in zip(episodes, lengths, strict=True)
        if not episode.shortened
    )


def test_metrics_tell_of_every_task() -> None:
    trainer, listener = trainer_of("learning_progress"), Listener()
    trainer.train([listener])
    episodes = [
        episode for report in listener.reports for episode in report.episodes if not episode.shortened
    ]
    metrics = listener.reports[-1].metrics
    for number, name in enumerate(TASKS):
        assert metrics[f"curriculum/{name}.episodes"] == sum(episode.game == number for episode in episodes)
    assert sum(metrics[f"curriculum/{name}.probability"] for name in TASKS) == pytest.approx(1)


def test_potentials_are_mean_advantages_by_task() -> None:
    """The slow obvious version, step by step and agent by agent."""
    trainer = trainer_of("prioritized_level_replay", epochs=1)
    played: list[np.ndarray] = []
    noted = trainer.tasks.note_step
    trainer.tasks.note_step = lambda: (played.append(trainer.env.games.copy()), noted())[1]
    trainer.train()
    sums, counts = np.zeros(3), np.zeros(3)
    for step, games in enumerate(played):
        for row in range(16):
            if trainer.experience.steps.alive[step, row]:
                sums[games[row // 4]] += abs(float(trainer.experience.advantages[step, row]))
                counts[games[row // 4]] += 1
    arrays = trainer.tasks.curriculum.algorithm.arrays
    assert counts.sum() == STEPS_PER_EPOCH
    assert arrays["potentials"] == pytest.approx(sums / np.maximum(counts, 1), rel=1e-5)
    assert arrays["is_played"].tolist() == (counts > 0).tolist()


def test_a_state_of_another_curriculum_is_refused(tmp_path: Path) -> None:
    trainer = trainer_of("uniform", epochs=1)
    trainer.train()
    save_trainer_state(tmp_path, trainer)
    with pytest.raises(ValueError, match=r"was trained with another training_env\.curriculum"):
        load_trainer_state(tmp_path, trainer_of("progressive", epochs=1))


def test_without_a_curriculum_nothing_is_chosen() -> None:
    trainer = trainer_of("uniform", epochs=1, curriculum=None, game=TASKS["short"])
    trainer.train()
    assert trainer.tasks is None and trainer.env.games.tolist() == [0] * 4
