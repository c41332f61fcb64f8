"""An archive as the bytes of a file: a zip without a clock, so that equal episodes give equal bytes."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from mettagrid.whole_file import whole_file
from mettascope.archive.form import (
    ATLAS,
    CHUNK_TICKS,
    CHUNKS,
    FORMAT,
    FORMAT_VERSION,
    HEADER,
    MAX_ENTRY_BYTES,
    MAX_INFLATED_BYTES,
    MAX_TICKS,
    SURVEY_TICKS,
    SURVEYS,
    Archive,
    entry_name,
)
from mettascope.archive.world import check_world

_EARLIEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6  # 9 takes three times as long for one percent


def pack_archive(archive: Archive) -> bytes:
    """The bytes of the file.

    Raises:
        ValueError: it is larger than readers take.
    """
    check_world(archive.world)
    entries = dict(_entries(archive))
    largest, total = max(map(len, entries.values())), sum(map(len, entries.values()))
    is_long = archive.last_tick - archive.first_tick >= MAX_TICKS
    if largest > MAX_ENTRY_BYTES or total > MAX_INFLATED_BYTES or is_long:
        raise ValueError(
            f"the episode is too long for one archive ({total >> 20} MiB): take fewer of its ticks"
        )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            how = zipfile.ZIP_STORED if name == ATLAS else zipfile.ZIP_DEFLATED
            packed.writestr(zipfile.ZipInfo(name, _EARLIEST_ZIP_DATE), data, how, _LEVEL)
    return file.getvalue()


def write_archive(path: Path, archive: Archive) -> Path:
    """Writes the file under a temporary name, flushes it to disk and renames it; returns the path."""
    data = pack_archive(archive)
    with whole_file(path) as temporary:
        temporary.write_bytes(data)
    return path


def _entries(archive: Archive) -> Iterator[tuple[str, bytes]]:
    header = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "metta_version": archive.metta_version,
        "chunk_ticks": CHUNK_TICKS,
        "survey_ticks": SURVEY_TICKS,
        "world": archive.world,
    }
    yield HEADER, json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    yield ATLAS, archive.atlas
    for folder, parts in ((CHUNKS, archive.chunks), (SURVEYS, archive.surveys)):
        for tick, data in sorted(parts.items()):
            yield entry_name(folder, tick), data
