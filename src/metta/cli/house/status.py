"""`metta status`: versions, compiled core, devices, optional parts, and how to get what is missing."""

import importlib
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from typing import Any

from metta.cli.house.install import optional_parts, version_of
from metta.cli.tables import print_json, print_table
from metta.common.errors import EXIT_MACHINE, EXIT_OK, UserError
from metta.common.system import available_cores

_PACKAGES = (
    "metta",
    "torch",
    "numpy",
    "pydantic",
    "safetensors",
    "duckdb",
    "pyarrow",
    "gymnasium",
    "pettingzoo",
    "rich",
    "pillow",
)


def status(arguments: Sequence[str]) -> int:
    """Print what is there and what is missing; returns 0 if Metta can run, else 4."""
    if any(argument != "--json" for argument in arguments):
        raise UserError("metta status takes only --json")
    found = collect_status()
    if arguments:
        print_json(found)
    else:
        _print_status(found)
    return EXIT_OK if found["core"]["present"] and all(found["versions"].values()) else EXIT_MACHINE


def collect_status() -> dict[str, Any]:
    """Return the status as JSON-able data; a missing package has the version None."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "versions": {name: version_of(name) for name in _PACKAGES},
        "core": _core(),
        "devices": _devices(),
        "threads": {"usable": available_cores(), "machine": os.cpu_count()},
        "programs": {name: shutil.which(name) for name in ("c++", "cmake", "git")},
        "optional": {
            part.name: {
                "needs": list(part.needs),
                "missing": list(part.missing),
                "install": f"metta install {part.name}" if part.missing else None,
            }
            for part in optional_parts()
        },
    }


def _core() -> dict[str, Any]:
    try:
        module = importlib.import_module("mettagrid._core")
    except ImportError as error:
        return {"present": False, "file": None, "problem": str(error), "install": "./install.sh"}
    return {"present": True, "file": module.__file__, "problem": None, "install": None}


def _devices() -> list[str]:
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return ["cpu"]
    cuda = [f"cuda:{index} {torch.cuda.get_device_name(index)}" for index in range(torch.cuda.device_count())]
    return ["cpu", *cuda, *(["mps"] if torch.backends.mps.is_available() else [])]


def _print_status(found: dict[str, Any]) -> None:
    core = found["core"]
    rows = [
        ("python", found["python"], sys.executable),
        *(
            (name, version or "MISSING", "" if version else "./install.sh")
            for name, version in found["versions"].items()
        ),
        (
            "compiled core",
            "present" if core["present"] else "MISSING",
            core["file"] or f"{core['problem']}: {core['install']}",
        ),
        ("devices", ", ".join(found["devices"]), ""),
        ("threads", str(found["threads"]["usable"]), f"of {found['threads']['machine']}"),
        *(
            (name, "present" if path else "missing", path or "from your system's packages")
            for name, path in found["programs"].items()
        ),
        *(
            (
                f"optional {name}",
                "missing" if part["missing"] else "present",
                part["install"] or ", ".join(part["needs"]),
            )
            for name, part in found["optional"].items()
        ),
    ]
    print_table("Metta", ("what", "status", "where, or how to get it"), rows)
