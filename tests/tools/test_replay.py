from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from metta.common.system import SystemConfig
from metta.sim.simulation_config import SimulationConfig
from metta.tools import replay as replay_module
from metta.tools.replay import ReplayTool
from metta.tools.viewer_config import ViewerConfig
from mettagrid.builder.envs import make_arena
from mettagrid.replay import ReplayPlayer
from mettagrid.replay_file import read_replay
from mettascope.archive import unpack_archive
from mettascope.branches import Branches
from tests.mettascope.original.samples import packed, version_3

GAME = make_arena(num_agents=4).model_copy(update={"max_steps": 30})


def tool(tmp_path: Path, **changes: object) -> ReplayTool:
    simulation = SimulationConfig(suite="arena", name="small", env=GAME)
    system = SystemConfig(device="cpu", num_threads=1, data_dir=str(tmp_path))
    return ReplayTool(
        system=system, sim=simulation, **{"render": "movie", "format": "gif", "cell_size": 8, **changes}
    )


def only(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def test_replay_and_movie_are_written_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert tool(tmp_path).invoke() == 0
    folder = tmp_path / "replays"
    replay, movie = only(folder, "*.replay"), only(folder, "*.gif")
    shown = capsys.readouterr().out
    assert str(replay) in shown
    assert str(movie) in shown
    assert read_replay(replay).num_ticks == 30
    with Image.open(movie) as image:
        assert image.n_frames == 30  # pyright: ignore[reportAttributeAccessIssue]


def test_a_recorded_replay_is_drawn_without_playing(tmp_path: Path):
    tool(tmp_path, render="none").invoke()
    recorded = only(tmp_path / "replays", "*.replay")
    assert (
        tool(tmp_path, replay_file=str(recorded), out_dir=str(tmp_path / "movies"), max_steps=5).invoke() == 0
    )
    with Image.open(only(tmp_path / "movies", "*.gif")) as image:
        assert image.n_frames == 5  # pyright: ignore[reportAttributeAccessIssue]


def test_the_browser_shows_the_whole_episode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shown = Branches()
    monkeypatch.setattr(ViewerConfig, "show", lambda _, fill, replays: (fill(shown), 130)[1])
    assert tool(tmp_path, render="browser").invoke() == 130
    (branch,) = shown
    assert (branch.is_live, branch.last_tick) == (False, 29)
    assert only(tmp_path / "replays", "*.replay").stem == branch.title


def test_what_needs_no_engine_is_shown_by_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shown, path = Branches(), tmp_path / "old.json.z"
    path.write_bytes(packed(version_3()))
    monkeypatch.setattr(ViewerConfig, "show", lambda _, fill, replays: (fill(shown), 130)[1])
    assert tool(tmp_path, render="browser", replay_file=str(path)).invoke() == 130
    (kept,) = shown.archives
    assert kept.title == "old.json.z" and unpack_archive(kept.data, "x").last_tick == 4
    assert tool(tmp_path, render="none", replay_file=str(path)).invoke() == 0
    with pytest.raises(ValueError, match="movies are drawn by the engine"):
        tool(tmp_path, replay_file=str(path)).invoke()


def test_the_seed_decides_the_episode(tmp_path: Path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        tool(tmp_path, render="none", seed=seed, out_dir=str(tmp_path / name)).invoke()
    first, second, other = (read_replay(only(tmp_path / name, "*.replay")) for name in "abc")
    assert np.array_equal(first.actions, second.actions)
    assert not np.array_equal(first.actions, other.actions)
    ReplayPlayer(first).verify()


def test_without_the_video_package_a_gif_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(replay_module, "can_write_mp4", lambda: False)
    assert tool(tmp_path, format="auto", max_steps=2).invoke() == 0
    assert "pip install 'metta[video]'; writing a GIF instead" in capsys.readouterr().out
    assert only(tmp_path / "replays", "*.gif").is_file()


def test_a_file_that_is_no_replay_is_one_line(tmp_path: Path):
    (tmp_path / "x.replay").write_text("hello")
    with pytest.raises(ValueError, match="not a whole replay file"):
        tool(tmp_path, replay_file=str(tmp_path / "x.replay")).invoke()
