"""Small pictures of maps: a square for every cell. `mettagrid.render` paints whole worlds with agents in them."""

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image, ImageDraw

from mettagrid.maps.canvas import AGENT, KINDS
from mettagrid.render.ground import ground_tint
from mettagrid.render.looks import WALLS, kind_color, look_of
from mettagrid.render.palette import LIGHT, Color
from mettagrid.render.pen import plain_font

CELL_SIZE = 5
"""Pixels of a cell in the pictures of the documents."""
MAX_PIXELS = 64_000_000
_GAP = 8
_TITLE = 16


def map_picture(grid: np.ndarray, values: Mapping[str, int], cell_size: int = CELL_SIZE) -> np.ndarray:
    """A picture of a map: uint8 [height * cell_size, width * cell_size, 3].

    Args:
        grid: int32 [height, width] of kind + ground.
        values: value of each name, as `GameConfig.map_values` gives it.
        cell_size: pixels of a cell.

    Raises:
        ValueError: the picture would be too large.
    """
    height, width = grid.shape
    if not 1 <= cell_size <= 64 or height * width * cell_size**2 > MAX_PIXELS:
        raise ValueError(f"{height} x {width} cells of {cell_size} pixels are too large a picture")
    kinds = np.array(_stamps(values, cell_size), np.uint8)
    tints = np.array(_tints(values), np.uint8)
    picture = kinds[grid % KINDS][..., :3]
    see_through = kinds[grid % KINDS][..., 3:] == 0
    ground = tints[grid // KINDS][:, :, None, None, :]
    picture = np.where(see_through, ground, picture)
    return picture.transpose(0, 2, 1, 3, 4).reshape(height * cell_size, width * cell_size, 3)


def contact_sheet(
    pictures: Sequence[np.ndarray], titles: Sequence[str] | None = None, columns: int = 3
) -> np.ndarray:
    """Pictures in rows and columns, each in a field as large as the largest, under its title if there are any.

    Args:
        pictures: uint8 [height, width, 3] each.
        titles: a title for each, or None.
        columns: pictures in a row.
    """
    columns = max(1, min(columns, len(pictures)))
    rows = -(-len(pictures) // columns)
    head = _TITLE if titles else 0
    height = max(picture.shape[0] for picture in pictures) + head
    width = max(picture.shape[1] for picture in pictures)
    size = (columns * (width + _GAP) - _GAP, rows * (height + _GAP) - _GAP)
    if size[0] * size[1] > MAX_PIXELS:
        raise ValueError(f"a sheet of {size[0]} x {size[1]} pixels is too large: draw fewer or smaller maps")
    sheet = Image.new("RGB", size, LIGHT.page)
    pen = ImageDraw.Draw(sheet)
    for index, picture in enumerate(pictures):
        left, top = index % columns * (width + _GAP), index // columns * (height + _GAP)
        if titles:
            pen.text((left, top), titles[index], fill=LIGHT.words, font=plain_font(11))
        sheet.paste(Image.fromarray(picture), (left, top + head))
    return np.asarray(sheet)


def _stamps(values: Mapping[str, int], size: int) -> list[np.ndarray]:
    """A picture [size, size, 4] of each kind, see-through where the ground shows."""
    stamps = [np.zeros((size, size, 4), np.uint8) for _ in range(KINDS)]
    for name, value in values.items():
        if 0 < value < KINDS:
            stamps[value] = _stamp(name, value, size)
    return stamps


def _stamp(name: str, value: int, size: int) -> np.ndarray:
    stamp = np.zeros((size, size, 4), np.uint8)
    if look_of(name) in WALLS:
        stamp[:] = (*(LIGHT.border if look_of(name) == "border" else LIGHT.wall), 255)
        return stamp
    color: Color = LIGHT.red if value == AGENT else kind_color(name)
    middle, radius = (size - 1) / 2, max(0.5, size / 2 - 0.3)
    down, right = np.ogrid[:size, :size]
    far = (
        np.hypot(down - middle, right - middle)
        if value == AGENT
        else np.maximum(abs(down - middle), abs(right - middle))
    )
    stamp[far <= (radius if value == AGENT else max(0.5, radius - 0.5))] = (*color, 255)
    return stamp


def _tints(values: Mapping[str, int]) -> list[Color]:
    """The colour of each ground; the first is the plain floor."""
    tints = {value // KINDS: ground_tint(name) for name, value in values.items() if value >= KINDS}
    return [LIGHT.floor, *(tints.get(index, LIGHT.floor) for index in range(1, max(tints, default=0) + 1))]
