"""Tells arguments of a recipe's function from settings of the tool that it returns, and builds the tool.

A key belongs to the function if the function has a parameter of that name, else to the tool if the tool has
such a field. `policy_uri` also finds `policy_uris`, and the other way round.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import create_model

from metta.common.errors import UserError
from metta.common.parse import readings
from metta.common.tool import Tool
from mettagrid.config.base import Config, Readings, config_class, fitting_value
from mettagrid.config.nearest import did_you_mean, nearest_names


@dataclass(frozen=True)
class Target:
    """What to run: `make` is a function that returns a Tool, or a Tool class; `name` is its full name."""

    name: str
    make: Callable[..., Any]


@dataclass
class Plan:
    """Settings sorted by where they go. `arguments` and `overrides` map dotted keys to the typed texts."""

    arguments: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function that makes a tool, or one required field of a Tool class."""

    name: str
    annotation: Any = Any
    default: Any = inspect.Parameter.empty
    description: str = ""

    @property
    def is_required(self) -> bool:
        """True if the parameter has no default."""
        return self.default is inspect.Parameter.empty


def parameters_of(target: Target) -> dict[str, Parameter]:
    """Return the parameters of a maker by name; of a Tool class only the fields without a default."""
    made = tool_class(target)
    if inspect.isclass(target.make) and made:
        fields = made.model_fields.items()
        return {name: Parameter(name, info.annotation) for name, info in fields if info.is_required()}
    parameters: dict[str, Parameter] = {}
    for name, parameter in _signature(target).parameters.items():
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            annotation = Any if parameter.annotation is parameter.empty else parameter.annotation
            parameters[name] = Parameter(name, annotation, parameter.default)
    return parameters


def tool_class(target: Target) -> type[Tool] | None:
    """Return the Tool class that a maker makes, or None if the function is not annotated with one."""
    made = target.make if inspect.isclass(target.make) else _signature(target).return_annotation
    return made if inspect.isclass(made) and issubclass(made, Tool) else None


def classify(target: Target, settings: Mapping[str, str]) -> Plan:
    """Sort settings into arguments of the function and overrides of the tool.

    Raises:
        UserError: a key is neither; the line names the nearest keys.
    """
    parameters = parameters_of(target)
    made = tool_class(target)
    fields = set(made.model_fields) if made else None
    plan = Plan()
    for typed, text in settings.items():
        key = _known_key(typed, parameters, fields)
        if key is None:
            raise _unknown_key(typed, target, parameters, made)
        (plan.arguments if _is_argument(key, parameters, fields) else plan.overrides)[key] = text
    return plan


def build_tool(target: Target, plan: Plan) -> Tool:
    """Call the maker with its arguments and apply the overrides.

    Raises:
        UserError: a required argument is missing, a value does not fit, or the function returned no Tool.
    """
    tool = target.make(**_arguments(target, plan.arguments))
    if not isinstance(tool, Tool):
        raise UserError(f"{target.name} returned {type(tool).__name__}, not a Tool")
    try:
        return tool.override_all({key: readings(text) for key, text in plan.overrides.items()})
    except ValueError as error:
        raise UserError(str(error)) from error


def _signature(target: Target) -> inspect.Signature:
    try:
        return inspect.signature(target.make, eval_str=True)
    except (NameError, SyntaxError, TypeError) as error:
        raise UserError(f"{target.name}: cannot read its annotations: {error}") from error


def _known_key(typed: str, parameters: Mapping[str, Parameter], fields: set[str] | None) -> str | None:
    """Return the valid form of a key, None if it is unknown; if the fields are unknown any key may be one."""
    known = set(parameters) | (fields or set())
    head, dot, rest = typed.partition(".")
    for name in (head, head + "s", head.removesuffix("s")):
        if name in known:
            return name + dot + rest
    return typed if fields is None else None


def _is_argument(key: str, parameters: Mapping[str, Parameter], fields: set[str] | None) -> bool:
    """Decide for a known key. `p.x` is the function's only if p starts as a config, else the tool's."""
    head, _, rest = key.partition(".")
    if head not in parameters:
        return False
    if not rest or (fields is not None and head not in fields):
        return True
    return isinstance(parameters[head].default, Config | dict)


def _unknown_key(
    key: str, target: Target, parameters: Mapping[str, Parameter], made: type[Tool] | None
) -> UserError:
    last = key.rpartition(".")[2]
    deep = [path for path in _class_paths(made) if path.rpartition(".")[2] == last] if made else []
    known = set(parameters) | set(made.model_fields if made else ())
    near = nearest_names(key.split(".", maxsplit=1)[0], known)
    hint = (
        f"did you mean {' or '.join(deep[:3])}?"
        if deep and not near
        else did_you_mean(key.split(".", maxsplit=1)[0], known)
    )
    return UserError(f"{target.name} has no argument and no setting {key!r}; {hint}")


def _class_paths(config: type[Config], depth: int = 4) -> list[str]:
    """Return the dotted paths of all fields of a config class, down to a depth."""
    paths: list[str] = []
    for name, info in config.model_fields.items():
        paths.append(name)
        inner = config_class(info.annotation)
        if inner and depth:
            paths += [f"{name}.{path}" for path in _class_paths(inner, depth - 1)]
    return paths


def _arguments(target: Target, typed: Mapping[str, str]) -> dict[str, Any]:
    parameters = parameters_of(target)
    values: dict[str, Any] = {}
    try:
        for key, text in typed.items():
            head, _, path = key.partition(".")
            parameter = parameters[head]
            if path:
                values[head] = _changed_part(
                    parameter, values.get(head, parameter.default), path, readings(text)
                )
            else:
                values[head] = fitting_value(parameter.annotation, readings(text), key)
    except ValueError as error:
        raise UserError(str(error)) from error
    missing = [name for name, parameter in parameters.items() if parameter.is_required and name not in values]
    if missing:
        raise UserError(f"{target.name} needs {', '.join(f'{name}=...' for name in missing)}")
    return values


def _changed_part(parameter: Parameter, value: Any, path: str, change: Readings) -> Any:
    """Return a parameter's value with something inside it changed, through a Config that holds it alone."""
    fields: Any = {parameter.name: (parameter.annotation, None)}
    holder = create_model("Arguments", __base__=Config, **fields)
    start = None if value is inspect.Parameter.empty else value
    changed = holder.model_construct(**{parameter.name: start})
    return getattr(changed.override(f"{parameter.name}.{path}", change), parameter.name)
