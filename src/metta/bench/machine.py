"""The machine that a figure was measured on, and how to stay on one of its cores."""

import os
import platform
import subprocess
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import numpy as np

from mettagrid import _core

_CPUINFO, _MEMINFO, _STATUS = Path("/proc/cpuinfo"), Path("/proc/meminfo"), Path("/proc/self/status")
_GIT_TIMEOUT_S = 10


def describe_machine() -> dict[str, str | int | float | None]:
    """Return what a reader of a figure needs to know of machine, versions, build and date. None = unknown."""
    return {
        "cpu": _line_value(_CPUINFO, "model name") or platform.processor() or platform.machine(),
        "cores": len(usable_cores()),
        "memory_gib": _memory_gib(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "metta": _installed_version("metta"),
        "commit": git_commit(),
        "core_build": "debug" if _core.is_debug_build else "release",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "load_average": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def describe_in_a_line(machine: dict[str, str | int | float | None]) -> str:
    """Return the description of a machine as one line of text."""
    known = {name: value for name, value in machine.items() if value is not None}
    return ", ".join(
        str(value) if name in ("cpu", "system") else f"{name.replace('_', ' ')} {value}"
        for name, value in known.items()
    )


def git_commit() -> str | None:
    """Return the commit of our checkout, with `+` if files differ from it; None outside of one."""
    folder = Path(__file__).resolve().parent
    commit = _git_output(folder, "rev-parse", "--short=12", "HEAD")
    changes = _git_output(folder, "status", "--porcelain", "--untracked-files=no")
    return f"{commit}+" if commit and changes else commit


def usable_cores() -> list[int]:
    """Return the numbers of the cores that this process may use, where the system tells; else 0, 1, ..."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


@contextmanager
def on_cores(cores: Collection[int]) -> Iterator[None]:
    """Keep this thread, and threads made in it, on some cores; does nothing where that is not possible."""
    if not cores or not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def resident_bytes() -> int | None:
    """Return the memory that this process occupies, None where the system does not tell."""
    value = _line_value(_STATUS, "VmRSS")
    return int(value.split()[0]) * 1024 if value else None


def _memory_gib() -> float | None:
    value = _line_value(_MEMINFO, "MemTotal")
    return round(int(value.split()[0]) / 2**20, 1) if value else None


def _line_value(path: Path, name: str) -> str | None:
    """Return the value of the first line `name : value` of a file, None if there is no such file or line."""
    if not path.exists():
        return None
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), None)


def _installed_version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _git_output(folder: Path, *arguments: str) -> str | None:
    try:
        result = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            timeout=_GIT_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return result.stdout.strip() if result.returncode == 0 else None
