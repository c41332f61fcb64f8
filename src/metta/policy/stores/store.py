"""What every place must be able to do, and opening one by its address. Knows nothing of what is in the files."""

import importlib
from abc import ABC, abstractmethod
from pathlib import Path
from types import ModuleType
from typing import Any

from metta.common.errors import UserError

SCHEMES = {"s3": "metta.policy.stores.s3:S3Store.open", "hf": "metta.policy.stores.hub:HubStore.open"}
"""Scheme of an address: what opens it. Imported when one is asked for, because it needs an optional part."""


class Store(ABC):
    """Files by key; a key is `folder/name`, with `/` as on every system.

    Every method raises `UserError` for what the user can mend (no such bucket, no rights) and `MachineError` for a
    place that does not answer, after a few tries that take no longer than about half a minute.
    """

    @abstractmethod
    def sizes(self, folder: str) -> dict[str, int]:
        """Return the bytes of each file directly in a folder by name, however many; empty if there is none."""

    @abstractmethod
    def fetch(self, key: str) -> Path | None:
        """Return a local copy of a file, which nobody must change; None if there is no such file.

        Its name is that of the file. It is whole: its size, and its SHA-256 if that was noted, are those of the
        place.
        """

    @abstractmethod
    def put(self, path: Path, key: str) -> None:
        """Copy a local file to the place. Others see all of it or nothing."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """Remove a file; nothing happens if there is none."""


def open_store(uri: str) -> tuple[Store, str]:
    """Return the place that an address names, and the key in it.

    Raises:
        UserError: the address is not one of a place, or the optional part for it is missing.
    """
    scheme, _, rest = uri.partition("://")
    if scheme.lower() not in SCHEMES or not rest:
        raise UserError(f"{uri}: not an address in a store; such as s3://bucket/folder or hf://owner/name")
    module, _, names = SCHEMES[scheme.lower()].partition(":")
    opener: Any = importlib.import_module(module)
    for name in names.split("."):
        opener = getattr(opener, name)
    return opener(rest)


def optional_part(module: str, extra: str, uri: str) -> ModuleType:
    """Import the library of an optional part.

    Raises:
        UserError: it is not installed; says how to.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        raise UserError(
            f"{uri}: needs {module}: metta install {extra}, or pip install 'metta[{extra}]'"
        ) from None


def told(error: BaseException) -> str:
    """Return the first line of an error, not too long: libraries tell whole stories."""
    lines = str(error).strip().splitlines()
    return " ".join(lines[0].split())[:300] if lines else type(error).__name__
