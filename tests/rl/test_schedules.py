"""Settings that change: by agent-steps, by a metric, by how far the policy moves."""

import math
from pathlib import Path
from typing import Any

import pytest

from metta.rl.config import TrainerConfig
from metta.rl.schedules import ScheduleConfig, Schedules, UpdateEpochsConfig
from metta.rl.trainer_state import load_trainer_state, save_trainer_state
from tests.rl.runs import STEPS_PER_EPOCH, Listener, echo_trainer


def schedule(**changes: Any) -> ScheduleConfig:
    return ScheduleConfig(**{"path": "losses.ppo_actor.ent_coef", "start": 1.0, "end": 0.0} | changes)


@pytest.mark.parametrize("style", ["linear", "cosine"])
@pytest.mark.parametrize("steps", [0, 100, 150, 175, 200, 999])
def test_by_agent_steps(style: str, steps: int) -> None:
    way = min(max((steps - 100) / 100, 0), 1)
    expected = 1 - way if style == "linear" else 0.5 + 0.5 * math.cos(math.pi * way)
    value = schedule(style=style, begin=100, until=200).value_at(steps, 10_000)
    assert value == pytest.approx(expected, abs=1e-12)


def test_to_the_end_of_the_run_by_default() -> None:
    assert schedule().value_at(250, 1000) == 0.75


def test_by_a_metric_in_either_direction() -> None:
    rising = schedule(style="metric", metric="m", begin=2.0, until=4.0)
    falling = schedule(style="metric", metric="m", begin=4.0, until=2.0)
    assert [rising.value_at(m, 1) for m in (1.0, 2.5, 9.0)] == [1.0, 0.75, 0.0]
    assert [falling.value_at(m, 1) for m in (9.0, 2.5, 1.0)] == [1.0, 0.25, 0.0]


def test_a_run_follows_its_schedules() -> None:
    rates = schedule(path="optimizer.learning_rate", start=0.4, end=0.2, until=2 * STEPS_PER_EPOCH)
    weight = schedule(path="losses.dynamics.weight", start=0.0, end=1.0, style="cosine")
    trainer = echo_trainer(
        epochs=4, losses__dynamics={}, schedules=[rates, weight], optimizer__schedule="constant"
    )
    listener = Listener()
    weights: list[float] = []
    listener._action = lambda report: weights.append(trainer.config.losses["dynamics"].weight)
    trainer.train([listener])
    assert [r.metrics["loss/learning_rate"] for r in listener.reports] == pytest.approx([0.4, 0.3, 0.2, 0.2])
    assert weights == pytest.approx([(1 - math.cos(math.pi * x / 4)) / 2 for x in range(4)])
    assert "loss/dynamics.reward_loss" not in listener.reports[0].metrics, "weight 0 is off"


def test_the_recipes_settings_stay_as_they_were() -> None:
    config = TrainerConfig(batch_size=64, minibatch_size=16, bptt_horizon=4, total_timesteps=64)
    config.schedules = [schedule(start=0.5, end=0.4)]
    trainer = echo_trainer(epochs=1, schedules=config.schedules)
    trainer.train()
    assert config.losses["ppo_actor"].model_dump()["ent_coef"] == 0.01
    assert trainer.config.losses["ppo_actor"].model_dump()["ent_coef"] == 0.5


def test_two_shares_may_trade_places() -> None:
    teacher = {"teacher": "mock://noop", "student_led": 0.0, "teacher_led": 1.0}
    paths = {"student_led": (0.0, 1.0), "teacher_led": (1.0, 0.0)}
    schedules = [
        schedule(path=f"losses.distillation.{name}", start=start, end=end)
        for name, (start, end) in paths.items()
    ]
    trainer = echo_trainer(epochs=4, losses__distillation=teacher)
    trainer.schedules = Schedules(schedules, None, trainer.config, trainer.config.total_timesteps)
    trainer.train()
    shares = trainer.config.losses["distillation"].model_dump()
    assert (shares["student_led"], shares["teacher_led"]) == pytest.approx((0.75, 0.25))


def test_a_schedule_by_metric_survives_resuming(tmp_path: Path) -> None:
    by_reward = schedule(style="metric", metric="rollout/reward", begin=0.0, until=1.0)
    seen = []
    for parts in ([4], [2, 4]):
        for epochs in parts:
            trainer = echo_trainer(epochs=4, schedules=[by_reward])
            if len(parts) > 1:
                load_trainer_state(tmp_path, trainer)
            trainer.train([], lambda trainer=trainer, epochs=epochs: trainer.progress.epoch == epochs)
            save_trainer_state(tmp_path, trainer) if len(parts) > 1 else None
        seen.append(trainer.config.losses["ppo_actor"].model_dump()["ent_coef"])
    assert seen[0] == seen[1] != 1.0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"path": "losses.ppo_acter.ent_coef"}, "losses has no 'ppo_acter'; did you mean ppo_actor"),
        ({"path": "losses.ppo_actor.ent"}, "losses.ppo_actor has no 'ent'; did you mean .*ent_coef"),
        ({"path": "batch_sise"}, "trainer has no 'batch_sise'; did you mean batch_size"),
        ({"path": "batch_size.x"}, "batch_size has no parts"),
        ({"path": "losses"}, "losses is not a number"),
        ({"path": "optimizer.schedule"}, "is not a number"),
        ({"end": -1.0}, r"losses\.ppo_actor\.ent_coef cannot be -1\.0"),
        ({"style": "metric"}, "needs `metric`"),
        ({"metric": "m"}, "is for style=metric"),
        ({"begin": 5.0, "until": 5.0}, "begin and until are both 5.0"),
    ],
)
def test_mistakes_are_one_line(changes: dict[str, Any], message: str) -> None:
    fields = {"path": "losses.ppo_actor.ent_coef", "start": 1.0, "end": 0.0} | changes
    with pytest.raises(ValueError, match=message) as error:
        TrainerConfig().override("schedules", [fields])
    assert "\n" not in str(error.value)


def test_passes_by_divergence() -> None:
    tuning = UpdateEpochsConfig(target_kl=0.01, tolerance=0.5, smallest=1, largest=3)
    assert [tuning.next_count(2, kl) for kl in (0.001, 0.006, 0.014, 0.1)] == [3, 2, 2, 1]
    assert tuning.next_count(3, 0.0) == 3
    assert tuning.next_count(1, 9.0) == 1


@pytest.mark.parametrize(("target", "passes"), [(1e3, 4), (1e-9, 1)])
def test_a_run_tunes_its_passes_and_goes_on_so(target: float, passes: int, tmp_path: Path) -> None:
    tuning = {"target_kl": target, "epoch_interval": 2, "largest": 4}
    trainer = echo_trainer(epochs=4, update_epochs=3, update_epochs_tuning=tuning)
    listener = Listener()
    trainer.train([listener], lambda: len(listener.epochs) == 3)
    counts = [len(report.updates.metrics) // 4 for report in listener.reports]
    assert counts == [3, 3, passes if passes == 4 else 2]
    save_trainer_state(tmp_path, trainer)
    resumed = echo_trainer(epochs=4, update_epochs=3, update_epochs_tuning=tuning)
    load_trainer_state(tmp_path, resumed)
    assert resumed.config.update_epochs == trainer.config.update_epochs
    assert resumed.schedules.state() == trainer.schedules.state()
