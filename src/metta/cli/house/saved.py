"""`metta render` for what needs no engine afterwards: a saved page (`.html`) or an archive (`.baked`) of an episode."""

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from metta.common.errors import UserError
from mettagrid.movies.ticks import parse_ticks
from mettagrid.replay import Replay
from mettagrid.whole_file import whole_file
from mettascope.archive import SUFFIX, Archive, bake, pack_archive
from mettascope.archive.opening import read_episode
from mettascope.archive.page import saved_page
from mettascope.server.page_build import find_page

PAGE = ".html"
SAVED = (PAGE, SUFFIX)


def write_saved(source: Path, out: Path, options: argparse.Namespace) -> str:
    """Writes the page or the archive and returns a line that says what it is.

    Args:
        source: a replay, an archive, or a replay of the original.
        out: ends in `.html` or `.baked`.
        options: of the command line; those for pictures are refused.

    Raises:
        UserError: an option cannot be. What is wrong with the file is a ValueError of one line.
    """
    for option in ("follow", "window", "fps", "no_legend"):
        if getattr(options, option):
            raise UserError(f"--{option.replace('_', '-')} is for pictures; {out} shows everything")
    archive = _archive(read_episode(source), source, options.ticks)
    data = pack_archive(archive)
    content = saved_page(find_page(), data, archive.world["title"]).encode() if out.suffix == PAGE else data
    with whole_file(out) as temporary:
        temporary.write_bytes(content)
    what = "a page that needs no server" if out.suffix == PAGE else "an archive"
    return f"{out}: {what}, ticks {archive.first_tick} to {archive.last_tick}, {len(content) / 1024:,.0f} kB"


def _archive(episode: Replay | Archive, source: Path, ticks: str | None) -> Archive:
    if isinstance(episode, Archive):
        if ticks is not None:
            raise UserError(f"--ticks: {source} is kept as it is; a part can be taken of a .replay")
        return episode
    part = None if ticks is None else parse_ticks(ticks, episode.last_tick + 1)
    console = Console(file=sys.stderr)
    columns = (TextColumn("playing it once more"), BarColumn(), TextColumn("{task.percentage:.0f}%"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("bake", total=None)
        return bake(
            episode, part, source.stem, lambda done, total: progress.update(task, completed=done, total=total)
        )
