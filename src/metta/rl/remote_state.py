"""A run's newest trainer state in a store, so that another machine goes on where this one stopped.

    <prefix>/<run>/trainer_state/e<epoch>-<first digits of the tensors' SHA-256>.zip
        config.yaml, state.json, state.safetensors    as in the run's folder, not compressed

It is one object, so that it is there whole or not at all. It is put when the checkpoint of its epoch is there, and
older ones are deleted when it is.
"""

import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import from_json

from metta.common.errors import MachineError, UserError
from metta.policy.stores import Store, open_store
from metta.rl.run_folder import RunFolder
from metta.rl.trainer_state_file import HEADER, TENSORS
from mettagrid.whole_file import whole_file
from mettagrid.zip_entry import ZIP_DAMAGE, read_entry

_NAME = re.compile(r"e(?P<epoch>\d{8,12})-(?P<digest>[0-9a-f]{16})\.zip")
_CONFIG = "config.yaml"


@dataclass(frozen=True)
class PackedState:
    """A state of this machine, ready to be put.

    Attributes:
        name: in the store.
        path: of a file that nobody changes or removes.
    """

    name: str
    path: Path


class RemoteState:
    """What a store has of a run's trainer state.

    Args:
        store: where.
        prefix: the run's folder in it.
        uri: address of that folder; for messages.
        folder: the run's folder here, held by this process.
    """

    def __init__(self, store: Store, prefix: str, uri: str, folder: RunFolder) -> None:
        self._store, self._prefix, self._uri, self._folder = store, prefix, uri, folder

    @classmethod
    def at(cls, remote_prefix: str, folder: RunFolder) -> "RemoteState":
        """Return that of a run whose checkpoints are copied to an address."""
        store, prefix = open_store(remote_prefix)
        uri = f"{remote_prefix.rstrip('/')}/{folder.run}"
        return cls(store, "/".join(filter(None, [prefix, folder.run])), uri, folder)

    def fetch_newer(self) -> int | None:
        """Take over the store's state if it is newer than this machine's; return its epoch, None if it is not.

        Raises:
            UserError: it is damaged or lacks its checkpoint.
            MachineError: the store does not answer.
        """
        name = max(self._names(), default=None)
        here = self._folder.newest_state()
        if name is None or (here is not None and _epoch(name) <= int(here.name[1:])):
            return None
        packed = self._store.fetch(self._key(name))
        if packed is None:
            raise MachineError(
                f"{self._place(name)} was removed just now; does another machine train this run?"
            )
        checkpoint = self._folder.checkpoint(_epoch(name))
        copy = self._store.fetch(f"{self._prefix}/{self._folder.checkpoints.name}/{checkpoint.name}")
        if copy is None:
            raise UserError(f"{self._place(name)}: its checkpoint {checkpoint.name} is not in the store")
        files = self._read(packed, name)
        with whole_file(checkpoint) as temporary:
            shutil.copyfile(copy, temporary)
        self._install(files, _epoch(name))
        return _epoch(name)

    @contextmanager
    def packed(self) -> Iterator[PackedState | None]:
        """Pack this machine's newest state; None if there is none, or the store has it or a newer one."""
        state = self._folder.newest_state()
        packed = None if state is None else self._pack(state, self._names())
        try:
            yield packed
        finally:
            if packed is not None:
                packed.path.unlink()

    def put(self, packed: PackedState) -> None:
        """Copy a state to the store, where its checkpoint is, and delete older ones."""
        self._store.put(packed.path, self._key(packed.name))
        for name in self._names():
            if name != packed.name and _epoch(name) <= _epoch(packed.name):
                self._store.delete(self._key(name))

    def _names(self) -> list[str]:
        return [name for name in self._store.sizes(f"{self._prefix}/trainer_state") if _NAME.fullmatch(name)]

    def _key(self, name: str) -> str:
        return f"{self._prefix}/trainer_state/{name}"

    def _place(self, name: str) -> str:
        return f"{self._uri}/trainer_state/{name}"

    def _pack(self, state: Path, there: list[str]) -> PackedState | None:
        """None also if the state has just been replaced by a newer one, with which this is called again."""
        path = state.with_name(f".{state.name}.{os.getpid()}.part.zip")
        try:
            name = f"{state.name}-{from_json((state / HEADER).read_bytes())['sha256'][:16]}.zip"
            if name in there or any(_epoch(other) > _epoch(name) for other in there):
                return None
            with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
                archive.write(self._folder.config_path, _CONFIG)
                archive.write(state / HEADER, HEADER)
                archive.write(state / TENSORS, TENSORS)
        except OSError as error:
            path.unlink(missing_ok=True)
            if isinstance(error, FileNotFoundError):
                return None
            raise
        return PackedState(name, path)

    def _read(self, packed: Path, name: str) -> dict[str, bytes]:
        try:
            with zipfile.ZipFile(packed) as archive:
                if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
                    raise ValueError("it is compressed")
                files = {member: read_entry(archive, member) for member in (_CONFIG, HEADER, TENSORS)}
            if hashlib.sha256(files[TENSORS]).hexdigest()[:16] != name[-20:-4]:
                raise ValueError(f"the SHA-256 of {TENSORS} is not the one in the name")
        except (*ZIP_DAMAGE, ValueError) as error:
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            raise UserError(
                f"{self._place(name)} is damaged: {reason}; delete it to go on from what this machine has"
            ) from None
        return files

    def _install(self, files: dict[str, bytes], epoch: int) -> None:
        """Make it this machine's newest state; like a saved one it appears by one rename."""
        state = self._folder.trainer_state / f"e{epoch:08d}"
        writing = state.with_name(f".{state.name}.{os.getpid()}.writing")
        for name in (TENSORS, HEADER):
            with whole_file(writing / name) as temporary:
                temporary.write_bytes(files[name])
        with whole_file(self._folder.config_path) as temporary:
            temporary.write_bytes(files[_CONFIG])
        writing.rename(state)


def _epoch(name: str) -> int:
    return int(name[1:].partition("-")[0])
