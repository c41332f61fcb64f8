"""ReplayTool: record an episode (or take a recorded one), and open it in the browser or draw it as a movie."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from metta.common.errors import EXIT_OK
from metta.common.tool import Tool
from metta.sim.device import torch_device
from metta.sim.policies import load_named_policy
from metta.sim.processor import set_up_processor
from metta.sim.record import record_episode
from metta.sim.simulation_config import SimulationConfig
from metta.tools.viewer_config import ViewerConfig
from mettagrid.compile import compile_game
from mettagrid.movies.framing import Framing
from mettagrid.movies.replay_painter import ReplayPainter
from mettagrid.movies.write import VIDEO_HINT, can_write_mp4, gif_stride, write_movie
from mettagrid.replay import Replay, ReplayPlayer
from mettagrid.replay_file import SUFFIX, write_replay
from mettascope.archive import Archive, pack_archive
from mettascope.archive.opening import read_episode


class ReplayTool(Tool):
    """Plays one episode, writes it as a replay file, and shows it in the browser or writes a movie."""

    policy_uri: str = Field(
        default="mock://random", min_length=1, description="who plays: file, folder, run:v5, mock://scripted"
    )
    sim: SimulationConfig = Field(default_factory=SimulationConfig, description="what is played")
    seed: int | None = Field(default=None, ge=0, lt=2**63, description="of the episode; none = system.seed")
    replay_file: str | None = Field(
        default=None,
        description="show this file instead of playing: .replay, .baked, or .json.z of the original",
    )
    render: Literal["browser", "movie", "none"] = Field(
        default="browser", description="browser: open the page; movie: write one; none: only the replay file"
    )
    viewer: ViewerConfig = Field(default_factory=ViewerConfig, description="where the page is served")
    out_dir: str | None = Field(default=None, description="where to write; none = data_dir/replays")
    format: Literal["auto", "mp4", "gif"] = Field(
        default="auto", description="of a movie; auto: mp4 if it can be written, else gif"
    )
    fps: int = Field(default=12, ge=1, le=60, description="of a movie: pictures per second")
    cell_size: int = Field(default=32, ge=8, le=128, description="of a movie: pixels per cell")
    max_steps: int | None = Field(
        default=None, ge=1, description="of a movie: draw only the first steps; none = all"
    )

    def invoke(self) -> int:
        """Writes the files; the page stays until Ctrl-C. Returns the exit code."""
        set_up_processor(1)  # one world is too little to share
        episode, path = self._episode()
        if isinstance(episode, Archive):
            return self._show_archive(episode, path)
        replay = episode
        ReplayPlayer(replay).verify()
        print(f"replay: {path} ({path.stat().st_size / 1024:.0f} kB, {replay.num_ticks} steps)", flush=True)
        if self.render == "browser":
            return self.viewer.show(lambda branches: branches.open(replay, path.stem), self._folder())
        if self.render == "movie":
            movie = self._movie_path(path)
            write_movie(movie, self._pictures(replay, movie.suffix == ".gif"), self.fps)
            print(f"movie:  {movie} ({movie.stat().st_size / 1024:.0f} kB)", flush=True)
        return EXIT_OK

    def _show_archive(self, archive: Archive, path: Path) -> int:
        """Shows what needs no engine, an archive or a replay of the original."""
        num_ticks = archive.last_tick - archive.first_tick + 1
        print(f"archive: {path} ({path.stat().st_size / 1024:.0f} kB, {num_ticks} ticks)", flush=True)
        if self.render == "movie":
            raise ValueError(f"{path}: movies are drawn by the engine and need a {SUFFIX} file")
        if self.render == "none":
            return EXIT_OK
        return self.viewer.show(
            lambda branches: branches.keep_archive(pack_archive(archive), path.name), self._folder()
        )

    def _episode(self) -> tuple[Replay | Archive, Path]:
        if self.replay_file is not None:
            path = Path(self.replay_file)
            return read_episode(path), path
        seed = self.system.seed if self.seed is None else self.seed
        device = torch_device(self.system.device)
        named = load_named_policy(self.policy_uri, compile_game(self.sim.env).spec, device)
        replay = record_episode(self.sim.env, named.policy, seed, device, named.name.label)
        name = re.sub(r"[^A-Za-z0-9.-]+", "_", f"{self.sim.full_name}-{named.name.label}-seed{seed}")
        return replay, write_replay(self._folder() / f"{name}{SUFFIX}", replay)

    def _folder(self) -> Path:
        return Path(self.out_dir) if self.out_dir else Path(self.system.data_dir) / "replays"

    def _movie_path(self, replay_path: Path) -> Path:
        suffix = self.format
        if suffix != "gif" and not can_write_mp4():
            print(f"{VIDEO_HINT}; writing a GIF instead", flush=True)
            suffix = "gif"
        suffix = "mp4" if suffix == "auto" else suffix
        folder = replay_path.parent if self.out_dir is None else Path(self.out_dir)
        return folder / f"{replay_path.stem}.{suffix}"

    def _pictures(self, replay: Replay, is_gif: bool) -> Iterator[np.ndarray]:
        num_ticks = max(1, min(replay.num_ticks, self.max_steps or replay.num_ticks))
        painter = ReplayPainter(replay, Framing(cell_size=self.cell_size))
        return painter.pictures(range(0, num_ticks, gif_stride(num_ticks) if is_gif else 1))
