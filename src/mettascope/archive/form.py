"""What an archive holds, and how large it may be."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mettascope.columns import Column

SUFFIX = ".baked"
FORMAT = "mettascope-archive"
FORMAT_VERSION = 1
CHUNK_TICKS = 50
"""Ticks of a chunk; chunks begin at the first tick and at every multiple."""
SURVEY_TICKS = 500
"""Ticks of a block of the survey; blocks begin at the first tick and so many ticks after each other."""
HEADER, ATLAS, CHUNKS, SURVEYS = "header.json", "atlas.png", "chunks/", "surveys/"

MAX_FILE_BYTES = 128 << 20
MAX_HEADER_BYTES = 8 << 20
MAX_ENTRY_BYTES = 16 << 20
"""Of a chunk, a block or the atlas, inflated."""
MAX_INFLATED_BYTES = 256 << 20
"""Of everything in the file."""
MAX_ENTRIES = 60_000
MAX_TICKS = 1_000_000
MAX_NUMBERS = 1 << 22
"""In all columns of a world together."""
MAX_CELLS = 1 << 22
MAX_ATLAS_SIDE = 8192
"""Pixels."""


@dataclass(frozen=True)
class Archive:
    """An episode, or a part of one, as it is looked at."""

    world: dict[str, Any]
    """The description, see `mettascope.description`, with `seed`, `policy`, `title`, `first_tick` and `last_tick`."""
    atlas: bytes = field(repr=False)
    """The sheet of sprites, PNG."""
    chunks: dict[int, bytes] = field(repr=False)
    """First tick -> frames, see `mettascope.frames.pack_chunk`."""
    surveys: dict[int, bytes] = field(repr=False)
    """First tick -> block, see `mettascope.survey.Block.pack`."""
    metta_version: str = "unknown"
    """Who made it, for people."""

    @property
    def first_tick(self) -> int:
        """The earliest tick that can be seen."""
        return int(self.world["first_tick"])

    @property
    def last_tick(self) -> int:
        """The latest tick that can be seen."""
        return int(self.world["last_tick"])

    @property
    def columns(self) -> list[Column]:
        """The columns of its frames."""
        return [Column(c["name"], c["rows"], c["size"]) for c in self.world["columns"]]


def chunk_ticks(first: int, last: int) -> list[int]:
    """The ticks at which the chunks of an episode begin."""
    return [first, *range((first // CHUNK_TICKS + 1) * CHUNK_TICKS, last + 1, CHUNK_TICKS)]


def survey_ticks(first: int, last: int) -> list[int]:
    """The ticks at which the blocks of its survey begin."""
    return list(range(first, last + 1, SURVEY_TICKS))


def sheet_size(num_tiles: int, tile_size: int, padding: int, columns: int) -> tuple[int, int]:
    """Width and height of a sheet of sprites in pixels."""
    pitch = tile_size + 2 * padding
    return columns * pitch, math.ceil(num_tiles / columns) * pitch


def expected_names(first: int, last: int) -> Iterable[str]:
    """The names of all entries of an archive's file."""
    yield from (HEADER, ATLAS)
    yield from (entry_name(CHUNKS, tick) for tick in chunk_ticks(first, last))
    yield from (entry_name(SURVEYS, tick) for tick in survey_ticks(first, last))


def entry_name(folder: str, tick: int) -> str:
    """The name of a chunk or block: eight digits."""
    return f"{folder}{tick:08d}"
