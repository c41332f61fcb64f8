"""Checkpoints in stores: which file an address means, and a local copy of it."""

from pathlib import Path

from metta.common.errors import UserError
from metta.policy.stores import Store, open_store
from metta.policy.versions import choose_version, split_version, versions_among
from mettagrid.config.nearest import did_you_mean


def fetch_checkpoint(uri: str) -> Path:
    """Return a local copy of the checkpoint at an address such as `s3://bucket/run:latest` or `hf://owner/name`.

    Means by folders, `:latest` and `:v5` what `metta.policy.uri.resolve_uri` means by them on the disk.

    Raises:
        UserError: one line that says what exists, or what must be installed.
        MachineError: the store does not answer, or what came is damaged.
    """
    store, key = open_store(uri)
    if key.endswith(".mpt"):
        found = store.fetch(key)
        if found is not None:
            return found
    found = store.fetch(_find(uri, store, key))
    if found is None:
        raise UserError(f"{uri}: it was removed meanwhile")
    return found


def _find(uri: str, store: Store, key: str) -> str:
    """Return the key of the checkpoint that is meant, by listing the folders where it may be."""
    base, version = split_version(key) or (key, "latest")
    for folder in (_join(base, "checkpoints"), base):
        versions = versions_among(store.sizes(folder))
        if versions:
            return _join(folder, choose_version(uri, versions, version))
    parent, _, run = base.rpartition("/")
    names = store.sizes(parent)
    versions = versions_among(names, run) if base != key else {}
    if not versions:
        wanted = key.rpartition("/")[2]
        raise UserError(f"{uri}: there is no such checkpoint or folder; {did_you_mean(wanted, names)}")
    return _join(parent, choose_version(uri, versions, version))


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
