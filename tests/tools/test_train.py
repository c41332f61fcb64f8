"""TrainTool from end to end, in an arena of four agents."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml

from metta.common.system import SystemConfig
from metta.policy.architectures.fast import FastConfig
from metta.policy.uri import list_checkpoints, load_policy
from metta.rl.run_folder import RunFolder
from metta.rl.training import (
    CheckpointerConfig,
    EvaluatorConfig,
    TrainerConfig,
    TrainingEnvironmentConfig,
)
from metta.sim.simulation_config import SimulationConfig
from metta.tools.train import TrainTool, automatic_run_name
from mettagrid.builder.envs import make_arena
from mettagrid.config.things import ObjectKind

STEPS_PER_EPOCH = 2 * 4 * 8  # worlds x agents x steps


def small_arena(max_steps: int = 16) -> Any:
    return make_arena(num_agents=4, size=(11, 11), num_walls=2, max_steps=max_steps)


def small_tool(data_dir: Path, epochs: int = 2, **changes: Any) -> TrainTool:
    """A run of a few epochs; `changes` are dotted paths with `__` for the dot."""
    tool = TrainTool(
        run="small",
        system=SystemConfig(data_dir=str(data_dir), num_threads=1, device="cpu"),
        training_env=TrainingEnvironmentConfig(game=small_arena(), num_worlds=2, num_maps=2),
        trainer=TrainerConfig(
            total_timesteps=epochs * STEPS_PER_EPOCH, batch_size=64, minibatch_size=32, bptt_horizon=8
        ),
        policy_architecture=FastConfig(channels=8, hidden=16),
        checkpointer=CheckpointerConfig(epoch_interval=1),
        evaluator=EvaluatorConfig(
            simulations=[SimulationConfig(env=small_arena(), num_episodes=2)], after_training=False
        ),
    )
    tool.override_all({name.replace("__", "."): value for name, value in changes.items()})
    return tool


def final_weights(data_dir: Path, epoch: int) -> torch.Tensor:
    folder = RunFolder(data_dir, "small")
    policy = load_policy(
        str(folder.checkpoint(epoch)), TrainingEnvironmentConfig(game=small_arena()).build(1, 0).spec
    )
    return torch.cat([value.flatten() for value in policy.state_dict().values()])


def test_trains_evaluates_and_says_where_everything_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tool = small_tool(tmp_path, evaluator__after_training=True, evaluator__epoch_interval=2)
    assert tool.invoke() == 0
    output = capsys.readouterr().out
    folder = RunFolder(tmp_path, "small")
    assert sorted(list_checkpoints(folder.checkpoints)) == [1, 2]
    assert folder.stats.exists()
    assert "hearts per agent" in output
    assert "mock://scripted" in output
    for what in ("checkpoint  ", "statistics  ", "replay  ", "metta replay arena replay_file="):
        assert what in output
    assert yaml.safe_load(folder.config_path.read_text())["training_env"]["num_worlds"] == 2


def test_an_interrupted_run_equals_one_that_was_not(tmp_path: Path) -> None:
    """The worlds, too, go on where they were."""
    small_tool(tmp_path / "whole", epochs=6, trainer__optimizer__schedule="constant").invoke()
    for epochs in (3, 6):
        small_tool(tmp_path / "parts", epochs=epochs, trainer__optimizer__schedule="constant").invoke()
    assert torch.equal(final_weights(tmp_path / "whole", 6), final_weights(tmp_path / "parts", 6))


def test_threads_change_nothing(tmp_path: Path) -> None:
    for threads in (1, 2):
        small_tool(tmp_path / str(threads), training_env__num_threads=threads).invoke()
    assert torch.equal(final_weights(tmp_path / "1", 2), final_weights(tmp_path / "2", 2))


def test_a_run_that_is_done_can_be_asked_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert small_tool(tmp_path).invoke() == 0
    assert "run small goes on after epoch 2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"training_env__num_worlds": 1}, r"training_env\.num_worlds=2, now it is 1"),
        ({"policy_architecture__hidden": 8}, r"policy_architecture\.hidden=16, now it is 8"),
        ({"training_env__game": small_arena(max_steps=9)}, r"training_env\.game\.max_steps=16, now it is 9"),
    ],
)
def test_what_a_resumed_run_cannot_change(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    small_tool(tmp_path).invoke()
    with pytest.raises(ValueError, match=message):
        small_tool(tmp_path, **change).invoke()


def test_starts_from_another_run(tmp_path: Path) -> None:
    small_tool(tmp_path / "first").invoke()
    checkpoint = RunFolder(tmp_path / "first", "small").checkpoint(2)
    changes = {"initial_policy_uri": str(checkpoint), "trainer__optimizer__learning_rate": 1e-12}
    small_tool(tmp_path / "second", epochs=1, **changes).invoke()
    torch.testing.assert_close(final_weights(tmp_path / "second", 1), final_weights(tmp_path / "first", 2))
    checkpoint.unlink()  # resuming needs it no more
    small_tool(tmp_path / "second", epochs=2, **changes).invoke()


def test_takes_the_architecture_of_the_policy_that_it_starts_from(tmp_path: Path) -> None:
    small_tool(tmp_path / "first", epochs=1, policy_architecture__hidden=24).invoke()
    checkpoint = RunFolder(tmp_path / "first", "small").checkpoint(1)
    small_tool(tmp_path / "second", epochs=1, initial_policy_uri=str(checkpoint)).invoke()
    config = yaml.safe_load(RunFolder(tmp_path / "second", "small").config_path.read_text())
    assert config["policy_architecture"]["hidden"] == 24


def test_refuses_to_start_from_what_cannot_go_on_learning(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a scripted policy has no file"):
        small_tool(tmp_path, initial_policy_uri="mock://random").invoke()


def test_goes_on_learning_in_a_richer_game(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small_tool(tmp_path / "first", epochs=1).invoke()
    checkpoint = RunFolder(tmp_path / "first", "small").checkpoint(1)
    game = small_arena()
    game.objects = {"statue": ObjectKind()} | game.objects
    changes = {"initial_policy_uri": str(checkpoint), "training_env__game": game}
    for epochs in (1, 2):  # begins, and goes on
        small_tool(tmp_path / "second", epochs=epochs, **changes).invoke()
    said = capsys.readouterr().out
    assert said.count("has to learn what is new to it: features kind:statue\n") == 1


def test_a_name_that_cannot_be_a_folder_is_refused_early(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot name a folder"):
        small_tool(tmp_path, run="a/b")


def test_the_automatic_name_names_user_and_time() -> None:
    assert automatic_run_name().startswith("local.")
    assert RunFolder(Path(), automatic_run_name()).run.count(".") == 3


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_after_saving(tmp_path: Path, number: signal.Signals, code: int) -> None:
    script = "import sys; from tests.tools.test_train import endless_run; sys.exit(endless_run(sys.argv[1]))"
    root = Path(__file__).parents[2]
    command = [sys.executable, "-u", "-c", script, str(tmp_path)]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()  # "run small starts"
    process.stdout.readline()  # the first epoch
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors
    assert "stopping after this epoch" in errors
    assert "stopped and saved; the same command with run=small goes on" in output
    folder = RunFolder(tmp_path, "small")
    assert folder.is_trained()
    assert list_checkpoints(folder.checkpoints)


def endless_run(data_dir: str) -> int:
    """Train until a signal comes; the interval is long, so that only the signal saves."""
    return small_tool(Path(data_dir), epochs=10**9, checkpointer__epoch_interval=10**9).invoke()
