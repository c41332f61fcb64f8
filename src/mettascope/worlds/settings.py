"""The settings of a tool as a tree, for people who read and change them: each with what it is and may be."""

import inspect
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

import annotated_types
from pydantic.fields import FieldInfo

from metta.common.classify import Target, parameters_of
from metta.common.signature import described_arguments, type_name
from mettagrid.config.base import Config

_DEEPEST = 9
_MOST = 6000
"""Settings that one answer describes; a game has some hundreds."""
_LONGEST = 400  # characters of a value

Node = dict[str, Any]


@dataclass
class _Room:
    """How many settings still fit."""

    left: int = _MOST


def argument_nodes(target: Target) -> list[Node]:
    """The arguments of the function that makes the tool."""
    about = described_arguments(inspect.getdoc(target.make) or "")
    return [
        {
            "name": name,
            "path": name,
            "type": "" if parameter.annotation is Any else type_name(parameter.annotation),
            "about": about.get(name, ""),
            "value": None if parameter.is_required else _typed(parameter.default),
        }
        | _choices(parameter.annotation)
        for name, parameter in parameters_of(target).items()
    ]


def setting_nodes(config: Config) -> list[Node]:
    """The fields of a config, those inside of it below them (`parts`)."""
    return list(_fields(config, "", _Room(), 0))


def _fields(config: Config, where: str, room: _Room, depth: int) -> Iterator[Node]:
    for name, info in type(config).model_fields.items():
        if name == "op" or (name == "form" and not where):
            continue
        yield _node(name, f"{where}{name}", getattr(config, name), room, depth) | _described(info)


def _node(name: str, path: str, value: Any, room: _Room, depth: int) -> Node:
    """A setting with its value as one would type it, or with its parts."""
    room.left -= 1
    parts = list(_parts(value, f"{path}.", room, depth + 1)) if depth < _DEEPEST and room.left > 0 else []
    node: Node = {"name": name, "path": path, "value": None if parts else _typed(value)}
    return node | {"type": type(value).__name__, "about": _sort(value)} | ({"parts": parts} if parts else {})


def _parts(value: Any, where: str, room: _Room, depth: int) -> Iterator[Node]:
    if isinstance(value, Config):
        yield from _fields(value, where, room, depth)
        return
    if isinstance(value, Mapping):
        items: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list | tuple) and any(isinstance(item, Config) for item in value):
        items = enumerate(value)
    else:
        return
    for key, item in items:
        yield _node(str(key), f"{where}{key}", item, room, depth)


def _sort(value: Any) -> str:
    """What kind of thing stands in a list or dict: its tag."""
    return (
        str(getattr(value, "op", None) or getattr(value, "form", None) or "")
        if isinstance(value, Config)
        else ""
    )


def _described(info: FieldInfo) -> Node:
    """What a field's declaration tells."""
    about = " ".join((info.description or "").split())
    default = info.get_default(call_default_factory=True) if not info.is_required() else None
    described: Node = {"type": type_name(info.annotation), "range": _range(info.metadata)}
    described |= {"about": about} if about else {}
    if not info.is_required() and not isinstance(default, Config):
        described["default"] = _typed(default)
    return described | _choices(info.annotation)


def _range(metadata: Iterable[Any]) -> str:
    """Bounds as people write them: `1 to 1024`, `more than 0`."""
    low, high, words = "", "", []
    for item in metadata:
        if isinstance(item, annotated_types.Ge):
            low = f"{item.ge}"
        elif isinstance(item, annotated_types.Le):
            high = f"{item.le}"
        elif isinstance(item, annotated_types.Gt):
            words.append(f"more than {item.gt}")
        elif isinstance(item, annotated_types.Lt):
            words.append(f"less than {item.lt}")
    if low and high:
        words.insert(0, f"{low} to {high}")
    elif low or high:
        words.insert(0, f"{low} or more" if low else f"{high} or less")
    return ", ".join(words)


def _choices(annotation: Any) -> Node:
    """What can be chosen, where that is a short list."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if annotation is bool:
        return {"choices": ["false", "true"]}
    if get_origin(annotation) is Literal:
        return {"choices": [_typed(choice) for choice in get_args(annotation)]}
    return {}


def _typed(value: Any) -> str:
    """A value as one would type it on the command line; what cannot be typed is cut."""
    if isinstance(value, str):
        return value
    if isinstance(value, Config):
        text = value.model_dump_json()
    else:
        text = json.dumps(value, default=_plain, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, Config) else str(value)
