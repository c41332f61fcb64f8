"""The words of the command line for kinds of tools. Imports next to nothing: listing recipes is instant."""

import os
import re

TOOL_ALIASES = {
    "eval": "evaluate",
    "sim": "evaluate",
    "simulate": "evaluate",
    "analyse": "analyze",
    "analysis": "analyze",
}


def tool_name(class_name: str) -> str:
    """Turn the name of a Tool class into the word for it: `OwnSweepTool` -> `own_sweep`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", class_name.removesuffix("Tool") or class_name).lower()


def canonical_tool(word: str) -> str:
    """Turn another word for a tool into the usual one: `eval` and `sim` mean `evaluate`."""
    return TOOL_ALIASES.get(word, word)


def command_name() -> str:
    """How this program was called, for commands that a reader may copy: `./metta` in a clone, else `metta`."""
    return os.environ.get("METTA_COMMAND", "metta")
