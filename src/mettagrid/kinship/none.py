"""NoKinship: nobody is near to anybody."""

from typing import Literal

from mettagrid.config.base import Config
from mettagrid.kinship.scheme import Tables, no_tables


class NoKinship(Config):
    """Everybody is alone; nothing is shown."""

    op: Literal["none"] = "none"

    @property
    def is_shown(self) -> bool:
        """Whether observations tell anything of it."""
        return False

    def check(self, num_agents: int) -> None:
        """Fits every game."""

    def tables(self, num_agents: int) -> Tables:
        """Tables for the core."""
        return no_tables()
