"""Addresses of policies: files, runs and their versions, and scripted policies."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote

import torch

from metta.policy.adapted import adapt_policy
from metta.policy.checkpoint import read_checkpoint
from metta.policy.policy import Policy
from metta.policy.scripted import scripted_policies
from metta.policy.scripted.scripted import NAME as SCRIPTED
from mettagrid.config.nearest import did_you_mean
from mettagrid.spec import GameSpec

_FILE_NAME = re.compile(r"(?P<run>[^/]+):v(?P<epoch>\d+)\.mpt")
_VERSIONED = re.compile(r"(?P<base>.+):(?P<version>latest|v\d+)(\.mpt|\.pt)?")
_REMOTE = {"s3": "s3", "hf": "hub"}  # scheme: optional part that would read it


def load_policy(uri: str, spec: GameSpec, device: torch.device | str = "cpu") -> Policy:
    """Return the policy at an address, ready to play a game.

    Args:
        uri: `mock://random`, `mock://noop`, `mock://scripted`, or whatever `resolve_uri` takes. A script that must be
            told something is told it after a question mark: `mock://scripted?difficulty=3&seed=0`.
        spec: the game to play; the policy's features and actions are matched to it by name.
        device: where the policy computes.

    Raises:
        ValueError: one line that says what is wrong and what exists.
    """
    scheme, rest = _split_scheme(uri)
    if scheme == "mock":
        return _scripted(rest, spec).to(device)
    policy, _ = read_checkpoint(resolve_uri(uri), device)
    return adapt_policy(policy, spec).to(device).eval()


def resolve_uri(uri: str) -> Path:
    """Return the file that an address means.

    Takes the path of a file; a folder of checkpoints or of a run (meaning the latest version in it); either
    with `:latest` or `:v5`; `<folder>/<run>:v5` with or without `.mpt`; each also with `file://` before it.

    Raises:
        ValueError: one line that says what exists.
    """
    scheme, rest = _split_scheme(uri)
    if scheme in _REMOTE:
        raise ValueError(f"{uri}: cannot be read by this installation; install metta[{_REMOTE[scheme]}]")
    if scheme == "mock":
        raise ValueError(f"{uri}: a scripted policy has no file")
    if scheme not in ("", "file"):
        raise ValueError(f"{uri}: unknown kind of address {scheme!r}; valid: file, mock, or a path")
    if not rest:
        raise ValueError("the address of the policy is empty; give a file, a folder or mock://random")
    path = Path(rest).expanduser()
    if path.is_file():
        return path
    if path.is_dir():
        return latest_checkpoint(path)
    match = _VERSIONED.fullmatch(str(path))
    if match is None:
        raise ValueError(f"{uri}: there is no such file or folder{_hint(path)}")
    return _find_version(uri, Path(match["base"]), match["version"])


def latest_checkpoint(folder: Path | str) -> Path:
    """Return the checkpoint with the highest version in a folder of checkpoints or of a run.

    Raises:
        ValueError: if there is none.
    """
    folder = _checkpoint_folder(Path(folder))
    versions = list_checkpoints(folder)
    if not versions:
        raise ValueError(f"{folder}: holds no checkpoint")
    return versions[max(versions)]


def list_checkpoints(folder: Path | str, run: str | None = None) -> dict[int, Path]:
    """Return the checkpoints in a folder by version, lowest first; of one run if it is given."""
    folder = _checkpoint_folder(Path(folder))
    if not folder.is_dir():
        return {}
    matches = [(match, path) for path in folder.iterdir() if (match := _FILE_NAME.fullmatch(path.name))]
    found = {int(match["epoch"]): path for match, path in matches if run in (None, match["run"])}
    return dict(sorted(found.items()))


def checkpoint_path(folder: Path | str, run: str, epoch: int) -> Path:
    """Return where the checkpoint of an epoch of a run belongs."""
    return Path(folder) / f"{run}:v{epoch}.mpt"


def _split_scheme(uri: str) -> tuple[str, str]:
    """Return (scheme, rest); the scheme of a plain path is empty. `file://./x` is the relative path `./x`."""
    if "://" not in uri:
        return "", uri
    scheme, rest = uri.split("://", 1)
    if scheme == "file":
        rest = unquote(rest)
    return scheme.lower(), rest


def _scripted(rest: str, spec: GameSpec) -> Policy:
    name, _, query = rest.partition("?")
    policies = scripted_policies()
    if name not in policies:
        raise ValueError(f"mock://{name}: there is no such scripted policy; {did_you_mean(name, policies)}")
    options = dict(parse_qsl(query, keep_blank_values=True))
    if options and name != SCRIPTED:
        raise ValueError(f"mock://{rest}: this policy takes no options; only mock://{SCRIPTED} does")
    return policies[name](spec, **options)


def _checkpoint_folder(folder: Path) -> Path:
    """A run's checkpoints are in its folder `checkpoints`."""
    inner = folder / "checkpoints"
    return inner if inner.is_dir() else folder


def _find_version(uri: str, base: Path, version: str) -> Path:
    """Find a version in the folder `base`, or of the run `base.name` in its parent folder."""
    versions = list_checkpoints(base) if base.is_dir() else list_checkpoints(base.parent, base.name)
    if not versions:
        raise ValueError(f"{uri}: there is no checkpoint of run {base.name!r}{_hint(base)}")
    wanted = max(versions) if version == "latest" else int(version[1:])
    if wanted not in versions:
        run = versions[max(versions)].name.rsplit(":v", 1)[0]
        raise ValueError(f"{uri}: no version {wanted} of run {run!r}; there are {_shown(list(versions))}")
    return versions[wanted]


def _shown(versions: list[int]) -> str:
    shown = versions if len(versions) <= 12 else versions[-12:]
    return ("... " if len(shown) < len(versions) else "") + ", ".join(f"v{version}" for version in shown)


def _hint(path: Path) -> str:
    """Name what exists where the path stops existing."""
    parent = path.parent
    if not parent.is_dir():
        return f"; the folder {parent} does not exist"
    names = {entry.name for entry in parent.iterdir() if not entry.name.startswith(".")}
    return f" in {parent}; {did_you_mean(path.name, names)}"
