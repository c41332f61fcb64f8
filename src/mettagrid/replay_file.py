"""Replay files, format version 2 (`docs/formats/replay.md`): a zip of header, actions and snapshots.

A file may come from anybody, so reading checks every size before it inflates anything and never unpickles.
"""

import io
import json
import zipfile
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from tokenize import TokenError
from typing import Annotated, Any, Literal

import numpy as np
from numpy.lib import format as npy_format
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mettagrid.config.base import explain
from mettagrid.config.game import GameConfig
from mettagrid.kinship import NoKinship
from mettagrid.maps.map_file import without_map_files
from mettagrid.one_line import one_line
from mettagrid.replay import Origin, Replay
from mettagrid.whole_file import whole_file
from mettagrid.zip_entry import ZIP_DAMAGE, read_entry

FORMAT_VERSION = 2
_READABLE = (1, 2)  # version 1 had no first_tick and no is_finished
SUFFIX = ".replay"
_MAX_HEADER_BYTES = 8 << 20
_MAX_INFLATED_BYTES = 60 << 20  # of everything in the file
_MAX_ENTRIES = 10_002
_MAX_MAP_CELLS = 16 << 20  # of all maps together; four bytes each
_MAX_MAP_WORK = 1 << 29  # cells of all maps times the parts that draw them
_MAX_STEP_WORK = 1 << 32  # ticks between two snapshots times things times rules
_MAX_KIN = 1 << 26  # pairs of agents, a byte each
_MAX_TOKENS = 16 << 20  # of all agents together; three bytes each, held twice
_HEADER, _ACTIONS, _SNAPSHOTS = "header.json", "actions.npy", "snapshots/"
_EARLIEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # no clock in the file: the same episode gives the same bytes


_Tick = Annotated[str, Field(pattern=r"^[0-9]{1,10}$")]
_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class _Header(BaseModel):
    """header.json. 64-bit hashes are hexadecimal text, because JSON readers round large numbers."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: Literal["metta-replay"] = "metta-replay"
    version: Literal[1, 2] = FORMAT_VERSION
    metta_version: str = Field(max_length=100)
    seed: int = Field(ge=0, lt=2**63)
    stream: int = Field(ge=0, lt=2**63)
    num_maps: int = Field(ge=1, le=65536)
    map_seed: int = Field(ge=0, lt=2**63)
    policy: str = Field(max_length=1000)
    num_ticks: int = Field(ge=0, le=10_000_000)
    first_tick: int = Field(default=0, ge=0, le=2**31)
    is_finished: bool = True
    num_agents: int = Field(ge=1, le=65536)
    action_names: list[str] = Field(min_length=1, max_length=32767)
    hashes: dict[_Tick, _Hash] = Field(max_length=1_000_000)
    game: dict[str, Any]


def write_replay(path: Path, replay: Replay) -> Path:
    """Writes a replay under a temporary name, flushes it to disk and renames it; returns the path."""
    with whole_file(path) as temporary, open(temporary, "wb") as file:
        _write_zip(file, replay)
    return path


def read_replay(path: Path) -> Replay:
    """Reads a replay file.

    Raises:
        ValueError: one line: no replay, another version, damaged, or larger than any replay should be.
    """
    return _read(path, str(path))


def unpack_replay(data: bytes, name: str) -> Replay:
    """Reads the bytes of a replay file.

    Args:
        data: of the file.
        name: of the file, for the messages.

    Raises:
        ValueError: as `read_replay`.
    """
    return _read(io.BytesIO(data), name)


def _read(source: Path | io.BytesIO, name: str) -> Replay:
    try:
        with zipfile.ZipFile(source) as archive:
            entries = _check_entries(archive)
            header = _read_header(archive)
            actions = _read_actions(read_entry(archive, _ACTIONS), header)
            snapshots = {tick: read_entry(archive, name) for tick, name in entries.items()}
        return _replay(header, actions, snapshots)
    except FileNotFoundError:
        raise ValueError(f"{name}: there is no such file") from None
    except ZIP_DAMAGE as error:
        raise ValueError(f"{name}: not a whole replay file ({_one_line(error)})") from None
    except ValidationError as error:
        raise ValueError(f"{name}: {one_line(explain(error))}") from None
    except ValueError as error:
        raise ValueError(f"{name}: {_one_line(error)}") from None


def _write_zip(file: io.BufferedWriter, replay: Replay) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, _HEADER, _header(replay).model_dump_json(indent=1).encode())
        _add(archive, _ACTIONS, _npy_bytes(replay.actions))
        for tick, data in sorted(replay.snapshots.items()):
            _add(archive, f"{_SNAPSHOTS}{tick:08d}", data)


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _EARLIEST_ZIP_DATE), data, zipfile.ZIP_DEFLATED, 9)


def _npy_bytes(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()


def _header(replay: Replay) -> _Header:
    origin = replay.origin
    return _Header(
        metta_version=replay.metta_version or _installed_version(),
        seed=origin.seed,
        stream=origin.stream,
        num_maps=origin.num_maps,
        map_seed=origin.map_seed,
        policy=origin.policy[:1000],
        num_ticks=len(replay.actions),
        first_tick=replay.first_tick,
        is_finished=replay.is_finished,
        num_agents=int(replay.actions.shape[1]),
        action_names=list(replay.action_names),
        hashes={str(tick): f"{value:016x}" for tick, value in sorted(replay.hashes.items())},
        game=origin.game.model_dump(mode="json"),
    )


def _installed_version() -> str:
    try:
        return metadata.version("metta")
    except metadata.PackageNotFoundError:
        return "unknown"


def _check_entries(archive: zipfile.ZipFile) -> dict[int, str]:
    """Refuses what no replay holds, from the directory alone; returns tick -> name of the snapshots."""
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES or sum(entry.file_size for entry in entries) > _MAX_INFLATED_BYTES:
        raise ValueError(f"too large for a replay (more than {_MAX_INFLATED_BYTES >> 20} MiB inside)")
    for entry in entries:
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{entry.filename!r} is encrypted or compressed in an unknown way")
    names = [entry.filename for entry in entries]
    snapshots = [name for name in names if name not in (_HEADER, _ACTIONS)]
    is_known = all(name.startswith(_SNAPSHOTS) and name[len(_SNAPSHOTS) :].isdecimal() for name in snapshots)
    if not is_known or len(set(names)) < len(names) or len(names) - len(snapshots) != 2:
        raise ValueError(
            "not a replay file: header.json, actions.npy and snapshots/<tick> are what one holds"
        )
    return {int(name[len(_SNAPSHOTS) :]): name for name in snapshots}


def _read_header(archive: zipfile.ZipFile) -> _Header:
    if archive.getinfo(_HEADER).file_size > _MAX_HEADER_BYTES:
        raise ValueError(f"header.json is larger than {_MAX_HEADER_BYTES >> 20} MiB")
    try:
        data = json.loads(read_entry(archive, _HEADER))
    except RecursionError:
        raise ValueError("header.json is nested too deeply") from None
    if not isinstance(data, dict) or data.get("format") != "metta-replay":
        raise ValueError("header.json is not that of a replay")
    if type(data.get("version")) is not int or data["version"] not in _READABLE:
        version = str(data.get("version"))[:20]
        raise ValueError(
            f"replay format version {version} is unknown; this program reads versions up to {FORMAT_VERSION}"
        )
    return _Header.model_validate(data)


def _read_actions(data: bytes, header: _Header) -> np.ndarray:
    """The action array, with its shape and type checked against the header before any memory is taken."""
    stream = io.BytesIO(data)
    try:
        if npy_format.read_magic(stream) != (1, 0):
            raise ValueError("another version than 1.0")
        shape, is_fortran, dtype = npy_format.read_array_header_1_0(stream)
    except (
        ValueError,
        SyntaxError,
        TokenError,
        RecursionError,
        MemoryError,
    ) as error:  # its header is Python
        raise ValueError(f"actions.npy is not a NumPy array: {_one_line(error)}") from None
    expected = (header.num_ticks, header.num_agents)
    body = data[stream.tell() :]
    if shape != expected or is_fortran or dtype not in (np.dtype(np.uint8), np.dtype("<i2")):
        raise ValueError(f"actions.npy must be uint8 or int16 {list(expected)}, it is {dtype} {list(shape)}")
    if len(body) != header.num_ticks * header.num_agents * dtype.itemsize:
        raise ValueError("actions.npy has been cut")
    actions = np.frombuffer(body, dtype).reshape(expected)
    if actions.size and not 0 <= int(actions.min()) <= int(actions.max()) < len(header.action_names):
        raise ValueError("actions.npy holds actions that the game does not have")
    return actions


def _replay(header: _Header, actions: np.ndarray, snapshots: dict[int, bytes]) -> Replay:
    if any(not header.first_tick <= tick <= header.first_tick + header.num_ticks for tick in snapshots):
        raise ValueError("a snapshot lies before the first or behind the last tick")
    try:
        with without_map_files():
            game = GameConfig.model_validate_json(json.dumps(header.game))
    except RecursionError:
        raise ValueError("header.json is nested too deeply") from None
    _check_memory(game, header.num_maps)
    _check_work(game, header, snapshots)
    origin = Origin(game, header.seed, header.stream, header.num_maps, header.map_seed, header.policy)
    hashes = {int(tick): int(value, 16) for tick, value in header.hashes.items()}
    return Replay(
        origin,
        actions,
        tuple(header.action_names),
        hashes,
        snapshots,
        header.metta_version,
        header.first_tick,
        header.is_finished,
    )


def _check_memory(game: GameConfig, num_maps: int) -> None:
    """Refuses a header whose world would take more memory than any honest recording needed."""
    height, width = game.map.shape
    if num_maps * height * width > _MAX_MAP_CELLS:
        raise ValueError(f"{num_maps} maps of {height} x {width} cells are too many for a replay")
    if not isinstance(game.kinship, NoKinship) and game.num_agents**2 > _MAX_KIN:
        raise ValueError(f"{game.num_agents} agents with kinship are too many for a replay")
    if game.num_agents * game.view.num_tokens > _MAX_TOKENS:
        raise ValueError(
            f"{game.num_agents} agents with {game.view.num_tokens} tokens are too many for a replay"
        )


def _check_work(game: GameConfig, header: _Header, snapshots: dict[int, bytes]) -> None:
    """Refuses what would keep the machine busy: maps without end, or ticks that are far from every snapshot."""
    height, width = game.map.shape
    if _num_parts(header.game.get("map")) * header.num_maps * height * width > _MAX_MAP_WORK:
        raise ValueError(
            f"{header.num_maps} maps of {height} x {width} cells in so many parts are too much work"
        )
    ticks = sorted({header.first_tick, *snapshots, header.first_tick + header.num_ticks})
    longest = max((later - earlier for earlier, later in pairwise(ticks)), default=0)
    things = game.num_agents + game.spare_objects + height * width
    if longest * things * (1 + len(game.rules)) > _MAX_STEP_WORK:
        raise ValueError(f"{longest} ticks of so large a world without a snapshot are too many")


def _num_parts(data: Any) -> int:
    """How many objects are in JSON data; never deep, as it has been checked before."""
    if isinstance(data, dict):
        return 1 + sum(_num_parts(value) for value in data.values())
    return sum(_num_parts(value) for value in data) if isinstance(data, list) else 0


def _one_line(error: BaseException) -> str:
    return one_line(str(error)) or type(error).__name__
