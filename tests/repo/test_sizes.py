"""Sizes that a reader can hold: no file beyond 600 lines, no function beyond 100, no folder beyond 20 files."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 100
MAX_PARAMETERS = 8
MAX_FOLDER_FILES = 20
MAX_FILE_BYTES = 500_000
SOURCE_SUFFIXES = {".py", ".cpp", ".hpp", ".cu", ".ts"}


def tracked_files() -> list[Path]:
    """Files that git knows, or (in a tree without git) all that lie outside of what is built."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    skipped = {".git", ".venv", "build", "train_dir", "__pycache__"}
    return [p for p in ROOT.rglob("*") if p.is_file() and not skipped & set(p.relative_to(ROOT).parts)]


FILES = tracked_files()
SOURCES = [path for path in FILES if path.suffix in SOURCE_SUFFIXES]


def test_files_are_short() -> None:
    too_long = {
        str(p.relative_to(ROOT)): n
        for p in SOURCES
        if (n := len(p.read_text().splitlines())) > MAX_FILE_LINES
    }
    assert not too_long


def test_files_are_small() -> None:
    assert not [str(p.relative_to(ROOT)) for p in FILES if p.stat().st_size > MAX_FILE_BYTES]


@pytest.mark.parametrize("folder", ["src", "recipes", "tools", "tests"])
def test_functions_are_short_and_take_few_parameters(folder: str) -> None:
    offenders = []
    for path in (p for p in SOURCES if p.suffix == ".py" and p.is_relative_to(ROOT / folder)):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            parameters = len(node.args.posonlyargs) + len(node.args.args) + len(node.args.kwonlyargs)
            if lines > MAX_FUNCTION_LINES or (parameters > MAX_PARAMETERS and folder != "tests"):
                offenders.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not offenders


def test_folders_hold_few_files() -> None:
    counts: dict[Path, int] = {}
    for path in SOURCES:
        counts[path.parent] = counts.get(path.parent, 0) + 1
    assert not {str(folder.relative_to(ROOT)): n for folder, n in counts.items() if n > MAX_FOLDER_FILES}
