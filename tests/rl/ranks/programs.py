"""What the tests run in several processes at once; see `together`. Everything is printed as JSON."""

import json
from pathlib import Path
from typing import Any

import torch

from metta.curriculum import CurriculumConfig
from metta.policy.architecture import resolve_architecture
from metta.rl.components.component import Component
from metta.rl.config import TrainerConfig, ppo_losses
from metta.rl.environment import TrainingEnvironmentConfig
from metta.rl.losses.action_supervised import ActionSupervisedConfig
from metta.rl.ranks import num_ranks, own_rank
from metta.rl.report import EpochReport
from metta.rl.trainer import Trainer
from metta.rl.trainer_state import load_trainer_state, save_trainer_state
from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from tests.rl.fakes import EchoBatch
from tests.rl.runs import Listener, echo_trainer, weights

ECHO_WORLDS = 4


def everything(cases: str, folder: str) -> None:
    """Run the echo game with each case's settings and tick of death, the arena, and ranks that disagree."""
    told = {name: echo_run(changes, death_tick) for name, (changes, death_tick) in json.loads(cases).items()}
    others = {"resumed": resumed_runs(Path(folder)), "passes": passes_of_unlike_ranks()}
    print(json.dumps({**told, "arena": _train(arena()), "tasks": tasks_run(), **others}))


def echo_run(changes: dict[str, Any], death_tick: int) -> dict[str, Any]:
    """Train in the echo game with its worlds spread over the ranks; `changes` as `echo_trainer` takes them."""
    env = EchoBatch(ECHO_WORLDS // num_ranks(), max_steps=6, death_tick=death_tick)
    return _train(echo_trainer(epochs=3, env=env, **changes))


def arena() -> Trainer:
    """A small arena with a real policy, and a teacher that acts for some and remembers something of every row."""
    env = BatchEnv(make_arena(num_agents=4, max_steps=24), num_worlds=4 // num_ranks(), num_maps=8)
    cloning = ActionSupervisedConfig(teacher="mock://random", teacher_led=0.3, student_led=0.3)
    config = TrainerConfig(
        batch_size=512,
        minibatch_size=128,
        bptt_horizon=16,
        total_timesteps=1024,
        update_epochs=2,
        losses={**ppo_losses(), "cloning": cloning},
    )
    torch.manual_seed(0)
    return Trainer(config, env, resolve_architecture("fast").build(env.spec), seed=1)


def resumed_runs(folder: Path) -> dict[str, list[float]]:
    """Weights after two epochs in the arena: straight on, resumed, and resumed from the state of one process."""
    straight = arena()
    straight.train([SavesOnce(straight, folder / str(num_ranks()))])
    found = {"straight": weights(straight).tolist()}
    for name, count in (("resumed", num_ranks()), ("resumed from one", 1)):
        resumed = arena()
        assert load_trainer_state(folder / str(count), resumed)
        assert resumed.progress.epoch == 1
        resumed.train()
        found[name] = weights(resumed).tolist()
    return found


class SavesOnce(Component):
    """Saves the state after the first epoch."""

    def __init__(self, trainer: Trainer, folder: Path) -> None:
        self._trainer, self._folder = trainer, folder

    def on_epoch_end(self, report: EpochReport) -> None:
        if report.progress.epoch == 1:
            save_trainer_state(self._folder, self._trainer)


def tasks_run() -> dict[str, Any]:
    """Train with a curriculum: every rank must be told the same and choose alike."""
    tasks = {f"steps_{steps}": make_arena(num_agents=4, max_steps=steps) for steps in (4, 6, 9)}
    worlds = TrainingEnvironmentConfig(
        num_worlds=4 // num_ranks(),
        num_maps=8,
        curriculum=CurriculumConfig(tasks=tasks, algorithm="prioritized_level_replay"),
    )
    env = worlds.build(1, 0)
    config = TrainerConfig(batch_size=512, minibatch_size=128, bptt_horizon=16, total_timesteps=1024)
    torch.manual_seed(0)
    policy = resolve_architecture("fast").build(env.spec)
    curriculum = worlds.build_curriculum(worlds.list_tasks(0), env.spec.stat_names, 0)
    return _train(Trainer(config, env, policy, seed=1, curriculum=curriculum))


def passes_of_unlike_ranks() -> int:
    """Rank 0 hardly moves, the others move far: alone, only they would stop."""
    trainer = echo_trainer(
        epochs=1,
        env=EchoBatch(ECHO_WORLDS // num_ranks()),
        update_epochs=4,
        target_kl=1e-4,
        optimizer__learning_rate=1e-6 if own_rank() == 0 else 0.3,
    )
    listener = Listener()
    trainer.train([listener])
    return len(listener.reports[0].updates.metrics) // 4


def _train(trainer: Trainer) -> dict[str, Any]:
    listener = Listener()
    trainer.train([listener])
    return {
        "weights": weights(trainer).tolist(),
        "average": None if trainer.average is None else _flat(trainer.average),
        "losses": {name: _flat(loss, loss.row_buffers) for name, loss in trainer.losses.items()},
        "steps": trainer.progress.num_agent_steps,
        "metrics": [_without_times(report.metrics) for report in listener.reports],
        "episodes": [
            [
                (episode.world, episode.index, episode.length, episode.returns.tolist())
                for episode in report.episodes
            ]
            for report in listener.reports
        ],
    }


def _flat(module: torch.nn.Module, without: frozenset[str] = frozenset()) -> list[float]:
    state = module.state_dict().items()
    return [number for name, value in state if name not in without for number in value.flatten().tolist()]


def _without_times(metrics: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in metrics.items() if not name.startswith("time/")}
