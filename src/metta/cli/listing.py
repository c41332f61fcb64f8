"""`--list`: all recipes, those that have a tool, or the tools of one. Reads sources, imports none of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from metta.cli.tables import print_json, print_table
from metta.common.discover import Recipe, find_recipe, find_recipes
from metta.common.errors import UserError
from metta.common.words import canonical_tool


def list_recipes(words: Sequence[str], as_json: bool) -> None:
    """Print all recipes (no words), the tools of a recipe (alone or after a tool), or the recipes of a tool.

    Raises:
        UserError: a word is neither a tool nor a recipe.
    """
    known = find_recipes()
    chosen = select(words, known)
    if as_json:
        print_json([as_data(recipe) for recipe in chosen])
    elif not words:
        _print_all(chosen)
    else:
        _print_makers(chosen)


def select(words: Sequence[str], known: Sequence[Recipe]) -> list[Recipe]:
    """Return the recipes to list, each only with the makers that the words ask for."""
    if not words:
        return list(known)
    recipe = find_recipe(words[-1], known)
    if recipe is not None:
        return [recipe]
    kind = canonical_tool(words[-1])
    chosen = [_only(kind, recipe) for recipe in known]
    chosen = [recipe for recipe in chosen if recipe.makers]
    if not chosen:
        # Only here: the package behind it is slow to import, and listing must be instant.
        from mettagrid.config.nearest import did_you_mean  # noqa: PLC0415

        names = {recipe.name for recipe in known} | {
            maker.name for recipe in known for maker in recipe.makers
        }
        raise UserError(f"there is no tool or recipe {words[-1]!r} to list; {did_you_mean(words[-1], names)}")
    return chosen


def as_data(recipe: Recipe) -> dict[str, Any]:
    """Return a recipe as JSON-able data."""
    makers = [{"name": maker.name, "tool": maker.tool, "summary": maker.summary} for maker in recipe.makers]
    return {
        "recipe": recipe.name,
        "module": recipe.module,
        "file": str(recipe.path),
        "summary": recipe.summary,
        "tools": makers,
        "error": recipe.error,
    }


def _only(kind: str, recipe: Recipe) -> Recipe:
    return replace(recipe, makers=tuple(maker for maker in recipe.makers if kind in (maker.name, maker.tool)))


def _print_all(chosen: Sequence[Recipe]) -> None:
    if not chosen:
        print("There are no recipes: write one in recipes/experiment/, see ARCHITECTURE.md.")
        return
    rows = [
        (recipe.name, ", ".join(maker.name for maker in recipe.makers), _about(recipe)) for recipe in chosen
    ]
    print_table("Recipes", ("recipe", "tools", "about"), rows)
    print(f"\nRun one: metta TOOL RECIPE, e.g. metta {_example(chosen)}   Its settings: metta TOOL RECIPE -h")


def _print_makers(chosen: Sequence[Recipe]) -> None:
    rows = [
        (f"{maker.name} {recipe.name}", maker.tool, maker.summary)
        for recipe in chosen
        for maker in recipe.makers
    ]
    if rows:
        print_table("Tools", ("metta ...", "kind", "about"), rows)
    for recipe in chosen:
        if recipe.error or not recipe.makers:
            print(f"{recipe.name}: {_about(recipe) or 'has no function that returns a Tool'}")


def _about(recipe: Recipe) -> str:
    return f"BROKEN {recipe.path.name}, {recipe.error}" if recipe.error else recipe.summary


def _example(chosen: Sequence[Recipe]) -> str:
    return next(
        (f"{recipe.makers[0].name} {recipe.name}" for recipe in chosen if recipe.makers), "train arena"
    )
