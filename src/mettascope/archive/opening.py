"""Opens files of recorded episodes of any kind, by what is in them and not by their name."""

import io
import zipfile
from pathlib import Path

from mettagrid.replay import Replay
from mettagrid.replay_file import unpack_replay
from mettagrid.zip_entry import ZIP_DAMAGE
from mettascope.archive.form import ATLAS, Archive
from mettascope.archive.unpack import read_bounded, unpack_archive
from mettascope.original import looks_original, open_original


def read_episode(path: Path) -> Replay | Archive:
    """Reads a replay, an archive, or a replay of the original Mettascope, which becomes an archive.

    Raises:
        ValueError: one line: it is none of them, damaged, or too large.
    """
    return unpack_episode(read_bounded(path, "a recorded episode"), str(path))


def unpack_episode(data: bytes, name: str) -> Replay | Archive:
    """Reads the bytes of such a file.

    Args:
        data: of the file.
        name: of the file, for the messages.

    Raises:
        ValueError: as `read_episode`.
    """
    if looks_original(data):
        return open_original(data, name)
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise ValueError(f"{name}: not a whole replay file or archive (it is no zip, or has been cut)")
    return unpack_archive(data, name) if _has_atlas(data) else unpack_replay(data, name)


def _has_atlas(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return ATLAS in packed.namelist()
    except (*ZIP_DAMAGE, ValueError):
        return False  # whatever it is, reading it as a replay says what is wrong
