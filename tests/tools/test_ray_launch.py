"""`metta launch ray`: two workers of a small cluster on this machine. A slow test: Ray needs its time to start."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ray
from safetensors.numpy import load_file

from metta.common.ray_cluster import connect
from metta.tools import ray_launch
from tests.tools.rank_recipes import train_with


def state(folder: Path) -> dict[str, Any]:
    (saved,) = (folder / "together" / "trainer_state").glob("e*")
    return {"epoch": saved.name, **load_file(saved / "state.safetensors")}


@pytest.mark.filterwarnings("ignore")  # those of Ray
def test_two_workers_train_what_two_processes_train(tmp_path: Path) -> None:
    tools = [train_with(num_epochs=2) for _ in range(2)]
    for tool, name in zip(tools, ("ray", "local"), strict=True):
        tool.system.data_dir, tool.system.device, tool.system.num_threads = str(tmp_path / name), "cpu", 1
    ray_launch._import_ray()
    connect(ray, None, 3)
    assert [node["NodeManagerAddress"] for node in ray.nodes()] == ["127.0.0.1"]
    assert ray_launch.train_on_ray(tools[0]) == 0
    assert not ray.is_initialized()
    assert tools[1].invoke() == 0
    on_ray, local = state(tmp_path / "ray"), state(tmp_path / "local")
    assert on_ray.keys() == local.keys() and on_ray.pop("epoch") == local.pop("epoch")
    for name, value in local.items():
        np.testing.assert_array_equal(on_ray[name], value, name)
