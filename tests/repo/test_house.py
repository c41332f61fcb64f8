"""Rules of the house that a machine can hold: layers, the README's map, no pickle, names of folders."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON_SOURCES = [p for folder in ("src", "recipes", "tools") for p in (ROOT / folder).rglob("*.py")]


def test_imports_point_down() -> None:
    linted = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_every_package_of_metta_has_its_layer() -> None:
    layers = (ROOT / ".importlinter").read_text()
    packages = {p.parent.name for p in (ROOT / "src/metta").glob("*/__init__.py")}
    assert not {name for name in packages if f"metta.{name}\n" not in layers}


def test_readme_maps_the_folders_that_exist() -> None:
    readme = (ROOT / "README.md").read_text()
    mapped = set(re.findall(r"^    ([\w./]+/)  ", readme, flags=re.MULTILINE))
    assert mapped
    assert not {folder for folder in mapped if not (ROOT / folder).is_dir()}
    packages = {f"src/metta/{p.parent.name}/" for p in (ROOT / "src/metta").glob("*/__init__.py")}
    assert not packages - mapped


def test_nothing_is_unpickled_or_evaluated() -> None:
    forbidden = {"pickle", "dill", "cloudpickle", "shelve", "marshal"}
    offenders = []
    for path in PYTHON_SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            modules = (
                {alias.name.split(".")[0] for alias in node.names}
                if isinstance(node, ast.Import)
                else {(node.module or "").split(".")[0]}
                if isinstance(node, ast.ImportFrom)
                else set()
            )
            calls = (
                {node.func.id} if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else set()
            )
            if modules & forbidden or calls & {"eval", "exec"}:
                offenders.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert not offenders


def test_only_the_binding_knows_python() -> None:
    sources = [p for p in (ROOT / "core").rglob("*.[ch]pp") if p.parent.name != "python"]
    assert sources
    assert not [p for p in sources if re.search(r"#include <(nanobind|Python)", p.read_text())]


def test_no_folder_for_what_nobody_owns() -> None:
    banned = {"utils", "helpers", "misc", "old", "deprecated", "scratch", "lib"}
    folders = {
        p.name
        for folder in ("src", "core", "recipes", "tests")
        for p in (ROOT / folder).rglob("*")
        if p.is_dir()
    }
    assert not folders & banned
