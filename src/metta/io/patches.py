"""Where a convolution looks: which patches of the view cover a cell, and at which place of its kernel.

Pure geometry of one view; knows nothing of tokens' features or values.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from metta.io.spec import GLOBAL_CELL

# So far below zero that a token at a cell outside the view is refused and never misread.
_NO_PATCH = -(2**30)


@dataclass(frozen=True)
class PatchLayout:
    """Patches of a view, as tables indexed by a token's `where` byte.

    Patch `num_patches - 1` is not a place: it collects the tokens about the observer itself.

    Attributes:
        rows, columns: patches along each side; both odd, so that the observer stands in the centre of the
            middle one.
        num_patches: rows * columns + 1.
        num_places: places of a token in a kernel: size * size + 1 for tokens about the observer itself.
        patch: int32 [256, most patches that cover one cell]; negative = none.
        place: int32, same shape: place of the cell in the kernel of that patch.
    """

    rows: int
    columns: int
    num_patches: int
    num_places: int
    patch: Tensor
    place: Tensor


def patch_layout(view_height: int, view_width: int, kernel_size: int, stride: int) -> PatchLayout:
    """Lay square patches symmetrically over the view so that every cell is covered.

    Args:
        view_height: cells, at most 15.
        view_width: cells, at most 15.
        kernel_size: cells along a patch.
        stride: cells from one patch to the next, at most kernel_size.
    """
    row_cover, rows = _cover(view_height, kernel_size, stride)
    column_cover, columns = _cover(view_width, kernel_size, stride)
    overlap = max(map(len, row_cover)) * max(map(len, column_cover))
    patch = torch.full((256, overlap), _NO_PATCH, dtype=torch.int32)
    place = torch.zeros((256, overlap), dtype=torch.int32)
    for row, in_rows in enumerate(row_cover):
        for column, in_columns in enumerate(column_cover):
            pairs = [(a, b) for a in in_rows for b in in_columns]
            for slot, ((patch_row, kernel_row), (patch_column, kernel_column)) in enumerate(pairs):
                patch[row << 4 | column, slot] = patch_row * columns + patch_column
                place[row << 4 | column, slot] = kernel_row * kernel_size + kernel_column
    patch[GLOBAL_CELL, 0] = rows * columns
    place[GLOBAL_CELL, 0] = kernel_size * kernel_size
    return PatchLayout(rows, columns, rows * columns + 1, kernel_size * kernel_size + 1, patch, place)


def match_patches(grid: tuple[int, int], old: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Return the numbers of patches at the same place from the observer, in two views with equal patches.

    Args:
        grid: rows and columns of patches.
        old: those of the other view.

    Returns:
        int64 [n] each; the last is the patch of tokens about the observer itself.
    """
    rows, columns = (min(here, there) // 2 for here, there in zip(grid, old, strict=True))
    numbers = []
    for height, width in (grid, old):
        row = torch.arange(-rows, rows + 1).unsqueeze(1) + height // 2
        column = torch.arange(-columns, columns + 1).unsqueeze(0) + width // 2
        numbers.append(torch.cat([(row * width + column).flatten(), torch.tensor([height * width])]))
    return numbers[0], numbers[1]


def _cover(size: int, kernel_size: int, stride: int) -> tuple[list[list[tuple[int, int]]], int]:
    """Return for each cell of a line the (patch, place in its kernel) that see it; and how many patches."""
    count = max(0, math.ceil((size - kernel_size) / stride)) + 1
    count += 1 - count % 2
    first = ((count - 1) * stride + kernel_size - size) // 2  # cells of the first patch outside the view
    places = [[(patch, cell + first - patch * stride) for patch in range(count)] for cell in range(size)]
    return [[pair for pair in line if 0 <= pair[1] < kernel_size] for line in places], count
