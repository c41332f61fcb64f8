"""Pictures of a piece of wall or border, one cell large. It joins the pieces around it."""

from functools import lru_cache

from PIL import Image

from mettagrid.render.palette import LIGHT, Color, Palette
from mettagrid.render.pen import Pen

SHADOW_DROP = 0.1
"""How far below a wall its shadow lies, in cells."""


@lru_cache(maxsize=4096)
def wall_piece(joints: int, is_border: bool, cell_size: int, colors: Palette = LIGHT) -> Image.Image:
    """A piece of wall. `joints`: bits 0..3 = wall north, east, south, west of it; 4..7 = NE, SE, SW, NW."""
    pen = Pen(cell_size, colors)
    side, top = (colors.border, colors.border_top) if is_border else (colors.wall, colors.wall_top)
    _wall_shape(pen, joints, 0.0, side)
    _wall_shape(pen, joints, 0.1, top)
    return pen.finish()


def _wall_shape(pen: Pen, joints: int, inset: float, color: Color) -> None:
    low, high = 0.06 + inset, 0.94 - inset
    north, east, south, west = (bool(joints >> bit & 1) for bit in range(4))
    pen.box(low, low, high, high, radius=max(0.02, 0.22 - inset), fill=color)
    for is_joined, edges in (
        (north, (low, 0.0, high, 0.5)),
        (east, (0.5, low, 1.0, high)),
        (south, (low, 0.5, high, 1.0)),
        (west, (0.0, low, 0.5, high)),
    ):
        if is_joined:
            pen.box(*edges, fill=color)
    corners = ((high, 0.0, 1.0, low), (high, high, 1.0, 1.0), (0.0, high, low, 1.0), (0.0, 0.0, low, low))
    for bit, edges in enumerate(corners, start=4):
        if joints >> bit & 1:
            pen.box(*edges, fill=color)
