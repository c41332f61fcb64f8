import re
from pathlib import Path

import pytest

from metta.common.system import SystemConfig
from metta.rollout import Rollout
from metta.sim.simulation_config import SimulationConfig
from metta.tools.play import PlayTool
from metta.tools.viewer_config import ViewerConfig
from mettagrid.builder.envs import make_arena
from mettascope.branches import Branches

GAME = make_arena(num_agents=4).model_copy(update={"max_steps": 30})


def tool(tmp_path: Path, **changes: object) -> PlayTool:
    simulation = SimulationConfig(suite="arena", name="small", env=GAME)
    system = SystemConfig(device="cpu", num_threads=1, data_dir=str(tmp_path))
    return PlayTool(system=system, sim=simulation, **changes)


def test_without_a_terminal_frames_are_printed_and_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert tool(tmp_path, render="unicode", max_steps=3).invoke() == 0
    shown = capsys.readouterr().out
    assert re.findall(r"tick (\d+)/30", shown) == ["0", "1", "2", "3"]
    assert "██" in shown
    assert "energy" in shown
    assert "\x1b" not in shown
    assert re.search(r"mock://random: 3 steps, .*reward per agent", shown)


def test_log_prints_a_line_for_each_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert tool(tmp_path, render="log", max_steps=4).invoke() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines[:-1]] == ["0", "1", "2", "3", "4"]


def test_none_prints_only_the_result_of_the_whole_episode(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert tool(tmp_path, render="none", policy_uri="mock://noop").invoke() == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("mock://noop: 30 steps")


def test_the_browser_shows_a_world_at_its_first_tick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shown = Branches()
    monkeypatch.setattr(ViewerConfig, "show", lambda _, fill, replays: (fill(shown), 130)[1])
    assert tool(tmp_path, policy_uri="mock://noop").invoke() == 130
    (branch,) = shown
    assert (branch.title, branch.is_live, branch.last_tick) == ("arena/small", True, 0)
    assert branch.state()["players"] == ["mock://noop"]


def test_ctrl_c_ends_with_the_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    real_step = Rollout.step
    steps = []

    def step(rollout: Rollout) -> object:
        steps.append(1)
        if len(steps) == 3:
            raise KeyboardInterrupt
        return real_step(rollout)

    monkeypatch.setattr(Rollout, "step", step)
    assert tool(tmp_path, render="none").invoke() == 130
    assert capsys.readouterr().out.startswith("mock://random: 2 steps")
