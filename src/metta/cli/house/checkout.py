"""Commands that work on a checkout of the repository, and the programs that they call."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from metta.common.errors import MachineError, UserError


def checkout_root() -> Path | None:
    """Return the folder of the repository that this Metta runs from, None for an installed package."""
    root = Path(__file__).resolve().parents[4]
    return root if (root / "pyproject.toml").is_file() and (root / "core").is_dir() else None


def require_checkout(command: str) -> Path:
    """Return the folder of the repository.

    Raises:
        UserError: this is an installed package, without the sources that the command is about.
    """
    root = checkout_root()
    if root is None:
        raise UserError(f"metta {command} works in a clone of the repository, on ./metta")
    return root


def find_program(name: str) -> str | None:
    """Return the path of a program, first from the environment that runs us, or None."""
    own = Path(sys.executable).parent / name
    return str(own) if os.access(own, os.X_OK) else shutil.which(name)


def is_importable(module: str) -> bool:
    """Return True if a top-level module is installed."""
    return importlib.util.find_spec(module) is not None


def run_program(command: Sequence[str], root: Path, quiet: bool = False) -> int:
    """Run a program in the repository and return its exit code; `quiet` shows its words only if it fails."""
    sys.stdout.flush()
    captured = subprocess.PIPE if quiet else None
    done = subprocess.run(
        command, cwd=root, stdout=captured, stderr=subprocess.STDOUT if quiet else None, check=False
    )
    if quiet and done.returncode:
        sys.stderr.buffer.write(done.stdout)
        sys.stderr.flush()
    return done.returncode


def require_program(name: str) -> str:
    """Return the path of a program.

    Raises:
        MachineError: it is not installed.
    """
    path = find_program(name)
    if path is None:
        raise MachineError(f"{name} is not installed: metta install dev")
    return path
