"""The way in for programs: open branches in a browser and stay until somebody says stop."""

from collections.abc import Callable
from pathlib import Path

from mettascope.app import create_app
from mettascope.branches import Branches
from mettascope.server.page_build import find_page
from mettascope.server.page_files import PageFiles
from mettascope.server.serve import ServerSettings, serve
from mettascope.viewer import Viewer


def show(fill: Callable[[Branches], object], settings: ServerSettings, replays: Path | None = None) -> int:
    """Serves the page until a signal says stop, and returns the exit code that it means.

    Args:
        fill: opens what is shown first; further branches can be opened from the page.
        settings: where the page is served, and whether a browser is opened.
        replays: folder whose replay files can be opened by name.

    Raises:
        ValueError: there is nothing to show: no such policy, a replay of other rules ...
        MachineError: the page cannot be built, or the port is taken.
    """
    page = PageFiles(find_page())
    branches = Branches()
    fill(branches)
    return serve(create_app(Viewer(branches), replays), page, settings)
