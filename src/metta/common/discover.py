"""Finds recipes and what they offer by reading their source: listing imports neither PyTorch nor recipes.

A recipe is a module below `recipes.prod` or `recipes.experiment`. What it offers (its makers) are its public
functions that return a tool: annotated `-> TrainTool`, or, not annotated, ending in `return TrainTool(...)`.
"""

import ast
import importlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from metta.common.imports import broken_import, find_source, parse_source
from metta.common.words import tool_name

TIERS = ("prod", "experiment")
# `experiments.recipes.arena` is what `recipes.prod.arena` was called in 2025.
_OTHER_PREFIXES = ("experiments.recipes.", "recipes.", "prod.", "experiment.")


@dataclass(frozen=True)
class Maker:
    """A function of a recipe that makes a tool: its name, the kind of tool and one line about it."""

    name: str
    tool: str
    summary: str


@dataclass(frozen=True)
class Recipe:
    """A recipe as its source tells; `name` is what people type, `error` why it cannot run, or None."""

    name: str
    module: str
    path: Path
    summary: str = ""
    makers: tuple[Maker, ...] = ()
    error: str | None = None


def find_recipes(folders: Iterable[str] | None = None) -> list[Recipe]:
    """Return all recipes, prod before experiment, by name; of two with one name the first counts.

    Args:
        folders: folders that hold `prod/` and `experiment/`; `recipe_folders()` if None.
    """
    found: dict[str, Recipe] = {}
    for tier in TIERS:
        for folder in recipe_folders() if folders is None else folders:
            for recipe in _scan_folder(Path(folder) / tier, f"recipes.{tier}"):
                found.setdefault(recipe.name, recipe)
    return list(found.values())


def find_recipe(name: str, recipes: Sequence[Recipe]) -> Recipe | None:
    """Return the recipe of a short or full name, or another module read like a recipe, or None."""
    for recipe in recipes:
        if name in (recipe.name, recipe.module):
            return recipe
    path = find_source(name)
    if path is not None:
        return read_recipe(name, name, path)
    for prefix in _OTHER_PREFIXES:
        if name.startswith(prefix):
            return find_recipe(name.removeprefix(prefix), recipes)
    return None


def recipe_folders() -> list[str]:
    """Return the folders of the package `recipes`, which no code of ours knows by name: people own it."""
    return list(importlib.import_module("recipes").__path__)


def read_recipe(name: str, module: str, path: Path) -> Recipe:
    """Read one source file; a file that cannot be read, parsed or imported gives a Recipe with `error`."""
    try:
        tree = parse_source(path)
    except SyntaxError as error:
        return Recipe(name, module, path, error=f"line {error.lineno}: {error.msg}")
    except (OSError, ValueError, RecursionError) as error:
        return Recipe(name, module, path, error=str(error))
    makers = tuple(maker for node in tree.body if (maker := _read_maker(node)))
    return Recipe(name, module, path, _first_line(tree), makers, broken_import(tree, module))


def _scan_folder(folder: Path, package: str) -> Iterator[Recipe]:
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        if not any(part.startswith((".", "_")) for part in parts):
            yield read_recipe(".".join(parts), ".".join([package, *parts]), path)


def _read_maker(node: ast.stmt) -> Maker | None:
    if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
        return None
    returned = _returned_class(node)
    return Maker(node.name, tool_name(returned), _first_line(node)) if returned.endswith("Tool") else None


def _returned_class(function: ast.FunctionDef) -> str:
    """Return the name of the class that a function says it returns, "" if it does not say."""
    if function.returns is not None:
        if isinstance(function.returns, ast.Constant):
            return str(function.returns.value).split(".")[-1]
        return _last_name(function.returns)
    last = function.body[-1]
    if isinstance(last, ast.Return) and isinstance(last.value, ast.Call):
        return _last_name(last.value.func)
    return ""


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _first_line(node: ast.Module | ast.FunctionDef) -> str:
    return (ast.get_docstring(node) or "").strip().split("\n")[0]
