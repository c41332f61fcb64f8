"""Library: the recipes that there are, and the tools that they make when their settings are changed."""

import importlib
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from types import ModuleType

from metta.common.classify import Target, build_tool, classify
from metta.common.discover import Recipe, find_recipes
from metta.common.imports import despite_other_trees
from metta.common.tool import Tool
from metta.common.words import canonical_tool
from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.config.nearest import did_you_mean
from mettagrid.maps.map_file import without_map_files
from mettascope.worlds.patience import TooSlowError, within

_PATIENCE = 30.0  # seconds for a recipe to be imported and to make its tool
_DEEPEST = 5  # levels at which games are looked for in a tool
_PREFERRED = ("play", "train", "evaluate", "replay")
"""Makers whose settings are shown first."""


@dataclass(frozen=True)
class Made:
    """A tool as a recipe makes it with some settings."""

    recipe: Recipe
    target: Target
    tool: Tool
    games: dict[str, GameConfig]
    """The games in it, by their dotted paths; the one that is played or trained first."""

    def game(self, path: str | None) -> tuple[str, GameConfig]:
        """The game at a path, or the first one, with its path; ValueError if there is none."""
        if not self.games:
            raise ValueError(f"{self.target.name} has no game to show")
        chosen = next(iter(self.games)) if path is None else path
        if chosen not in self.games:
            raise ValueError(
                f"{self.target.name} has no game at {chosen!r}; {did_you_mean(chosen, self.games)}"
            )
        return chosen, self.games[chosen]


class Library:
    """Recipes as their sources tell; a recipe is imported only when somebody asks for its settings.

    Safe to call from several threads.

    Args:
        find: finds the recipes.
        patience_s: how long a recipe may take to be imported and to make a tool.
    """

    def __init__(
        self, find: Callable[[], list[Recipe]] = find_recipes, patience_s: float = _PATIENCE
    ) -> None:
        self._find, self._patience_s = find, patience_s
        self._imported: set[str] = set()
        self._broken: dict[str, str] = {}  # recipes that could not be imported -> why
        self._endless: set[str] = set()  # recipes whose import did not end; nobody waits for them again

    def recipes(self) -> list[Recipe]:
        """All recipes; `error` tells of each that cannot be imported, as far as that is known."""
        known = self._find()
        return [replace(recipe, error=recipe.error or self._broken.get(recipe.name)) for recipe in known]

    def make(self, name: str, maker: str | None = None, changes: Mapping[str, str] | None = None) -> Made:
        """The tool that a recipe makes, as the command line would make it.

        Args:
            name: short name of a recipe.
            maker: which of its functions; None for the one that shows most.
            changes: settings as one would type them, by key.

        Raises:
            ValueError: there is no such recipe or setting, or the recipe is broken; one line.
        """
        recipe = self._recipe(name)
        chosen = _chosen_maker(recipe, maker)
        try:
            return within(
                self._patience_s, f"recipe {name}", lambda: self._make(recipe, chosen, changes or {})
            )
        except TooSlowError as error:
            if name not in self._imported:
                self._broken[name] = str(error)
                self._endless.add(name)
            raise

    def _recipe(self, name: str) -> Recipe:
        known = {recipe.name: recipe for recipe in self._find()}
        if name not in known:
            raise ValueError(f"there is no recipe {name!r}; {did_you_mean(name, known)}")
        if known[name].error is not None or name in self._endless:
            raise ValueError(f"recipe {name} is broken: {known[name].error or self._broken[name]}")
        return known[name]

    def _make(self, recipe: Recipe, maker: str, changes: Mapping[str, str]) -> Made:
        target = Target(f"{recipe.name}.{maker}", getattr(self._import(recipe), maker))
        # Who sits at the page may change a recipe, but not have any file of this machine drawn as a map.
        with without_map_files() if changes else nullcontext():
            tool = build_tool(target, classify(target, changes))
        return Made(recipe, target, tool, dict(games_of(tool)))

    def _import(self, recipe: Recipe) -> ModuleType:
        try:
            module = despite_other_trees(lambda: importlib.import_module(recipe.module))
        except BaseException as error:  # a user's program may raise anything; it is told in one line
            line = " ".join(f"{type(error).__name__}: {error}".split())
            self._broken[recipe.name] = line
            raise ValueError(f"recipe {recipe.name} is broken: {line}") from error
        self._imported.add(recipe.name)
        self._broken.pop(recipe.name, None)
        return module


def games_of(config: Config, path: str = "", depth: int = _DEEPEST) -> list[tuple[str, GameConfig]]:
    """The games in a config with their dotted paths, in the order of the fields."""
    if isinstance(config, GameConfig):
        return [(path, config)]
    found: list[tuple[str, GameConfig]] = []
    for name in type(config).model_fields if depth else ():
        value = getattr(config, name)
        place = f"{path}.{name}" if path else name
        items = enumerate(value) if isinstance(value, list | tuple) else [(None, value)]
        for index, item in items:
            if isinstance(item, Config):
                found += games_of(item, place if index is None else f"{place}.{index}", depth - 1)
    return found


def shown_makers(recipe: Recipe) -> list[str]:
    """Names of a recipe's makers, those that people look at first in front."""
    names = [maker.name for maker in recipe.makers]
    first = [name for kind in _PREFERRED for name in names if canonical_tool(name) == kind]
    return list(dict.fromkeys([*first, *names]))


def _chosen_maker(recipe: Recipe, maker: str | None) -> str:
    names = shown_makers(recipe)
    if not names:
        raise ValueError(f"recipe {recipe.name} makes no tool")
    if maker is not None and maker not in names:
        raise ValueError(f"recipe {recipe.name} has no maker {maker!r}; {did_you_mean(maker, names)}")
    return maker or names[0]
