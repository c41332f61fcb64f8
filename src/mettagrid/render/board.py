"""The board: checkerboard, ground, walls, traces and objects, painted once and then only where they change.

A number says all that decides how a cell looks below its things, so equal cells share one tile.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from PIL import Image

from mettagrid.render.ground import ground_tile, trace_tile
from mettagrid.render.layers import Spot
from mettagrid.render.looks import WALLS
from mettagrid.render.palette import LIGHT, Palette
from mettagrid.render.pen import put
from mettagrid.render.scene import Scene, Thing
from mettagrid.render.sprites import cracks, sprite
from mettagrid.render.walls import SHADOW_DROP, wall_piece

Place = tuple[int, int]  # row, column
_Contents = dict[Place, tuple[Spot | Thing, ...]]

VOID = -1  # the number of a cell outside the map

# North, east, south, west, then NE, SE, SW, NW: the bits that `wall_piece` reads.
_AROUND = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))
_CORNER_SIDES = ((0, 1), (1, 2), (2, 3), (3, 0))  # a corner is filled only between two joined sides
# A cell's number from its lowest bit: joints and sort of its own wall, the same of the wall north of it, whether its
# wall throws a shadow, whether it is a dark cell of the checkerboard, and its ground.
_SORT, _NORTH, _SHADOW, _DARK, _GROUND = 8, 10, 20, 21, 22


class FloorReader:
    """Numbers the cells of scenes; keeps the numbers as long as neither walls nor ground change."""

    def __init__(self, colors: Palette) -> None:
        """Knows nothing yet. Args: colors: of the tiles."""
        self._colors = colors
        self._ground_kinds: list[str] = []
        self._last: tuple[bytes, tuple[object, ...]] | None = None
        self._numbers = np.zeros((0, 0), dtype=np.int64)

    def read(self, scene: Scene) -> np.ndarray:
        """How each cell of a scene looks below its things: int64 [height, width], for `tile`."""
        walls = np.zeros((scene.height, scene.width), dtype=np.int64)  # 0 none, 1 breaks, 2 does not
        for thing in scene.things:
            if thing.look in WALLS:
                walls[thing.row, thing.column] = 1 + WALLS.index(thing.look)
        key = (walls.tobytes(), scene.grounds)
        if self._last != key or self._numbers.shape != walls.shape:
            self._last, self._numbers = key, self._number_cells(scene, walls)
        return self._numbers

    def tile(self, number: int, size: int) -> Image.Image:
        """The picture of a cell with this number, RGB; do not draw on it."""
        ground = number >> _GROUND
        return _tile(number, self._ground_kinds[ground - 1] if ground > 0 else "", size, self._colors)

    def _number_cells(self, scene: Scene, walls: np.ndarray) -> np.ndarray:
        own = walls << _SORT | _joints(walls)
        rows, columns = np.indices(walls.shape)
        numbers = own | (rows < scene.height - 1).astype(np.int64) << _SHADOW
        numbers[1:] |= own[:-1] << _NORTH
        numbers |= ((rows + columns) % 2 == 0).astype(np.int64) << _DARK
        for spot in scene.grounds:
            if spot.kind not in self._ground_kinds:
                self._ground_kinds.append(spot.kind)
            numbers[spot.row, spot.column] |= (1 + self._ground_kinds.index(spot.kind)) << _GROUND
        return numbers


def _joints(walls: np.ndarray) -> np.ndarray:
    """Which of its eight neighbours each wall joins, as bits; 0 where there is no wall."""
    height, width = walls.shape
    padded = np.pad(walls, 1)
    same = [
        (padded[1 + down : 1 + down + height, 1 + right : 1 + right + width] == walls) & (walls > 0)
        for down, right in _AROUND
    ]
    for corner, (first, second) in enumerate(_CORNER_SIDES, start=4):
        same[corner] &= same[first] & same[second]
    return sum(
        (is_joined.astype(np.int64) << bit for bit, is_joined in enumerate(same)), np.zeros_like(walls)
    )


@lru_cache(maxsize=16384)
def _tile(number: int, ground: str, size: int, colors: Palette) -> Image.Image:
    if number == VOID:
        return Image.new("RGB", (size, size), colors.border)
    is_dark = bool(number >> _DARK & 1)
    tile = Image.new("RGB", (size, size), colors.floor_shade if is_dark else colors.floor)
    if ground:
        tile.paste(ground_tile(ground, is_dark, size, colors))
    drop = max(1, int(size * SHADOW_DROP))
    shadow = Image.new("RGB", (size, size), colors.wall_shadow)
    north, own = _piece(number >> _NORTH, size, colors), _piece(number, size, colors)
    if north:
        tile.paste(shadow, (0, drop - size), north.getchannel("A"))
    if own and number >> _SHADOW & 1:
        tile.paste(shadow, (0, drop), own.getchannel("A"))
    if own:
        put(tile, own, (0, 0))
    return tile


def _piece(number: int, size: int, colors: Palette) -> Image.Image | None:
    """The wall that the lowest bits of a number mean."""
    sort = number >> _SORT & 3
    return wall_piece(number & 255, sort == 2, size, colors) if sort else None


class BoardPainter:
    """Paints floor, traces and objects of a part of the map, or of all of it."""

    def __init__(self, cell_size: int, colors: Palette = LIGHT) -> None:
        """Args: cell_size: pixels of a cell. colors: of everything."""
        self._size = cell_size
        self._colors = colors
        self._floor = FloorReader(colors)
        self._numbers = np.zeros((0, 0), dtype=np.int64)  # of the cells on the board
        self._contents: _Contents = {}  # of the cells on the board, by their places there
        self._board = Image.new("RGB", (0, 0))

    def paint(self, scene: Scene, corner: Place, shape: tuple[int, int]) -> Image.Image:
        """The board of a scene; copy it before drawing on it.

        Args:
            scene: what to paint.
            corner: the cell of the map at the top left; may lie outside of the map.
            shape: rows and columns to paint; what is outside of the map is dark.
        """
        numbers = _part(self._floor.read(scene), corner, shape)
        contents = _contents(scene, corner, shape)
        if self._numbers.shape != shape:
            self._board = Image.new("RGB", (shape[1] * self._size, shape[0] * self._size))
            dirty = set(np.ndindex(shape))
        else:
            dirty = {(row, column) for row, column in np.argwhere(numbers != self._numbers).tolist()}
            dirty |= {place for place, things in contents.items() if things != self._contents.get(place)}
            dirty |= self._contents.keys() - contents.keys()
        self._numbers, self._contents = numbers, contents
        self._repaint(dirty)
        return self._board

    def _repaint(self, places: Iterable[Place]) -> None:
        size = self._size
        for row, column in places:
            corner = (column * size, row * size)
            self._board.paste(self._floor.tile(int(self._numbers[row, column]), size), corner)
            for content in self._contents.get((row, column), ()):
                picture = _picture(content, size, self._colors)
                if picture is not None:
                    put(self._board, picture, corner)


def _picture(content: Spot | Thing, size: int, colors: Palette) -> Image.Image | None:
    if isinstance(content, Spot):
        return trace_tile(content.kind, content.strength, size, colors)
    if content.look not in WALLS:
        return sprite(content, size, colors)
    return cracks(round(content.health, 1), size, colors) if content.health < 1 else None


def _part(numbers: np.ndarray, corner: Place, shape: tuple[int, int]) -> np.ndarray:
    """The part of the map's numbers that is on the board; `VOID` around the map."""
    if corner == (0, 0) and shape == numbers.shape:
        return numbers
    part = np.full(shape, VOID, dtype=numbers.dtype)
    (top, left), (rows, columns) = corner, shape
    first_row, first_column = max(0, top), max(0, left)
    inside = numbers[first_row : max(0, top + rows), first_column : max(0, left + columns)]
    down, right = first_row - top, first_column - left
    part[down : down + inside.shape[0], right : right + inside.shape[1]] = inside
    return part


def _contents(scene: Scene, corner: Place, shape: tuple[int, int]) -> _Contents:
    """Traces, then objects of each cell that has any, by its place on the board."""
    (top, left), (rows, columns) = corner, shape
    bottom, end = top + rows, left + columns
    contents: _Contents = {}
    for each in (*scene.traces, *scene.things):
        row, column = each.row, each.column
        if (
            top <= row < bottom
            and left <= column < end
            and (isinstance(each, Spot) or (each.agent < 0 and (each.look not in WALLS or each.health < 1)))
        ):
            place = (row - top, column - left)
            contents[place] = (*contents.get(place, ()), each)
    return contents
