"""`trainer.num_processes=2`: two processes train one run, and what happens when one of them dies."""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from safetensors.numpy import load_file

from metta.common.errors import CommandError, UserError
from metta.rl.ranks import RankPlace
from metta.tools.packed import pack_tool, unpack_tool
from metta.tools.train import TrainTool
from tests.tools.rank_recipes import train_with


def run(folder: Path, event: Any = "none") -> int:
    tool = train_with(event)
    tool.system.data_dir, tool.system.device, tool.system.num_threads = str(folder), "cpu", 1
    return tool.invoke()


def state(folder: Path) -> dict[str, Any]:
    (saved,) = (folder / "together" / "trainer_state").glob("e*")
    return {"epoch": saved.name, **load_file(saved / "state.safetensors")}


def test_killed_and_interrupted_it_goes_on_as_if_nothing_had_happened(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "straight") == 0
    assert "in 2 processes" in capfd.readouterr().out
    broken = tmp_path / "broken"
    with pytest.raises(CommandError, match="rank 1 of 2 was killed by SIGKILL; all ranks were ended") as told:
        run(broken, "kill")
    assert told.value.exit_code == 4
    assert state(broken)["epoch"] == "e00000001"
    assert capfd.readouterr().err == ""
    assert run(broken, "interrupt") == 130
    assert "stopping after this epoch" in capfd.readouterr().err
    assert state(broken)["epoch"] == "e00000003"
    assert run(broken) == 0
    assert "goes on after epoch 3" in capfd.readouterr().out
    straight, resumed = state(tmp_path / "straight"), state(broken)
    assert straight.keys() == resumed.keys() and straight.pop("epoch") == resumed.pop("epoch") == "e00000005"
    for name, value in straight.items():
        np.testing.assert_array_equal(resumed[name], value, name)
    parts = broken / "together" / "episodes" / "*.parquet"
    worlds = duckdb.sql(f"select distinct world from '{parts}' order by world").fetchall()
    assert worlds == [(0,), (1,), (2,), (3,)]


def test_a_nan_of_one_rank_stops_all(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "nan") == 3
    error = capfd.readouterr().err
    assert error.count("\n") == 1 and "training stopped in epoch 2: loss term mishap.zero is nan" in error


def test_worlds_that_cannot_be_dealt_evenly_are_refused_before_anything_starts() -> None:
    tool = train_with()
    tool.training_env.num_worlds = 5
    with pytest.raises(ValueError, match=r"num_worlds=5 cannot be dealt evenly to 2 processes; 4 or 6 can"):
        tool.invoke()


def test_more_gpus_than_there_are_are_refused() -> None:
    tool = train_with()
    tool.trainer.num_processes, tool.trainer.num_gpus = 1, 99
    with pytest.raises(UserError, match=r"trainer\.num_gpus=99: this machine has \d+;"):
        tool.invoke()


def test_a_packed_tool_is_the_same_tool() -> None:
    tool = train_with("kill")
    assert unpack_tool(pack_tool(tool)) == tool
    assert pack_tool(TrainTool()).count("\n") == 0


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({}, None),
        ({"WORLD_SIZE": "4"}, None),  # some clusters set it for everybody
        ({"RANK": "0", "WORLD_SIZE": "1"}, None),
        (
            {"RANK": "5", "WORLD_SIZE": "8", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "4"},
            RankPlace(5, 8, 1, 4),
        ),
    ],
)
def test_the_environment_tells_the_place(environment: dict[str, str], place: RankPlace | None) -> None:
    assert RankPlace.here(environment) == place


def test_a_place_that_cannot_be_is_refused() -> None:
    with pytest.raises(UserError, match="RANK=4, WORLD_SIZE=2"):
        RankPlace.here({"RANK": "4", "WORLD_SIZE": "2"})
    with pytest.raises(UserError, match="one device; 2 processes need auto, cuda or cpu"):
        RankPlace(0, 2, 0, 2).device("cuda:0")
