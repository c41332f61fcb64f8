"""Policies by address, with the names that tables show."""

from pathlib import Path

import torch

from metta.policy.checkpoint import read_header
from metta.policy.uri import load_policy, resolve_uri
from metta.sim.results import PolicyName
from metta.sim.simulate import NamedPolicy
from mettagrid.spec import GameSpec

_MOCK = "mock://"


def load_named_policy(uri: str, spec: GameSpec, device: torch.device | str = "cpu") -> NamedPolicy:
    """The policy at an address (see `metta.policy.uri`), named after its run and epoch.

    Raises:
        ValueError: one line that says what is wrong and what exists.
    """
    return NamedPolicy(load_policy(uri, spec, device), policy_name(uri))


def policy_name(uri: str) -> PolicyName:
    """Run and epoch of a checkpoint; a policy without a file is called by its address."""
    if uri.startswith(_MOCK):
        return PolicyName(uri, 0, uri)
    path = resolve_uri(uri)
    header = read_header(path)
    return PolicyName(header.run or path.stem, header.epoch, uri)


def run_folder_of(uri: str) -> Path | None:
    """The folder of the run that a checkpoint belongs to, None for a policy that is in no run.

    Raises:
        ValueError: there is nothing at the address.
    """
    if uri.startswith(_MOCK):
        return None
    folder = resolve_uri(uri).parent
    return folder.parent if folder.name == "checkpoints" else None
