"""The floor of a picture: checkerboard, ground and walls. Kept as long as none of them changes."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from mettagrid.render import palette
from mettagrid.render.ground import ground_tile
from mettagrid.render.layers import Spot
from mettagrid.render.looks import WALLS
from mettagrid.render.pen import Pen, put
from mettagrid.render.scene import Scene

# North, east, south, west, then NE, SE, SW, NW: the bits that `_wall` reads.
_AROUND = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))
_CORNER_SIDES = ((0, 1), (1, 2), (2, 3), (3, 0))  # a corner is filled only between two joined sides


class FloorPainter:
    """Paints what lies under the things of one game."""

    def __init__(self, cell_size: int) -> None:
        """Args: cell_size: pixels of a cell."""
        self._size = cell_size
        self._last: tuple[bytes, tuple[Spot, ...], Image.Image] | None = None

    def paint(self, scene: Scene) -> Image.Image:
        """The floor of a scene; copy it before drawing on it."""
        walls = np.zeros((scene.height, scene.width), dtype=np.uint8)  # 0 none, 1 breaks, 2 does not
        for thing in scene.things:
            if thing.look in WALLS:
                walls[thing.row, thing.column] = 1 + WALLS.index(thing.look)
        key = walls.tobytes()
        if self._last is None or self._last[:2] != (key, scene.grounds):
            floor = _checkerboard(scene, self._size)
            for spot in scene.grounds:
                tile = ground_tile(spot.kind, (spot.row + spot.column) % 2 == 0, self._size)
                floor.paste(tile, (spot.column * self._size, spot.row * self._size))
            self._last = (key, scene.grounds, _paint_walls(floor, walls, self._size))
        return self._last[2]


def _checkerboard(scene: Scene, size: int) -> Image.Image:
    """A pale checkerboard, so that distances can be counted."""
    floor = Image.new("RGB", (scene.width * size, scene.height * size), palette.FLOOR)
    draw = ImageDraw.Draw(floor)
    for row in range(scene.height):
        for column in range(row % 2, scene.width, 2):
            draw.rectangle(
                [column * size, row * size, (column + 1) * size - 1, (row + 1) * size - 1],
                fill=palette.FLOOR_SHADE,
            )
    return floor


def _paint_walls(floor: Image.Image, walls: np.ndarray, size: int) -> Image.Image:
    padded = np.pad(walls, 1)
    drop = max(1, size // 10)
    shadow = Image.new("RGB", (size, size), palette.WALL_SHADOW)
    pieces = [
        (row, column, _wall(_joints(padded, row + 1, column + 1), bool(walls[row, column] == 2), size))
        for row, column in np.argwhere(walls)
    ]
    for row, column, piece in pieces:
        if row + 1 < walls.shape[0]:
            floor.paste(shadow, (int(column) * size, int(row) * size + drop), piece.getchannel("A"))
    for row, column, piece in pieces:
        put(floor, piece, (int(column) * size, int(row) * size))
    return floor


def _joints(padded: np.ndarray, row: int, column: int) -> int:
    around = [bool(padded[row + down, column + right] == padded[row, column]) for down, right in _AROUND]
    for corner, (first, second) in enumerate(_CORNER_SIDES, start=4):
        around[corner] = around[corner] and around[first] and around[second]
    return sum(1 << bit for bit, is_wall in enumerate(around) if is_wall)


@lru_cache(maxsize=4096)
def _wall(joints: int, is_border: bool, cell_size: int) -> Image.Image:
    """A piece of wall. `joints`: bits 0..3 = wall north, east, south, west of it; 4..7 = NE, SE, SW, NW."""
    pen = Pen(cell_size)
    side, top = (palette.BORDER, palette.BORDER_TOP) if is_border else (palette.WALL, palette.WALL_TOP)
    _wall_shape(pen, joints, 0.0, side)
    _wall_shape(pen, joints, 0.1, top)
    return pen.finish()


def _wall_shape(pen: Pen, joints: int, inset: float, color: palette.Color) -> None:
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
