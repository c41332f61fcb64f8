"""Replays in notebooks: `show(replay)` as the last line of a cell of Jupyter or marimo is the viewer with the episode.

One can play, seek, zoom and look closer there. It is part of the notebook's output, so it needs no server and is still
there when the notebook is sent on. For a movie see `mettagrid.notebook`.
"""

import html
from functools import cached_property
from pathlib import Path

from mettagrid.movies.ticks import parse_ticks
from mettagrid.replay import Replay
from mettagrid.whole_file import whole_file
from mettascope.archive import Archive, bake, pack_archive
from mettascope.archive.opening import read_episode
from mettascope.archive.page import saved_page
from mettascope.server.page_build import find_page

DEFAULT_HEIGHT = 600
_FRAME = (
    '<iframe sandbox="allow-scripts" allow="fullscreen" title="{title}" srcdoc="{page}" '
    'style="width: 100%; height: {height}px; border: 0"></iframe>'
)


class EpisodePage:
    """The viewer's page with an episode in it, as notebooks show it."""

    def __init__(self, archive: Archive, height: int) -> None:
        """See `show`."""
        self.archive, self.height = archive, height

    @cached_property
    def page(self) -> str:
        """The whole page as HTML."""
        return saved_page(find_page(), pack_archive(self.archive), self.archive.world["title"])

    def save(self, path: str | Path) -> Path:
        """Writes the page to a file, which any browser opens, and returns its path."""
        with whole_file(Path(path)) as temporary:
            temporary.write_text(self.page)
        return Path(path)

    def _repr_html_(self) -> str:
        """For Jupyter. The frame may run its script, and can reach nothing of the notebook."""
        title, page = html.escape(str(self), quote=True), html.escape(self.page, quote=True)
        return _FRAME.format(title=title, page=page, height=self.height)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """For Jupyter: the page, and words for where none can be shown."""
        return {"text/html": self._repr_html_(), "text/plain": str(self)}

    def _mime_(self) -> tuple[str, str]:
        """For marimo."""
        return "text/html", self._repr_html_()

    def __str__(self) -> str:
        return f"{self.archive.world['title']}, ticks {self.archive.first_tick} to {self.archive.last_tick}"

    __repr__ = __str__


def show(
    replay: Replay | Archive | str | Path, ticks: str | None = None, height: int = DEFAULT_HEIGHT
) -> EpisodePage:
    """A recorded episode in a notebook, to be looked at as in the viewer.

    Args:
        replay: a replay, an archive, or the path of a `.replay`, `.baked` or `.json.z`.
        ticks: only a part of a replay, as in Python's brackets: `100:200`, `-100:`. The notebook grows with it.
        height: of the page, in pixels.

    Raises:
        ValueError: one line: a damaged file, or no such ticks.
        MachineError: the page has to be built once, and npm is missing.
    """
    episode = read_episode(Path(replay)) if isinstance(replay, str | Path) else replay
    if not 100 <= height <= 4000:
        raise ValueError(f"height: {height} is not between 100 and 4000 pixels")
    if isinstance(episode, Replay):
        episode = bake(episode, None if ticks is None else parse_ticks(ticks, episode.last_tick + 1))
    elif ticks is not None:
        raise ValueError("ticks: an archive is kept as it is; a part can be taken of a replay")
    return EpisodePage(episode, height)
