"""Names of checkpoints, `<run>:v<epoch>.mpt`, and choosing one of several: the same wherever they lie."""

import re
from collections.abc import Iterable

_FILE_NAME = re.compile(r"(?P<run>[^/]+):v(?P<epoch>\d{1,12})\.mpt")
_VERSIONED = re.compile(r"(?P<base>.+):(?P<version>latest|v\d{1,12})(\.mpt|\.pt)?")


def checkpoint_name(run: str, epoch: int) -> str:
    """Return the name of the checkpoint of an epoch of a run."""
    return f"{run}:v{epoch}.mpt"


def split_version(address: str) -> tuple[str, str] | None:
    """Return (what stands before, `latest` or `v<epoch>`) of an address that names a version, None of others."""
    match = _VERSIONED.fullmatch(address)
    return None if match is None else (match["base"], match["version"])


def versions_among(names: Iterable[str], run: str | None = None) -> dict[int, str]:
    """Return the names that are those of checkpoints by epoch, lowest first; of one run if it is given."""
    matches = [match for name in names if (match := _FILE_NAME.fullmatch(name))]
    found = {int(match["epoch"]): match[0] for match in matches if run in (None, match["run"])}
    return dict(sorted(found.items()))


def choose_version(uri: str, versions: dict[int, str], version: str) -> str:
    """Return the name of a version out of some.

    Args:
        uri: what was asked for; for the error.
        versions: what there is, at least one.
        version: `latest` or `v<epoch>`.

    Raises:
        ValueError: one line that says what exists.
    """
    wanted = max(versions) if version == "latest" else int(version[1:])
    if wanted not in versions:
        run = versions[max(versions)].rsplit(":v", 1)[0]
        raise ValueError(f"{uri}: no version {wanted} of run {run!r}; there are {_shown(list(versions))}")
    return versions[wanted]


def _shown(versions: list[int]) -> str:
    shown = versions if len(versions) <= 12 else versions[-12:]
    return ("... " if len(shown) < len(versions) else "") + ", ".join(f"v{version}" for version in shown)
