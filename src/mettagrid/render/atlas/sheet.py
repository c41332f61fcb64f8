"""The tiles of a game on one sheet, as a PNG for the graphics card."""

import io
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from mettagrid.config.game import GameConfig
from mettagrid.render.atlas.names import JOINING, tile_names
from mettagrid.render.atlas.tiles import paint_tile
from mettagrid.render.palette import Palette, find_palette

MIN_TILE_SIZE, MAX_TILE_SIZE = 16, 128
# Most of the time goes into filtering at higher levels, and the page comes from the same machine.
_PNG_LEVEL = 3


@dataclass(frozen=True)
class Atlas:
    """A sheet of square tiles in rows of `columns`. Shared by all who ask for it: do not change `tiles`.

    Each tile has `padding` pixels around it, so that neighbours do not bleed into it: transparent ones, or its own edge
    where it joins the tiles of other cells (floor, ground, walls). Tile `t` is at

        left = (t % columns) * pitch + padding        pitch = tile_size + 2 * padding
        top = t // columns * pitch + padding
        u = (left + x * tile_size) / width            for x, y in 0..1 inside the tile, y downwards
        v = (top + y * tile_size) / height

    Transparent pixels are black: load the sheet with premultiplied alpha. Mipmaps stay clean up to level log2(padding);
    limit them (`TEXTURE_MAX_LOD`), or copy the tiles into the layers of a texture array, which has no neighbours.
    """

    png: bytes
    """RGBA."""
    tile_size: int
    """Pixels of a tile's side."""
    padding: int
    """Pixels around each tile; a power of two that divides the pitch."""
    columns: int
    """Tiles in a row."""
    width: int
    """Pixels of a row."""
    height: int
    """Pixels of all rows."""
    tiles: dict[str, int]
    """Number of each tile by name; `names.py` tells the names."""


def paint_atlas(game: GameConfig, tile_size: int = 64, palette: str = "light") -> Atlas:
    """The atlas of a game; games with the same tiles share one, and it is kept.

    Args:
        game: whose kinds, bodies, grounds and so on are painted.
        tile_size: pixels, 16..128, a multiple of 16.
        palette: one of `PALETTES` in `render/palette.py`.

    Raises:
        ValueError: no such tile size or palette.
    """
    if not MIN_TILE_SIZE <= tile_size <= MAX_TILE_SIZE or tile_size % 16:
        raise ValueError(
            f"tile_size: {tile_size} is not a multiple of 16 from {MIN_TILE_SIZE} to {MAX_TILE_SIZE}"
        )
    colors = find_palette(palette)
    return _paint(tile_names(game), tile_size, colors)


@lru_cache(maxsize=16)
def _paint(names: tuple[str, ...], tile_size: int, colors: Palette) -> Atlas:
    """The name of a tile and the palette decide all about its picture, so they are the key."""
    padding = 2 ** int(math.log2(tile_size // 16))
    pitch = tile_size + 2 * padding
    columns = math.ceil(math.sqrt(len(names)))
    rows = math.ceil(len(names) / columns)
    sheet = np.zeros((rows * pitch, columns * pitch, 4), dtype=np.uint8)
    for number, name in enumerate(names):
        top, left = (place * pitch for place in divmod(number, columns))
        tile = np.asarray(paint_tile(name, tile_size, colors))
        mode = "edge" if name.split(":")[0] in JOINING else "constant"
        sides = (padding, padding)
        sheet[top : top + pitch, left : left + pitch] = np.pad(tile, (sides, sides, (0, 0)), mode)
    png = io.BytesIO()
    Image.fromarray(sheet).save(png, format="PNG", compress_level=_PNG_LEVEL)
    tiles = {name: number for number, name in enumerate(names)}
    return Atlas(png.getvalue(), tile_size, padding, columns, sheet.shape[1], sheet.shape[0], tiles)
