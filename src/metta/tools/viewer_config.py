"""ViewerConfig: where the viewer's page is served; part of every tool that opens it."""

from collections.abc import Callable
from pathlib import Path

from pydantic import Field

from mettagrid.config.base import Config
from mettascope.branches import Branches
from mettascope.server.serve import ServerSettings
from mettascope.show import show


class ViewerConfig(Config):
    """Where the viewer is reached. The default is for this machine only."""

    host: str = Field(default="127.0.0.1", min_length=1, description="address to listen at")
    port: int | None = Field(
        default=None, ge=0, le=65535, description="none = 8765, or a free one while that is taken"
    )
    names: list[str] = Field(
        default_factory=list, description="further names under which it is reached, e.g. of a tunnel"
    )
    open_browser: bool = Field(default=True, description="open a browser, where there is one")

    def show(self, fill: Callable[[Branches], object], replays: Path | None = None) -> int:
        """Shows what `fill` opens until somebody says stop; see `mettascope.show`."""
        settings = ServerSettings(self.host, self.port, tuple(self.names), self.open_browser)
        return show(fill, settings, replays)
