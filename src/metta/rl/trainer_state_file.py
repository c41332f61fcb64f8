"""The files of a saved trainer, read without trusting them: what is damaged or unknown is one line.

state.json           a `StateHeader`: counters, sizes, SHA-256 of the other file, format version
state.safetensors    everything that is a tensor
"""

import hashlib
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from pydantic import Field, ValidationError
from pydantic_core import from_json
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor

from metta.common.errors import MachineError, UserError
from mettagrid.config.base import Config, explain

FORMAT_VERSION = 2
"""1 had one optimizer, no losses with weights, no averages; it is still read."""
TENSORS = "state.safetensors"
HEADER = "state.json"
_MAX_HEADER_BYTES = 16 << 20
_MAX_TENSOR_BYTES = 64 << 30


class SavedProgress(Config):
    """See `metta.rl.report.Progress`."""

    epoch: int = Field(ge=0, description="epochs done")
    num_agent_steps: int = Field(ge=0, description="agent-steps done")
    seconds: float = Field(ge=0.0, allow_inf_nan=False, description="time spent training")


class SavedSchedules(Config):
    """See `metta.rl.schedules.Schedules.state`."""

    means: dict[str, float] = Field(description="running mean of each schedule's metric, by its number")
    divergences: list[float] = Field(description="of the epochs since the passes were last tuned")
    update_epochs: int | None = Field(ge=1, description="tuned number of passes, none = not tuned")


class StateHeader(Config):
    """All of a saved trainer but its tensors."""

    format: Literal["metta.trainer_state"] = Field(
        default="metta.trainer_state", description="what the file is"
    )
    version: Literal[2] = Field(default=FORMAT_VERSION, description="of the format")
    progress: SavedProgress = Field(description="how far the run had come")
    num_worlds: int = Field(ge=1, description="worlds of the batch")
    num_agents: int = Field(ge=1, description="agents of a world")
    game: dict[str, Any] = Field(description="its GameSpec")
    desynced: bool = Field(description="the first episodes were shortened")
    optimizer_groups: list[list[dict[str, Any]]] = Field(
        description="settings and counters of each part of the optimizer"
    )
    schedules: SavedSchedules | None = Field(description="state of the schedules; none in version 1")
    torch: str = Field(description="version of PyTorch")
    device: str = Field(description="kind of device: cpu, cuda")
    num_threads: int | None = Field(
        default=None, ge=1, description="of PyTorch; sums depend on it. None = not noted"
    )
    cpu: str | None = Field(
        default=None, description="vector instructions that PyTorch used. None = not noted"
    )
    num_ranks: int | None = Field(
        default=None, ge=1, description="processes that trained together. None = not noted"
    )
    sha256: str = Field(default="", description="of the other file, hexadecimal")


def read_state(state: Path) -> tuple[StateHeader, dict[str, Tensor]]:
    """Return what a folder `trainer_state/e<epoch>` holds; states of older versions as if saved today.

    Raises:
        UserError: one line: it is damaged or of a version that this program does not know.
        MachineError: it cannot be read.
    """
    head = _bytes_of(state / HEADER, _MAX_HEADER_BYTES)
    data = _bytes_of(state / TENSORS, _MAX_TENSOR_BYTES)
    try:
        fields = from_json(head)
        version = fields.get("version") if isinstance(fields, dict) else None
        if version not in (1, FORMAT_VERSION):
            raise UserError(f"{state} has version {version!r}; this program reads 1 to {FORMAT_VERSION}")
        header = StateHeader.model_validate(_newer(fields) if version == 1 else fields)
    except ValidationError as error:
        raise _damaged(state / HEADER, explain(error)) from None
    except UserError:
        raise
    except ValueError as error:
        raise _damaged(state / HEADER, str(error)) from None
    if hashlib.sha256(data).hexdigest() != header.sha256:
        raise _damaged(state / TENSORS, f"its SHA-256 is not the one in {HEADER}")
    try:
        tensors = load(data)
    except SafetensorError as error:
        raise _damaged(state / TENSORS, str(error)) from None
    return header, tensors if version == FORMAT_VERSION else _tensors_of_version_1(tensors)


def pack(blocks: list[bytes]) -> Tensor:
    """Join blocks of bytes into one uint8 tensor: number, lengths, contents."""
    head = struct.pack(f"<{len(blocks) + 1}Q", len(blocks), *map(len, blocks))
    return torch.from_numpy(np.frombuffer(head + b"".join(blocks), dtype=np.uint8).copy())


def unpack(tensor: Tensor, count: int) -> list[bytes]:
    """Return the blocks that `pack` joined.

    Raises:
        ValueError: there are not `count` of them, or their lengths do not add up.
    """
    if tensor.dtype != torch.uint8 or tensor.dim() != 1:
        raise ValueError("the blocks are not bytes")
    data = tensor.numpy().tobytes()
    head = 8 * (count + 1)
    if len(data) < head or struct.unpack_from("<Q", data) != (count,):
        raise ValueError(f"there are not {count} blocks")
    ends = [head]
    for length in struct.unpack_from(f"<{count}Q", data, 8):
        ends.append(ends[-1] + length)
    if ends[-1] != len(data):
        raise ValueError("the lengths of the blocks do not add up")
    return [data[begin:end] for begin, end in pairwise(ends)]


def _bytes_of(path: Path, most: int) -> bytes:
    try:
        if path.stat().st_size > most:
            raise _damaged(path, f"it has more than {most >> 20} MiB")
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise _damaged(path, error.strerror or "missing") from None
    except OSError as error:
        raise MachineError(f"{path}: cannot be read: {error.strerror or error}") from error


def _damaged(path: Path, reason: str) -> UserError:
    told = " ".join(reason.split())[:300]
    return UserError(f"{path} is damaged: {told}; delete {path.parent} to start the run anew")


def _newer(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a header of version 1 as version 2 would have written it."""
    groups = [fields.get("optimizer_groups")]
    return {**fields, "version": FORMAT_VERSION, "optimizer_groups": groups, "schedules": None}


def _tensors_of_version_1(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return them as version 2 would have named them."""
    renamed = {name.replace("optimizer.", "optimizer.0.", 1): value for name, value in tensors.items()}
    return {**renamed, "reward_centre": torch.full((), torch.nan)}
