"""From the words on the command line to the function or Tool class that they mean: module, then maker.

train arena, arena.train                       a recipe's short name
recipes.prod.arena.train                       a module's full name
experiments.recipes.arena.train                the name that recipes had in 2025
experiments.user.my_tasks.my_train             any function or Tool class that can be imported
"""

import importlib
import inspect
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from metta.cli.failures import describe_import_failure
from metta.cli.house.commands import HOUSE_COMMANDS
from metta.common.classify import Target
from metta.common.discover import Recipe, find_recipe, find_recipes
from metta.common.errors import UserError
from metta.common.tool import Tool
from metta.common.words import TOOL_ALIASES, canonical_tool
from mettagrid.config.nearest import did_you_mean, nearest_names


def resolve(words: Sequence[str], recipes: Sequence[Recipe] | None = None) -> Target:
    """Find what `TOOL RECIPE` or a dotted name means and import it.

    Raises:
        UserError: nothing has that name (the line tells the nearest ones), or its module cannot be imported.
    """
    known = find_recipes() if recipes is None else recipes
    if len(words) == 2:
        tool, module_name = words
    else:
        module_name, _, tool = words[0].rpartition(".")
        if not module_name:
            raise _lone_word(words[0], known)
    recipe = find_recipe(module_name, known)
    if recipe is None:
        raise _unknown_recipe(tool, module_name, known)
    maker_name = _maker_name(recipe, tool)
    module = _import(recipe)
    make = getattr(module, maker_name or tool, None)
    if make is None and canonical_tool(tool) == "sweep" and hasattr(module, "train"):
        from metta.tools.sweep import sweep_of  # noqa: PLC0415  (imports PyTorch, which other tools may not need)

        make = sweep_of(recipe.module)
    if make is None or not _makes_tools(make):
        raise _unknown_tool(recipe, module, tool)
    return Target(f"{recipe.module}.{maker_name or tool}", make)


def tool_words(recipes: Sequence[Recipe]) -> set[str]:
    """Return all words for tools: names of makers, kinds of tools, and aliases of these kinds."""
    kinds = {maker.tool for recipe in recipes for maker in recipe.makers}
    names = {maker.name for recipe in recipes for maker in recipe.makers}
    return names | kinds | {alias for alias, kind in TOOL_ALIASES.items() if kind in kinds}


def _maker_name(recipe: Recipe, tool: str) -> str | None:
    """Return the maker for a word: of that name, of another word for it, or the only one of the kind."""
    kind = canonical_tool(tool)
    names = [maker.name for maker in recipe.makers]
    spelled = [name for name in names if canonical_tool(name) == kind]
    for name in (tool, kind, *spelled):
        if name in names:
            return name
    of_kind = [maker.name for maker in recipe.makers if maker.tool == kind]
    if len(of_kind) > 1:
        raise UserError(
            f"{recipe.name} has several tools of the kind {kind}; say which: {', '.join(of_kind)}"
        )
    return of_kind[0] if of_kind else None


def _import(recipe: Recipe) -> ModuleType:
    try:
        return importlib.import_module(recipe.module)
    # A recipe is the user's program: whatever it raises while it is imported is told in one line.
    except Exception as error:
        line = describe_import_failure(recipe.module, error)
        if line is None:
            raise
        raise UserError(line) from error


def _makes_tools(make: Any) -> bool:
    if inspect.isclass(make):
        return issubclass(make, Tool) and not inspect.isabstract(make)
    return callable(make)


def _lone_word(word: str, recipes: Sequence[Recipe]) -> UserError:
    recipe = next((recipe for recipe in recipes if recipe.name == word), None)
    if recipe is not None:
        names = [maker.name for maker in recipe.makers]
        example = f"; e.g. metta {names[0]} {word}" if names else ""
        return UserError(
            f"{word} is a recipe: say what to do with it: {', '.join(names) or 'it has no tools'}{example}"
        )
    words = tool_words(recipes)
    if word in words:
        having = [r.name for r in recipes if any(canonical_tool(word) in (m.name, m.tool) for m in r.makers)]
        having = having or [r.name for r in recipes if any(word == m.name for m in r.makers)]
        return UserError(f"{word} needs a recipe: {', '.join(having)}; e.g. metta {word} {having[0]}")
    names = words | {recipe.name for recipe in recipes} | set(HOUSE_COMMANDS)
    return UserError(f"there is no tool, recipe or command {word!r}; {did_you_mean(word, names)}")


def _unknown_recipe(tool: str, name: str, recipes: Sequence[Recipe]) -> UserError:
    names = {recipe.name for recipe in recipes}
    if tool in names and name in tool_words(recipes):
        return UserError(f"there is no recipe {name!r}; did you mean metta {name} {tool}?")
    near = nearest_names(name, {recipe.module for recipe in recipes} if "." in name else names)
    hint = f"did you mean {' or '.join(near)}?" if near else did_you_mean(name, names)
    return UserError(f"there is no recipe or module {name!r}; {hint}")


def _unknown_tool(recipe: Recipe, module: ModuleType, tool: str) -> UserError:
    names = {maker.name for maker in recipe.makers}
    names |= {name for name, value in vars(module).items() if inspect.isclass(value) and _makes_tools(value)}
    if hasattr(module, tool):
        return UserError(f"{recipe.module}.{tool} is neither a function nor a Tool class that can run")
    return UserError(f"{recipe.name} has no tool {tool!r}; {did_you_mean(tool, names)}")
