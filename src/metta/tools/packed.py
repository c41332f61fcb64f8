"""A tool as one line of JSON, for another process that is to run it: its class, its settings, their modules."""

import importlib
import json
import sys
from collections.abc import Iterator
from typing import Any

from metta.common.errors import UserError
from metta.common.tool import Tool
from mettagrid.config.base import Config


def pack_tool(tool: Tool) -> str:
    """Return the tool as `unpack_tool` takes it.

    Raises:
        UserError: a class of it was written in a notebook or a script, where no other process finds it.
    """
    modules = sorted({type(config).__module__ for config in _configs(tool)})
    if "__main__" in modules:
        name = next(
            type(config).__name__ for config in _configs(tool) if type(config).__module__ == "__main__"
        )
        raise UserError(
            f"{name} is defined in the program itself, where other processes do not find it; "
            "put it into a module"
        )
    return json.dumps(
        {
            "tool": [type(tool).__module__, type(tool).__qualname__],
            "modules": modules,  # kinds of losses and the like are known by name once these are imported
            "path": sys.path,
            "settings": tool.model_dump(mode="json"),
        }
    )


def unpack_tool(text: str) -> Tool:
    """Return what `pack_tool` packed."""
    packed = json.loads(text)
    sys.path += [folder for folder in packed["path"] if folder not in sys.path]
    for module in packed["modules"]:
        importlib.import_module(module)
    module, name = packed["tool"]
    return getattr(importlib.import_module(module), name).model_validate(packed["settings"])


def _configs(value: Any) -> Iterator[Config]:
    """All configs within a value, itself first."""
    if isinstance(value, Config):
        yield value
        value = vars(value)
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            yield from _configs(part)
