"""Addresses of policies: files, runs and their versions, and scripted policies."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote

import torch

from metta.policy.adapted import adapt_policy
from metta.policy.checkpoint import read_checkpoint
from metta.policy.policy import Policy
from metta.policy.remote import fetch_checkpoint
from metta.policy.scripted import scripted_policies
from metta.policy.scripted.scripted import NAME as SCRIPTED
from metta.policy.stores.store import SCHEMES
from metta.policy.versions import checkpoint_name, choose_version, split_version, versions_among
from mettagrid.config.nearest import did_you_mean
from mettagrid.spec import GameSpec


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
    with `:latest` or `:v5`; `<folder>/<run>:v5` with or without `.mpt`; each also with `file://` before it. Behind
    `s3://bucket/` and `hf://owner/name/` the same; these give a local copy.

    Raises:
        ValueError: one line that says what exists.
        MachineError: a store does not answer.
    """
    scheme, rest = _split_scheme(uri)
    if scheme in SCHEMES:
        return fetch_checkpoint(uri)
    if scheme == "mock":
        raise ValueError(f"{uri}: a scripted policy has no file")
    if scheme not in ("", "file"):
        raise ValueError(
            f"{uri}: unknown kind of address {scheme!r}; valid: file, {', '.join(SCHEMES)}, mock, or a path"
        )
    if not rest:
        raise ValueError("the address of the policy is empty; give a file, a folder or mock://random")
    path = Path(rest).expanduser()
    if path.is_file():
        return path
    if path.is_dir():
        return latest_checkpoint(path)
    versioned = split_version(str(path))
    if versioned is None:
        raise ValueError(f"{uri}: there is no such file or folder{_hint(path)}")
    return _find_version(uri, Path(versioned[0]), versioned[1])


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
    found = versions_among((path.name for path in folder.iterdir()), run)
    return {epoch: folder / name for epoch, name in found.items()}


def checkpoint_path(folder: Path | str, run: str, epoch: int) -> Path:
    """Return where the checkpoint of an epoch of a run belongs."""
    return Path(folder) / checkpoint_name(run, epoch)


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
    names = {epoch: path.name for epoch, path in versions.items()}
    return versions[max(versions)].with_name(choose_version(uri, names, version))


def _hint(path: Path) -> str:
    """Name what exists where the path stops existing."""
    parent = path.parent
    if not parent.is_dir():
        return f"; the folder {parent} does not exist"
    names = {entry.name for entry in parent.iterdir() if not entry.name.startswith(".")}
    return f" in {parent}; {did_you_mean(path.name, names)}"
