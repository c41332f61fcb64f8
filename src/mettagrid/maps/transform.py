"""The eight ways to lay a rectangle on itself: turned by quarters, mirrored, or both. All are views."""

from collections.abc import Callable
from typing import Literal

import numpy as np

Transform = Literal["identity", "rot90", "rot180", "rot270", "flip_h", "flip_v", "transpose", "transpose_alt"]
"""How a scene is laid on its area: turned clockwise, mirrored left to right (`flip_h`) or top to bottom (`flip_v`),
mirrored at the diagonal from the upper left (`transpose`) or at the other one (`transpose_alt`)."""

_VIEWS: dict[Transform, Callable[[np.ndarray], np.ndarray]] = {
    "identity": lambda grid: grid,
    "rot90": lambda grid: grid[:, ::-1].T,
    "rot180": lambda grid: grid[::-1, ::-1],
    "rot270": lambda grid: grid[::-1].T,
    "flip_h": lambda grid: grid[:, ::-1],
    "flip_v": lambda grid: grid[::-1],
    "transpose": lambda grid: grid.T,
    "transpose_alt": lambda grid: grid[::-1, ::-1].T,
}
TRANSFORMS: tuple[Transform, ...] = tuple(_VIEWS)


def laid(grid: np.ndarray, transform: Transform) -> np.ndarray:
    """A view of `grid`; what is drawn upright into the view stands transformed in the grid."""
    return _VIEWS[transform](grid)
