"""Archives (`.baked`): a recorded episode in a form that needs no engine; `docs/formats/baked.md` tells it in full.

`bake` makes one of a replay, `pack_archive` and `unpack_archive` turn it into a file's bytes and back. The page opens
archives by itself, without a server.
"""

from mettascope.archive.bake import bake
from mettascope.archive.form import SUFFIX, Archive
from mettascope.archive.pack import pack_archive, write_archive
from mettascope.archive.unpack import read_archive, unpack_archive

__all__ = ["SUFFIX", "Archive", "bake", "pack_archive", "read_archive", "unpack_archive", "write_archive"]
