"""Replays in notebooks: `show(replay)` as the last line of a cell of Jupyter or marimo is a moving picture.

The movie is part of the notebook's output, so it needs no server and is still there when the notebook is sent on.
"""

import base64
import html
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Literal

from mettagrid.movies.framing import DEFAULT_WINDOW, Framing, parse_size, parse_window
from mettagrid.movies.replay_painter import ReplayPainter
from mettagrid.movies.ticks import has_stride, parse_ticks
from mettagrid.movies.write import MAX_GIF_FRAMES, can_write_mp4, gif_stride, write_movie
from mettagrid.replay import Replay
from mettagrid.replay_file import read_replay

DEFAULT_SIZE = 640  # what fits beside a notebook's margins
_TYPES = {"gif": "image/gif", "mp4": "video/mp4"}


class ReplayMovie:
    """A movie that notebooks show. It is painted when it is first shown, or by `save`."""

    def __init__(
        self, replay: Replay, ticks: range, framing: Framing, fps: int, format: Literal["gif", "mp4"]
    ) -> None:
        """See `show`."""
        self.replay, self.ticks, self.framing = replay, ticks, framing
        self.fps, self.format = fps, format
        self._painter = ReplayPainter(replay, framing)  # refuses at once what does not fit

    @cached_property
    def data(self) -> bytes:
        """The movie as a file's bytes."""
        with tempfile.TemporaryDirectory() as folder:
            return self.save(Path(folder) / f"movie.{self.format}").read_bytes()

    def save(self, path: str | Path) -> Path:
        """Writes the movie to a file, `.gif` or `.mp4`, and returns its path."""
        return write_movie(Path(path), self._painter.pictures(self.ticks), self.fps)

    def _repr_html_(self) -> str:
        """For Jupyter."""
        source = f"data:{_TYPES[self.format]};base64,{base64.b64encode(self.data).decode()}"
        words = html.escape(str(self), quote=True)
        if self.format == "gif":
            return f'<img src="{source}" alt="{words}" style="max-width: 100%">'
        return (
            f'<video src="{source}" aria-label="{words}" style="max-width: 100%" '
            "controls autoplay loop muted playsinline></video>"
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """For Jupyter: the movie, and words for where no movie can be shown."""
        return {"text/html": self._repr_html_(), "text/plain": str(self)}

    def _mime_(self) -> tuple[str, str]:
        """For marimo."""
        return "text/html", self._repr_html_()

    def __str__(self) -> str:
        origin = self.replay.origin
        who = f" played by {origin.policy}" if origin.policy else ""
        return f"{origin.game.name}{who}, ticks {self.ticks[0]} to {self.ticks[-1]}"

    __repr__ = __str__


def show(
    replay: Replay | str | Path,
    ticks: str = ":",
    follow: int | None = None,
    window: int | str | None = None,
    size: int | str = DEFAULT_SIZE,
    fps: int = 12,
    format: Literal["auto", "gif", "mp4"] = "auto",
) -> ReplayMovie:
    """A replay as a movie in a notebook.

    Args:
        replay: a replay, or the path of its file.
        ticks: as in Python's brackets: `100:200`, `-100:`, `::10`.
        follow: the agent in the middle of the picture; None shows the whole map.
        window: cells around the followed agent: 15, or "21x13".
        size: most pixels of the longer side, or exactly "WIDTHxHEIGHT".
        fps: pictures per second.
        format: auto is mp4, which can be paused, where it can be written, else gif. A gif of a long range
            without a stride skips ticks.

    Raises:
        ValueError: one line: a damaged replay, or a value that is out of range.
    """
    episode = replay if isinstance(replay, Replay) else read_replay(Path(replay))
    chosen = format if format != "auto" else "mp4" if can_write_mp4() else "gif"
    if chosen not in _TYPES:
        raise ValueError(f"format: {chosen!r} is none of auto, gif and mp4")
    shown = parse_ticks(ticks, episode.num_ticks)
    if chosen == "gif" and not has_stride(ticks):
        shown = shown[:: gif_stride(len(shown))]
    if chosen == "gif" and len(shown) > MAX_GIF_FRAMES:
        raise ValueError(f"ticks: {ticks} is {len(shown)} pictures; a GIF holds at most {MAX_GIF_FRAMES}")
    pixels, exact = parse_size(str(size))
    cells = DEFAULT_WINDOW if window is None else parse_window(str(window))
    return ReplayMovie(episode, shown, Framing(follow, cells, pixels, exact), fps, chosen)
