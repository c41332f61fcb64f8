"""Checkpoint files of policies: written so that a crash never leaves half of one, read without trusting them.

A `.mpt` file is a zip without compression of two members: `policy.json` (a `CheckpointHeader`) and
`weights.safetensors`. Nothing in it is ever executed or unpacked to disk.
"""

import hashlib
import math
import zipfile
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, Field, ValidationError, model_validator
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from metta.common.errors import MachineError
from metta.policy.adapted import AdaptedPolicy
from metta.policy.architecture import resolve_architecture
from metta.policy.policy import Policy
from mettagrid.config.base import Config, explain
from mettagrid.spec import GameSpec
from mettagrid.whole_file import whole_file
from mettagrid.zip_entry import ZIP_DAMAGE, read_entry

FORMAT_VERSION = 1
_HEADER, _WEIGHTS = "policy.json", "weights.safetensors"
_MAX_HEADER_BYTES = 4 << 20
_MAX_FILE_BYTES = 16 << 30


class CheckpointMetadata(Config):
    """Where a checkpoint comes from."""

    run: str = Field("", description="name of the run")
    epoch: int = Field(0, ge=0, description="epoch of the run, the N of `run:vN`")
    agent_steps: int = Field(0, ge=0, description="agent-steps that the policy has learned from")


class CheckpointHeader(CheckpointMetadata):
    """All of a checkpoint but its weights."""

    format_version: Literal[1] = Field(FORMAT_VERSION, description="version of this file format")
    architecture: dict[str, Any] = Field(
        default_factory=dict, description="name and fields of the architecture"
    )
    game: GameSpec = Field(description="the game whose names the policy knows")
    weights_sha256: str = Field("", description="SHA-256 of weights.safetensors, hexadecimal")

    @model_validator(mode="after")
    def _names_and_scales_fit(self) -> "CheckpointHeader":
        game = self.game
        if len(game.feature_scales) != len(game.feature_names) or len(game.feature_names) > 255:
            raise ValueError("game: needs one scale per feature, and at most 255 features")
        if not all(math.isfinite(scale) and scale > 0 for scale in game.feature_scales):
            raise ValueError("game: feature scales must be above 0")
        return self


class _Version(BaseModel):
    format_version: Any = None


def save_checkpoint(path: Path | str, policy: Policy, metadata: CheckpointMetadata) -> Path:
    """Write a policy to a file. When this returns, the file is complete and on the disk.

    Args:
        path: of the file, by custom `<folder>/<run>:v<epoch>.mpt`; folders are made, an older file is
            replaced.
        policy: must have an architecture; an adapted one is saved as what it was before.
        metadata: of the run.

    Raises:
        ValueError: if the policy has no architecture.
        MachineError: if the file cannot be written; nothing is left behind, an older file stays as it was.
    """
    if isinstance(policy, AdaptedPolicy):
        policy = policy.policy  # in its own names; loading adapts it again
    if policy.architecture is None:
        raise ValueError(f"{type(policy).__name__} has no architecture and cannot be saved")
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in policy.state_dict().items()}
    weights = save_tensors(tensors)
    header = CheckpointHeader(
        **metadata.model_dump(include=set(CheckpointMetadata.model_fields)),
        architecture=policy.architecture.model_dump(mode="json"),
        game=policy.spec,
        weights_sha256=hashlib.sha256(weights).hexdigest(),
    )
    path = Path(path)
    try:
        _write(path, header.model_dump_json(indent=1).encode(), weights)
    except OSError as error:
        raise MachineError(f"{path}: cannot write the checkpoint: {error.strerror or error}") from error
    return path


def read_header(path: Path | str) -> CheckpointHeader:
    """Return all of a checkpoint but its weights.

    Raises:
        ValueError: one line, if the file is missing, damaged, of another version or not a checkpoint.
    """
    return _read(Path(path))[0]


def read_checkpoint(path: Path | str, device: torch.device | str = "cpu") -> tuple[Policy, CheckpointHeader]:
    """Return the policy in a file, for the game that it was made for, and what the file says about it.

    Raises:
        ValueError: one line, if the file is missing, damaged, of another version or not a checkpoint.
    """
    path = Path(path)
    header, weights = _read(path)
    if hashlib.sha256(weights).hexdigest() != header.weights_sha256:
        raise ValueError(f"{path}: the weights are damaged (their SHA-256 is not the one noted in the file)")
    try:
        tensors = load_tensors(weights)
        policy = resolve_architecture(header.architecture).build(header.game)
    except (SafetensorError, ValueError) as error:
        raise ValueError(f"{path}: {_one_line(error)}") from None
    _load_weights(policy, tensors, path)
    return policy.to(device), header


def _load_weights(policy: Policy, tensors: dict[str, torch.Tensor], path: Path) -> None:
    wanted = {name: (tuple(tensor.shape), tensor.dtype) for name, tensor in policy.state_dict().items()}
    found = {name: (tuple(tensor.shape), tensor.dtype) for name, tensor in tensors.items()}
    wrong = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if wrong:
        name = wrong[0]
        raise ValueError(
            f"{path}: the weights do not fit the architecture: {name} should be {wanted.get(name, 'absent')} "
            f"and is {found.get(name, 'absent')}"
        )
    policy.load_state_dict(tensors)


def _write(path: Path, header: bytes, weights: bytes) -> None:
    with whole_file(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
        # A fixed date: the same policy gives the same bytes.
        archive.writestr(zipfile.ZipInfo(_HEADER), header)
        archive.writestr(zipfile.ZipInfo(_WEIGHTS), weights)


def _read(path: Path) -> tuple[CheckpointHeader, bytes]:
    """Return the header and the weights' bytes, neither larger than the file."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise ValueError(f"{path}: not a file")
        if size > _MAX_FILE_BYTES:
            raise ValueError(f"{path}: {size} bytes are too many for a checkpoint")
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            _check_members(archive, size)
            header, weights = read_entry(archive, _HEADER), read_entry(archive, _WEIGHTS)
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file") from None
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {_one_line(error)}") from None
    except (*ZIP_DAMAGE, UnicodeError) as error:
        raise ValueError(f"{path}: damaged, or not a checkpoint: {_one_line(error)}") from None
    return _parse_header(header, path), weights


def _check_members(archive: zipfile.ZipFile, file_size: int) -> None:
    members = archive.infolist()
    if sorted(member.filename for member in members) != [_HEADER, _WEIGHTS]:
        raise zipfile.BadZipFile(f"expected the members {_HEADER} and {_WEIGHTS}")
    if any(member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1 for member in members):
        raise zipfile.BadZipFile("members must be stored without compression or encryption")
    if sum(member.file_size for member in members) > file_size or any(
        member.file_size != member.compress_size for member in members
    ):
        raise zipfile.BadZipFile("members are larger than the file")
    if archive.getinfo(_HEADER).file_size > _MAX_HEADER_BYTES:
        raise zipfile.BadZipFile(f"{_HEADER} is larger than {_MAX_HEADER_BYTES >> 20} MiB")


def _parse_header(data: bytes, path: Path) -> CheckpointHeader:
    try:
        version = _Version.model_validate_json(data).format_version
        if version != FORMAT_VERSION:
            raise ValueError(
                f"{path}: format version {version!r} is not known; this program reads {FORMAT_VERSION}"
            )
        return CheckpointHeader.model_validate_json(data)
    except ValidationError as error:
        raise ValueError(f"{path}: {_HEADER}: {explain(error)}") from None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
