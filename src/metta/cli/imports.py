"""Modules without importing them: where the source of one is, and which import in a source must fail."""

import ast
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path

# Only these packages are looked into; others are checked no further than that the module exists.
OWN_PACKAGES = ("metta", "mettagrid", "mettascope", "recipes", "experiments")


def find_source(module: str) -> Path | None:
    """Return the source file of a module, None if there is no such module or no source. Imports nothing."""
    spec = _find_module(module)
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


def broken_import(tree: ast.Module, module: str) -> str | None:
    """Return why the first import of a parsed module that cannot work does not, or None if all seem right.

    Imports inside `try` or functions are the author's own business and not looked at.
    """
    for node in tree.body:
        problem = None
        if isinstance(node, ast.Import):
            problem = next(
                (f"no module named {alias.name}" for alias in node.names if not exists(alias.name)), None
            )
        elif isinstance(node, ast.ImportFrom):
            problem = _broken_from(node, module)
        if problem:
            return f"line {node.lineno}: {problem}"
    return None


@cache
def exists(module: str) -> bool:
    """Return True if the module can be found."""
    return _find_module(module) is not None


def _broken_from(node: ast.ImportFrom, module: str) -> str | None:
    source = _absolute_name(node, module)
    if not exists(source):
        return f"no module named {source}"
    if source.split(".")[0] not in OWN_PACKAGES:
        return None
    names = _names_of(source)
    if names is None:
        return None
    for alias in node.names:
        if alias.name != "*" and alias.name not in names and not exists(f"{source}.{alias.name}"):
            return f"{source} has no {alias.name}"
    return None


def _absolute_name(node: ast.ImportFrom, module: str) -> str:
    parents = module.split(".")[: -node.level] if node.level else []
    return ".".join([*parents, node.module] if node.module else parents)


def _find_module(name: str) -> ModuleSpec | None:
    """Find a module as an import would, but take the folders of its packages from their specs."""
    spec: ModuleSpec | None = None
    folders: Sequence[str] | None = None
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        spec = _find_spec(".".join(parts[:depth]), folders)
        if spec is None:
            return None
        # A user's recipes folder joins the installed one (recipes/__init__.py); the imported package knows.
        package = sys.modules.get(spec.name)
        folders = list(getattr(package, "__path__", None) or spec.submodule_search_locations or [])
    return spec


def _find_spec(name: str, folders: Sequence[str] | None) -> ModuleSpec | None:
    for finder in sys.meta_path:
        spec = finder.find_spec(name, folders)
        if spec is not None:
            return spec
    return None


@cache
def _names_of(module: str) -> frozenset[str] | None:
    """Return the names that a module defines, or None if its source does not tell."""
    path = find_source(module)
    if path is None:
        return None
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, ValueError, SyntaxError):
        return None
    names = frozenset(_defined_names(tree.body))
    return None if {"*", "__getattr__"} & names else names


def _defined_names(body: Sequence[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
            for inner in ast.iter_child_nodes(node):
                if isinstance(inner, ast.ExceptHandler):
                    yield from _defined_names(inner.body)
            statements = [inner for inner in ast.iter_child_nodes(node) if isinstance(inner, ast.stmt)]
            yield from _defined_names(statements)
        else:
            yield from (part.id for part in ast.walk(node) if isinstance(part, ast.Name))
