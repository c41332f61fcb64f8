"""Tool: a configuration that does one job when it is run."""

from abc import ABC, abstractmethod

from pydantic import Field

from metta.common.system import SystemConfig
from metta.common.words import tool_name
from mettagrid.config.base import Config


class Tool(Config, ABC):
    """Base of train, evaluate, play, replay and of a user's own tools.

    A recipe is a module of functions that return tools; `metta TOOL RECIPE key=value` makes and invokes one.
    """

    system: SystemConfig = Field(
        default_factory=SystemConfig, description="device, seed, threads, folder for data"
    )

    @abstractmethod
    def invoke(self) -> int | None:
        """Do the job and return the exit code (None means 0).

        A user's mistake raises ValueError with one line; `metta.common.errors` has the other exit codes.
        """

    @classmethod
    def tool_name(cls) -> str:
        """Return the word for this kind of tool on the command line: TrainTool -> train."""
        return tool_name(cls.__name__)
