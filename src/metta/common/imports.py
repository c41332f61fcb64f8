"""Modules without importing them: where the source of one is, and which import in a source must fail."""

import ast
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

# Only these packages are looked into; others are checked no further than that the module exists.
OWN_PACKAGES = ("metta", "mettagrid", "mettascope", "recipes", "experiments")


class _Place(NamedTuple):
    """Where a module is: its file (None for a namespace package) and the folders of its submodules."""

    origin: str | None
    folders: list[str]


T = TypeVar("T")
_MISMATCH = "AST constructor recursion depth mismatch"
_ATTEMPTS = 5
_parsing = threading.Lock()


def parse_source(path: Path) -> ast.Module:
    """The syntax tree of a Python file; one thread at a time.

    Raises:
        SyntaxError: the file is no Python.
    """
    with _parsing:
        return despite_other_trees(lambda: ast.parse(path.read_bytes(), filename=str(path)))


def despite_other_trees(work: Callable[[], T]) -> T:
    """Do what makes syntax trees, as importing a config does, and do it again where another thread's tree spoiled it.

    CPython 3.11 keeps the depth of the tree that is being made in one place for all threads, and raises SystemError
    in the thread that comes back to another depth than it left (python/cpython#106905).
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return work()
        except SystemError as error:
            if _MISMATCH not in str(error):
                raise
    return work()


def find_source(module: str) -> Path | None:
    """Return the source file of a module, None if there is no such module or no source. Imports nothing."""
    place = _find_module(module)
    return Path(place.origin) if place and place.origin and place.origin.endswith(".py") else None


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


def _find_module(name: str) -> _Place | None:
    """Find a module as an import would, but take the folders of its packages from their specs."""
    place: _Place | None = None
    parts = name.split(".")
    if not all(part.isidentifier() for part in parts):
        return None
    for depth in range(1, len(parts) + 1):
        place = _find_one(".".join(parts[:depth]), place.folders if place else None)
        if place is None:
            return None
    return place


def _find_one(name: str, parents: Sequence[str] | None) -> _Place | None:
    if parents is not None and (namespace := _namespace_folders(name, parents)):
        return _Place(None, namespace)
    for finder in sys.meta_path:
        spec = finder.find_spec(name, parents)
        if spec is not None:
            # A user's recipes folder joins the installed one (recipes/__init__.py); the package knows.
            folders = getattr(sys.modules.get(name), "__path__", None) or spec.submodule_search_locations
            return _Place(spec.origin, list(folders or []))
    return None


def _namespace_folders(name: str, parents: Sequence[str]) -> list[str]:
    """Return the folders of a package without __init__.py in another: Python's finders import for that."""
    last = name.rpartition(".")[2]
    if any(
        Path(parent, f"{last}.py").is_file() or Path(parent, last, "__init__.py").is_file()
        for parent in parents
    ):
        return []
    return [str(Path(parent, last)) for parent in parents if Path(parent, last).is_dir()]


@cache
def _names_of(module: str) -> frozenset[str] | None:
    """Return the names that a module defines, or None if its source does not tell."""
    path = find_source(module)
    if path is None:
        return None
    try:
        tree = parse_source(path)
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
