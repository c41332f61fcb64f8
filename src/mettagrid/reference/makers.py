"""The games that there are: every function `make_<game>` in a module below mettagrid.games."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import mettagrid.games
from mettagrid.config.game import GameConfig


@dataclass(frozen=True)
class Maker:
    """A function that makes a game."""

    make: Callable[..., GameConfig]
    """The function."""

    @property
    def name(self) -> str:
        """Name of the game: that of the function without `make_`."""
        return self.make.__name__.removeprefix("make_")

    @property
    def about(self) -> str:
        """What the module (or package) of the game says about it: the first paragraph of its text."""
        module = ".".join(self.make.__module__.split(".")[:3])
        text = inspect.getdoc(importlib.import_module(module)) or ""
        return " ".join(text.split("\n\n")[0].split())

    @property
    def source(self) -> str:
        """Path of its file inside src/."""
        return self.make.__module__.replace(".", "/") + ".py"

    @property
    def needed(self) -> list[str]:
        """Names of the arguments that it must be given."""
        parameters = inspect.signature(self.make).parameters.values()
        return [parameter.name for parameter in parameters if parameter.default is parameter.empty]

    @property
    def has_defaults(self) -> bool:
        """Whether it makes a game without being told anything."""
        return not self.needed


def find_makers() -> list[Maker]:
    """All makers, in the order of their names."""
    return sorted(_makers(), key=lambda maker: maker.name)


def _makers() -> Iterator[Maker]:
    for found in pkgutil.walk_packages(mettagrid.games.__path__, "mettagrid.games."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("make_") and function.__module__ == module.__name__:
                yield Maker(function)
