"""The training that a sweep varies: a recipe's function, and the tool that it makes with some settings."""

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from metta.common.classify import Target, build_tool, classify
from metta.common.discover import find_recipe, find_recipes
from metta.common.errors import UserError
from metta.common.tool import Tool
from metta.common.words import command_name
from metta.sweep.space import Choice, Range
from mettagrid.config.nearest import did_you_mean


@dataclass(frozen=True)
class TrainRecipe:
    """Which function of which module, by the names that people type."""

    module: str
    entrypoint: str
    _target: list[Target] = field(default_factory=list, repr=False, compare=False)

    def build(self, settings: Mapping[str, Any]) -> Tool:
        """Return the tool with settings by dotted path, as if they had been typed.

        Raises:
            UserError: there is no such recipe, function or setting, or a value does not fit.
        """
        target = self.target()
        return build_tool(target, classify(target, {key: as_text(value) for key, value in settings.items()}))

    def command(self, settings: Mapping[str, Any]) -> str:
        """Return the command line that trains with these settings, for people to copy."""
        typed = [_quoted(f"{key}={_typed(value)}") for key, value in settings.items()]
        return " ".join([command_name(), f"{self.module}.{self.entrypoint}", *typed])

    def target(self) -> Target:
        """Return the function, imported once."""
        if not self._target:
            self._target.append(self._find())
        return self._target[0]

    def _find(self) -> Target:
        recipes = find_recipes()
        recipe = find_recipe(self.module, recipes)
        if recipe is None:
            hint = did_you_mean(self.module, {known.name for known in recipes})
            raise UserError(f"recipe_module: there is no recipe {self.module!r}; {hint}")
        if recipe.error:
            raise UserError(f"recipe_module: {recipe.name} is broken: {recipe.error}")
        make = getattr(importlib.import_module(recipe.module), self.entrypoint, None)
        if not callable(make):
            hint = did_you_mean(self.entrypoint, {maker.name for maker in recipe.makers})
            raise UserError(f"train_entrypoint: {recipe.name} has no function {self.entrypoint!r}; {hint}")
        return Target(f"{recipe.module}.{self.entrypoint}", make)


def check_space(
    recipe: TrainRecipe, space: Mapping[str, Range | Choice], fixed: Mapping[str, Any]
) -> list[Tool]:
    """Build the tool with the ends of every range and every choice, one setting at a time; return all these.

    Raises:
        UserError: a setting does not exist, or cannot have one of its values.
    """
    tools = [recipe.build(fixed)]
    for key, parameter in space.items():
        for value in parameter.extremes():
            try:
                tools.append(recipe.build({**fixed, key: value}))
            except ValueError as error:
                raise UserError(f"search_space, {key}={_typed(value)}: {error}") from error
    return tools


def value_at(tool: Tool, path: str) -> Any:
    """Return the setting at a dotted path, None if the tool has no such setting."""
    value: Any = tool
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
    return value


def as_text(value: Any) -> str:
    """Write a value so that the command line's reading of it gives the same value; text is never a number."""
    return f'"{value}"' if isinstance(value, str) else json.dumps(value)


def _typed(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _quoted(word: str) -> str:
    return f"'{word}'" if any(sign in word for sign in ' []{}*?$&;<>|()"') else word
