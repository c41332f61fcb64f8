"""Reading an entry of a zip that may come from anybody."""

import struct
import zipfile
import zlib

ZIP_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, struct.error)
"""What `zipfile` raises for files that are damaged, encrypted or compressed in a way that it does not know."""


def read_entry(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of an entry, never more than the directory says.

    `ZipFile.read` inflates first and cuts then, so that an entry that lies about its size fills the memory.

    Raises:
        ValueError: there is no such entry, or it is larger than it says.
        zipfile.BadZipFile, zlib.error: it is damaged.
    """
    try:
        size = archive.getinfo(name).file_size
    except KeyError:
        raise ValueError(f"{name} is missing") from None
    with archive.open(name) as entry:
        data = entry.read(size) if size else b""
        if len(data) != size:
            raise ValueError(f"{name} is shorter than the file says")
    return data
