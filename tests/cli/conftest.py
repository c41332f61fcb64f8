"""A small project with recipes of its own, so that the runner is tested without the real, slow tools."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FARM = '''
"""A farm to try the runner on."""

import os
import signal

import numpy as np
from pydantic import Field

from metta.common.errors import GuardError, MachineError
from metta.common.tool import Tool
from mettagrid.config.base import Config


class Field_(Config):
    seeds: dict[str, float] = {}
    names: list[str] = []
    num_rows: int = Field(default=3, gt=0, description="rows of the field")
    notes: str | None = None


class TrainTool(Tool):
    run: str = "none"
    total_timesteps: int = 10
    field: Field_ = Field_()
    spare: Field_ | None = None
    fail: str = ""

    def invoke(self) -> int:
        if self.fail == "value":
            raise ValueError("no corn\\nin the field")
        if self.fail == "bug":
            raise KeyError("corn")
        if self.fail == "numpy":
            np.zeros(3).reshape(2, 2)
        if self.fail == "guard":
            raise GuardError("NaN in the loss; the last good checkpoint is farm:v3")
        if self.fail == "disk":
            raise OSError(28, "No space left on device")
        if self.fail == "memory":
            raise MemoryError
        if self.fail == "file":
            open("no/such/file")
        if self.fail == "interrupt":
            os.kill(os.getpid(), signal.SIGINT)
        if self.fail == "terminate":
            os.kill(os.getpid(), signal.SIGTERM)
        print(f"trained {self.run} for {self.total_timesteps} with {self.field.num_rows} rows")
        return 0


class EvaluateTool(Tool):
    policy_uris: str | list[str] = "mock://random"

    def invoke(self) -> None:
        print(f"evaluated {self.policy_uris!r}")


def train(run: str = "first", num_rows: int = 4, plan: Field_ = Field_()) -> TrainTool:
    """Train on the farm.

    Args:
        run: name of the run
        num_rows: how many rows
            the field has
    """
    return TrainTool(run=run, field=Field_(num_rows=num_rows), total_timesteps=20, spare=plan)


def evaluate(policy_uris: str | list[str] | None = None) -> EvaluateTool:
    """Evaluate on the farm."""
    return EvaluateTool(policy_uris=policy_uris or "mock://random")


def must_have(name: str):
    return TrainTool(run=name)


def _hidden() -> TrainTool:
    return TrainTool()


def not_a_tool() -> int:
    return 3
'''

HAY = '''
"""Hay."""
from recipes.prod.farm import EvaluateTool


def eval() -> EvaluateTool:
    return EvaluateTool()


def sweep_small() -> "EvaluateTool":
    return EvaluateTool()
'''

MY_TASKS = """
from metta.common.tool import Tool


class OwnTool(Tool):
    word: str = "hello"

    def invoke(self) -> int:
        print(f"own {self.word}")
        return 0


class NeedyTool(OwnTool):
    number: int


def my_task() -> OwnTool:
    return OwnTool()


def my_bug() -> OwnTool:
    return OwnTool(word=wrod)
"""


@pytest.fixture(scope="session")
def farm_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recipes `farm`, `barn.hay` and two broken ones, and tasks in experiments/user without __init__.py."""
    root = tmp_path_factory.mktemp("project")
    files = {
        "recipes/prod/farm.py": FARM,
        "recipes/experiment/barn/hay.py": HAY,
        "recipes/experiment/unreadable.py": "def train(:\n",
        "recipes/experiment/unimportable.py": "from metta.common.tool import Toool\n",
        "recipes/experiment/_private.py": "",
        "experiments/user/my_tasks.py": MY_TASKS,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.fixture
def farm(farm_project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project as current directory of this process, with its recipes importable."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("recipes", "experiments")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.chdir(farm_project)
    monkeypatch.syspath_prepend(str(farm_project))
    return farm_project


@pytest.fixture
def metta(farm_project: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the real command line in the project."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "metta", *arguments]
        return subprocess.run(
            command, cwd=farm_project, capture_output=True, text=True, timeout=60, check=False
        )

    return run
