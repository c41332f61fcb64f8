"""Shows what a tool was made of: its settings as YAML, and what differs from the defaults."""

import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from metta.cli.tables import print_table
from metta.common.classify import Plan, Target, build_tool
from metta.common.tool import Tool

_MOST_ROWS = 60
_MISSING = "(not set)"


@dataclass(frozen=True)
class Difference:
    """A setting that differs from its class's default; `origin` is `command line` or `recipe`."""

    path: str
    value: Any
    default: Any
    origin: str


def settings_of(tool: Tool) -> dict[str, Any]:
    """Return all settings of a tool as plain data, those of subclasses included."""
    return tool.model_dump(mode="json", serialize_as_any=True)


def as_yaml(tool: Tool) -> str:
    """Return all settings of a tool as YAML."""
    return yaml.safe_dump(settings_of(tool), sort_keys=False, allow_unicode=True, width=110)


def differences(target: Target, plan: Plan, tool: Tool) -> list[Difference]:
    """Return what differs from the defaults of the tool's class, and whether recipe or user set it."""
    values = dict(_leaves(settings_of(tool)))
    defaults = dict(_leaves(_class_defaults(tool)))
    recipe = dict(_leaves(_recipe_settings(target, plan)))
    found = []
    for path, value in values.items():
        default = defaults.get(path, _MISSING)
        if value != default:
            origin = "recipe" if recipe.get(path, _MISSING) == value else "command line"
            found.append(Difference(path, value, default, origin))
    return found


def print_plan(target: Target, plan: Plan, tool: Tool) -> None:
    """Tell on stderr how the settings were understood and what differs from the defaults."""
    made = type(tool).__name__
    print(f"{target.name} makes a {made}", file=sys.stderr)
    for title, part in (("function argument", plan.arguments), ("setting of the tool", plan.overrides)):
        for key, text in part.items():
            print(f"  {title}: {key} = {text}", file=sys.stderr)
    found = sorted(differences(target, plan, tool), key=lambda difference: difference.origin)
    rows = [(each.path, short(each.value), short(each.default), each.origin) for each in found[:_MOST_ROWS]]
    title = f"Differs from the defaults of {made}" if rows else f"Nothing differs from the defaults of {made}"
    print_table(title, ("setting", "value", "default", "set by") if rows else (), rows, file=sys.stderr)
    if len(found) > _MOST_ROWS:
        print(f"and {len(found) - _MOST_ROWS} more; --dry-run shows all settings", file=sys.stderr)


def short(value: Any, length: int = 60) -> str:
    """Return a value as short text."""
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= length else text[: length - 3] + "..."


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (dotted path, value) of everything that is not a dict or a list of dicts."""
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from _leaves(part, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
        for index, part in enumerate(value):
            yield from _leaves(part, f"{path}.{index}")
    else:
        yield path, value


def _class_defaults(tool: Tool) -> dict[str, Any]:
    try:
        return settings_of(type(tool)())
    except ValidationError:
        return {name: _MISSING for name in type(tool).model_fields}


def _recipe_settings(target: Target, plan: Plan) -> dict[str, Any]:
    """Return the settings that the recipe gives when the user gives only what it cannot do without."""
    if inspect.isclass(target.make):
        return {}
    signature = inspect.signature(target.make)
    required = [
        name for name, parameter in signature.parameters.items() if parameter.default is parameter.empty
    ]
    arguments = {key: text for key, text in plan.arguments.items() if key.split(".")[0] in required}
    return settings_of(build_tool(target, Plan(arguments)))
