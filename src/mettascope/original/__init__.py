"""Replays of the original Mettascope (`.json.z`, versions 1 to 4) become archives, so that the page can show them.

`docs/formats/original.md` says what is taken over. Nothing here knows how to play: the file only tells what was seen.
"""

from mettagrid.one_line import one_line
from mettascope.archive.form import Archive
from mettascope.original.convert import convert
from mettascope.original.inflate import looks_original, read_json
from mettascope.original.schema import parse

__all__ = ["looks_original", "open_original"]


def open_original(data: bytes, name: str) -> Archive:
    """The archive of a replay of the original.

    Args:
        data: of the file: JSON, deflated by zlib or gzip or not at all.
        name: of the file, for the messages and as title.

    Raises:
        ValueError: one line: damaged, of another version, or too large.
    """
    try:
        return convert(parse(read_json(data)), name)
    except ValueError as error:
        raise ValueError(f"{name}: {one_line(str(error))}") from None
