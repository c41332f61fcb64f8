"""The task file for SkyPilot: what it says, and what is refused before anything is written."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import yaml

from metta.cli.house.launch import launch
from metta.common.errors import UserError
from metta.tools import skypilot

TRAIN = ["train", "arena", "run=My.run", "training_env.num_worlds=32", "trainer.optimizer.learning_rate=1e-3"]


def test_the_task_starts_torchrun_on_every_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "task.yaml"
    assert launch(["skypilot", "--gpus", "L4:4", "--nodes", "2", "--out", str(out), *TRAIN]) == 0
    assert f"sky launch {out} starts it" in capsys.readouterr().out
    task = yaml.safe_load(out.read_text())
    assert (task["name"], task["num_nodes"], task["resources"]) == ("my-run", 2, {"accelerators": "L4:4"})
    assert task["run"].endswith(f"-m metta {' '.join(TRAIN)}\n")
    assert '--nnodes="$SKYPILOT_NUM_NODES"' in task["run"]


@pytest.mark.parametrize(
    ("options", "command", "told"),
    [
        (["--gpus", "4"], TRAIN, "--gpus 4: a kind and a number"),
        (["--nodes", "0"], TRAIN, "--nodes 0: at least 1"),
        (["--nodes", "two"], TRAIN, "argument --nodes: invalid int value"),
        (["--gpus", "L4:5"], TRAIN, "num_worlds=32 cannot be dealt evenly to 5 processes; 30 or 35 can"),
        ([], ["train", "arena"], "needs run=NAME"),
        ([], [*TRAIN, "trainer.num_gpus=2"], "leave trainer.num_processes and num_gpus out"),
        ([], ["train", "arena", "run=a", "trainer.batchsize=1"], "batch_size"),
        ([], ["evaluate", "arena"], "metta launch is for training"),
    ],
)
def test_what_cannot_be_is_refused(options: list[str], command: list[str], told: str, tmp_path: Path) -> None:
    out = tmp_path / "task.yaml"
    with pytest.raises(ValueError) as refused:
        launch(["skypilot", "--out", str(out), *options, *command])
    assert told in str(refused.value) and not out.exists()


def test_a_task_that_skypilot_refuses_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a SkyPilot of our own: the real one brings some hundred packages."""

    def refuse(task: dict[str, object]) -> None:
        raise ValueError("Invalid task YAML:\nresources: x")

    module = ModuleType("sky")
    module.Task = SimpleNamespace(from_yaml_config=refuse)  # pyright: ignore[reportAttributeAccessIssue]
    monkeypatch.setitem(sys.modules, "sky", module)
    monkeypatch.setattr(skypilot.importlib.util, "find_spec", lambda name: module)
    with pytest.raises(UserError, match="SkyPilot refuses the task: Invalid task YAML: resources: x"):
        skypilot.check_task({"name": "a"})
