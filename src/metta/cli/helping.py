"""`-h`: what the command can do, and the arguments and settings of one tool with their defaults."""

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from metta.cli.listing import list_recipes
from metta.cli.report import short
from metta.cli.resolve import resolve
from metta.cli.tables import print_json, print_table
from metta.common.classify import Parameter, Target, parameters_of, tool_class
from metta.common.discover import Recipe, find_recipe, find_recipes
from metta.common.signature import described_arguments, type_name
from metta.common.words import canonical_tool
from mettagrid.config.base import Config

_DEEPEST = 4
_DEEPEST_NAMED = 2  # configs by name: losses have rows, the hundred things of a game do not


def print_help(words: Sequence[str], as_json: bool) -> None:
    """Print the help for a tool of a recipe; a recipe alone: its tools; a tool alone: the first recipe's.

    Raises:
        UserError: there is no such tool or recipe.
    """
    known = find_recipes()
    if len(words) == 1 and find_recipe(words[0], known):
        list_recipes(words, as_json)
        return
    target = resolve(_complete(words, known), known)
    arguments, settings = argument_rows(target), setting_rows(target)
    if as_json:
        names = ("name", "type", "default", "about")
        print_json(
            {"tool": target.name}
            | {
                title: [dict(zip(names, row, strict=True)) for row in rows]
                for title, rows in (("arguments", arguments), ("settings", settings))
            }
        )
        return
    about = inspect.getdoc(target.make)
    print(f"{target.name}: {about.splitlines()[0] if about else 'no description'}\n")
    _print_rows("Arguments of the function", arguments)
    _print_rows("Settings of the tool", settings)
    print('Give them as key=value: 1M, 2.5k, true, null, [1, 2], {a: 1}, "text".')


def argument_rows(target: Target) -> list[tuple[str, str, str, str]]:
    """Return (name, type, default, description) of each argument of a maker."""
    described = described_arguments(inspect.getdoc(target.make) or "")
    return [
        (name, _type_text(parameter.annotation), _default_text(parameter), described.get(name, ""))
        for name, parameter in parameters_of(target).items()
    ]


def setting_rows(target: Target) -> list[tuple[str, str, str, str]]:
    """Return (dotted path, type, default, description) of each field of the tool as the recipe makes it."""
    made = tool_class(target)
    example = _example(target)
    if example is not None:
        return list(_field_rows(type(example), example, ""))
    return list(_field_rows(made, None, "")) if made else []


def _complete(words: Sequence[str], known: Sequence[Recipe]) -> Sequence[str]:
    if len(words) == 1 and "." not in words[0]:
        kind = canonical_tool(words[0])
        for recipe in known:
            if not recipe.error and any(kind in (maker.name, maker.tool) for maker in recipe.makers):
                return [words[0], recipe.name]
    return words


def _example(target: Target) -> Config | None:
    if any(parameter.is_required for parameter in parameters_of(target).values()):
        return None
    try:
        return target.make()
    except ValidationError:
        return None


def _field_rows(owner: type[Config], value: Config | None, where: str) -> Iterator[tuple[str, str, str, str]]:
    for name, info in owner.model_fields.items():
        path = f"{where}{name}"
        current = getattr(value, name) if value is not None else info.get_default(call_default_factory=True)
        about = " ".join((info.description or "").split())
        if isinstance(current, Config) and path.count(".") < _DEEPEST:
            yield path, type(current).__name__, "", about
            yield from _field_rows(type(current), current, f"{path}.")
        else:
            default = "(required)" if info.is_required() and value is None else _value_text(current)
            yield path, _type_text(info.annotation), default, about
            for key, item in current.items() if isinstance(current, dict) else ():
                if isinstance(item, Config) and path.count(".") < _DEEPEST_NAMED:
                    yield from _field_rows(type(item), item, f"{path}.{key}.")


def _type_text(annotation: Any) -> str:
    return "" if annotation is Any else short(type_name(annotation))


def _default_text(parameter: Parameter) -> str:
    return "(required)" if parameter.is_required else _value_text(parameter.default)


def _value_text(value: Any) -> str:
    if isinstance(value, Config):
        return type(value).__name__
    if isinstance(value, list | tuple) and any(isinstance(item, Config) for item in value):
        return f"{len(value)} {type(value[0]).__name__}"
    if isinstance(value, dict) and any(isinstance(item, Config) for item in value.values()):
        return short(", ".join(map(str, value)))
    return short(repr(value) if isinstance(value, str) else value)


def _print_rows(title: str, rows: Sequence[Sequence[str]]) -> None:
    if rows:
        print_table(title, ("name", "type", "default", "about"), rows)
        print()
