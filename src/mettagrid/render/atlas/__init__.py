"""The sprite atlas and the look table of a game: all that the browser page needs to draw it.

The page knows no names: `look_table` says which numbers of a world mean what and which tile shows it, and
`paint_atlas` paints the tiles with the same art as pictures and movies.
"""

from mettagrid.render.atlas.names import tile_names
from mettagrid.render.atlas.sheet import Atlas, paint_atlas
from mettagrid.render.atlas.table import look_table

__all__ = ["Atlas", "look_table", "paint_atlas", "tile_names"]
