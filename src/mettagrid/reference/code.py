"""Configs as the Python text that makes them. Fields with their default value are left out."""

from typing import Any

from pydantic.fields import FieldInfo

from mettagrid.config.base import Config
from mettagrid.rules import Word

_TAGS = ("op", "form")
_BY_NAME = ("of", "around", "giver", "to", "aim", "requires", "where")
"""Fields that read better with their names."""


def code_of(value: Any, width: int = 110, indent: int = 0) -> str:
    """Python text for a config, or for lists, dicts and plain values of configs.

    Args:
        value: what is written.
        width: longest line; what is longer is broken after each bracket.
        indent: columns in front of the text, which the first line has already.
    """
    head, items, tail = _parts(value)
    if items is None:
        return head
    line = head + ", ".join(name + code_of(item, 10**6) for name, item in items) + tail
    if len(line) + indent <= width or not items:
        return line
    inner = indent + 4
    lines = [f"{' ' * inner}{name}{code_of(item, width, inner)},\n" for name, item in items]
    return f"{head}\n{''.join(lines)}{' ' * indent}{tail}"


def call_of(word: type[Config]) -> str:
    """The call that makes a word: its fields in their order, defaults after `=`."""
    fields = [
        name if field.is_required() else f"{name}={code_of(_default(field))}"
        for name, field in word.model_fields.items()
        if name not in _TAGS
    ]
    return f"{word.__name__}({', '.join(fields)})"


def _parts(value: Any) -> tuple[str, list[tuple[str, Any]] | None, str]:
    """What stands before, inside (names and items) and behind the brackets; no items for plain values."""
    if isinstance(value, Config):
        return f"{type(value).__name__}(", _arguments(value), ")"
    if isinstance(value, dict):
        return "{", [(f"{code_of(key)}: ", item) for key, item in value.items()], "}"
    if isinstance(value, list | tuple):
        return "[", [("", item) for item in value], "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"', None, ""
    return repr(value), None, ""


def _arguments(config: Config) -> list[tuple[str, Any]]:
    arguments: list[tuple[str, Any]] = []
    is_by_position = isinstance(config, Word)
    for name, field in type(config).model_fields.items():
        if name in _TAGS:
            continue
        value = getattr(config, name)
        is_said = field.is_required() or value != _default(field)
        is_by_position = is_by_position and is_said and name not in _BY_NAME
        if is_said:
            arguments.append(("" if is_by_position else f"{name}=", value))
    return arguments


def _default(field: FieldInfo) -> Any:
    return field.get_default(call_default_factory=True)
