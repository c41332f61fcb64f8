"""`metta install [EXTRA ...]`: adds optional parts to the environment that runs Metta."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from metta.cli.house.checkout import checkout_root, run_program
from metta.common.errors import EXIT_MACHINE, EXIT_OK, UserError
from mettagrid.config.nearest import did_you_mean


@dataclass(frozen=True)
class Part:
    """An optional part: the name of its extra in pyproject.toml, its distributions, and which are missing."""

    name: str
    needs: tuple[str, ...]
    missing: tuple[str, ...]


def optional_parts() -> list[Part]:
    """Return all optional parts, by name."""
    distribution = metadata.metadata("metta")
    needs: dict[str, list[str]] = {name: [] for name in distribution.get_all("Provides-Extra") or []}
    for requirement in distribution.get_all("Requires-Dist") or []:
        match = re.match(r"([\w.-]+).*extra == ['\"]([\w-]+)['\"]", requirement)
        if match:
            needs[match[2]].append(match[1])
    return [
        Part(name, tuple(names), tuple(each for each in names if not version_of(each)))
        for name, names in sorted(needs.items())
    ]


def version_of(distribution: str) -> str | None:
    """Return the version of an installed distribution, or None."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def install(arguments: Sequence[str]) -> int:
    """Install optional parts; without arguments tell which there are.

    Raises:
        UserError: there is no such part.
    """
    parts = optional_parts()
    names = [part.name for part in parts]
    for argument in arguments:
        if argument not in names:
            raise UserError(f"there is no optional part {argument!r}; {did_you_mean(argument, names)}")
    if not arguments:
        for part in parts:
            print(f"{part.name:12}{'missing: ' + ', '.join(part.missing) if part.missing else 'installed'}")
        return EXIT_OK
    return EXIT_MACHINE if _run_installer(arguments) else EXIT_OK


def _run_installer(extras: Sequence[str]) -> int:
    root = checkout_root()
    if root is not None:
        options = [option for extra in extras for option in ("--with", extra)]
        return run_program([str(root / "install.sh"), *options], root)
    wanted = f"metta[{','.join(extras)}]=={version_of('metta')}"
    return run_program([sys.executable, "-m", "pip", "install", wanted], Path(sys.prefix))
