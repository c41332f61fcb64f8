"""What a function's annotations and docstring say about its arguments, in the words that people read."""

import re
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin


def type_name(annotation: Any) -> str:
    """Return an annotation as people write it, without modules and without what Annotated adds."""
    arguments = get_args(annotation)
    origin = get_origin(annotation)
    if origin is Annotated:
        return type_name(arguments[0])
    if origin in (Union, types.UnionType):
        return " | ".join(type_name(argument) for argument in arguments)
    if origin is Literal:
        return " | ".join(repr(argument) for argument in arguments)
    if isinstance(annotation, list):
        return f"[{', '.join(map(type_name, annotation))}]"
    if annotation in (None, type(None), Ellipsis):
        return "..." if annotation is Ellipsis else "None"
    name = getattr(origin or annotation, "__name__", str(annotation))
    return f"{name}[{', '.join(map(type_name, arguments))}]" if arguments else name


def described_arguments(doc: str) -> dict[str, str]:
    """Return what the `Args:` section of a Google-style docstring says about each argument."""
    section = re.search(r"^Args:\n((?:[ ]+.*\n?|\n)+)", doc, re.MULTILINE)
    if not section:
        return {}
    found = re.findall(r"^ +(\w+)(?: \([^)]*\))?: ((?:.*)(?:\n {8,}.*)*)", section[1], re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}
