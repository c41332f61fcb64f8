"""Reads the file of an archive. It may come from anybody: every size is checked before anything is inflated."""

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from mettagrid.one_line import one_line
from mettagrid.zip_entry import ZIP_DAMAGE, read_entry
from mettascope.archive.form import (
    ATLAS,
    CHUNK_TICKS,
    CHUNKS,
    FORMAT,
    FORMAT_VERSION,
    HEADER,
    MAX_ENTRIES,
    MAX_ENTRY_BYTES,
    MAX_FILE_BYTES,
    MAX_HEADER_BYTES,
    MAX_INFLATED_BYTES,
    SURVEY_TICKS,
    SURVEYS,
    Archive,
    chunk_ticks,
    entry_name,
    expected_names,
    sheet_size,
    survey_ticks,
)
from mettascope.archive.world import check_world

_PNG = b"\x89PNG\r\n\x1a\n"


def read_archive(path: Path) -> Archive:
    """Reads an archive's file.

    Raises:
        ValueError: one line: no archive, another version, damaged, or larger than any archive should be.
    """
    return unpack_archive(read_bounded(path, "an archive"), str(path))


def read_bounded(path: Path, what: str) -> bytes:
    """Reads a file that may come from anybody.

    Args:
        path: of the file.
        what: it should be, for the message: "an archive".

    Raises:
        ValueError: one line: it is not there, cannot be read, or is larger than any archive should be.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ValueError(f"{path}: {what} has at most {MAX_FILE_BYTES >> 20} MiB")
        return path.read_bytes()
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file") from None
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None


def unpack_archive(data: bytes, name: str) -> Archive:
    """Reads the bytes of an archive's file.

    Args:
        data: of the file.
        name: of the file, for the messages.

    Raises:
        ValueError: one line: no archive, another version, damaged, or larger than any archive should be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return _read(packed)
    except ZIP_DAMAGE as error:
        raise ValueError(f"{name}: not a whole archive ({_one_line(error)})") from None
    except ValueError as error:
        raise ValueError(f"{name}: {_one_line(error)}") from None


def _read(packed: zipfile.ZipFile) -> Archive:
    sizes = _check_entries(packed)
    if sizes.get(HEADER, 0) > MAX_HEADER_BYTES:
        raise ValueError(f"{HEADER} is larger than {MAX_HEADER_BYTES >> 20} MiB")
    header = _read_header(packed)
    world = header["world"]
    check_world(world)
    first, last = world["first_tick"], world["last_tick"]
    expected = set(expected_names(first, last))
    if missing := expected - sizes.keys():
        raise ValueError(f"{min(missing)} is missing")
    if unknown := sizes.keys() - expected:
        raise ValueError(f"{min(unknown)[:100]!r} has no place in an archive")
    atlas = read_entry(packed, ATLAS)
    _check_sheet(atlas, world["atlas"])
    chunks = {tick: read_entry(packed, entry_name(CHUNKS, tick)) for tick in chunk_ticks(first, last)}
    surveys = {tick: read_entry(packed, entry_name(SURVEYS, tick)) for tick in survey_ticks(first, last)}
    return Archive(world, atlas, chunks, surveys, header["metta_version"])


def _check_entries(packed: zipfile.ZipFile) -> dict[str, int]:
    """Refuses what no archive holds, from the directory alone; returns the inflated sizes by name."""
    entries = packed.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_INFLATED_BYTES:
        raise ValueError(f"too large for an archive (more than {MAX_INFLATED_BYTES >> 20} MiB inside)")
    for entry in entries:
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{entry.filename[:100]!r} is encrypted or compressed in an unknown way")
        if entry.file_size > MAX_ENTRY_BYTES:
            raise ValueError(f"{entry.filename[:100]!r} is larger than {MAX_ENTRY_BYTES >> 20} MiB")
    sizes = {entry.filename: entry.file_size for entry in entries}
    if len(sizes) != len(entries):
        raise ValueError("two entries have the same name")
    if HEADER not in sizes:
        raise ValueError(f"not an archive: {HEADER} is missing")
    return sizes


def _read_header(packed: zipfile.ZipFile) -> dict[str, Any]:
    try:
        header = json.loads(read_entry(packed, HEADER), parse_constant=_no_number)
    except RecursionError:
        raise ValueError(f"{HEADER} is nested too deeply") from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ValueError(f"{HEADER} is not that of an archive")
    version = header.get("version")
    if type(version) is not int or version != FORMAT_VERSION:
        raise ValueError(
            f"archives of version {str(version)[:20]} are unknown; this program reads {FORMAT_VERSION}"
        )
    if header.get("chunk_ticks") != CHUNK_TICKS or header.get("survey_ticks") != SURVEY_TICKS:
        raise ValueError(f"chunk_ticks must be {CHUNK_TICKS} and survey_ticks {SURVEY_TICKS}")
    if not isinstance(header.get("metta_version"), str) or not isinstance(header.get("world"), dict):
        raise ValueError(f"{HEADER} lacks metta_version or world")
    return header


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _check_sheet(png: bytes, told: Mapping[str, Any]) -> None:
    """The picture has the size that the description tells, so that nobody decodes a larger one."""
    size = sheet_size(len(told["tiles"]), told["tile_size"], told["padding"], told["columns"])
    is_png = png[:8] == _PNG and png[12:16] == b"IHDR" and len(png) >= 24
    if not is_png or struct.unpack(">II", png[16:24]) != size:
        raise ValueError(f"{ATLAS} is no PNG of {size[0]} x {size[1]} pixels")


def _one_line(error: BaseException) -> str:
    return one_line(str(error)) or type(error).__name__
