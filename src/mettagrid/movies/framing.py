"""What a picture shows of a world, and how large it is."""

import re
from dataclasses import dataclass

from mettagrid.config.game import GameConfig
from mettagrid.render.picture import MAX_CELL_SIZE, MIN_CELL_SIZE, picture_shape
from mettagrid.render.scene import SceneReader

MIN_SIZE, MAX_SIZE = 64, 4096  # pixels of a side
MIN_WINDOW, MAX_WINDOW = 3, 250  # cells of a side
DEFAULT_WINDOW = (15, 15)
DEFAULT_SIZE = 1024
_LEGEND_WORTH = 0.75  # of the size that cells have without a legend
LARGEST_CELLS = 64  # small worlds are not blown up beyond this, unless an exact size asks for it


@dataclass(frozen=True)
class Framing:
    """What is shown, and how large."""

    follow: int | None = None
    """The agent in the middle of a window; None shows the whole map."""
    window: tuple[int, int] = DEFAULT_WINDOW
    """Rows and columns around the followed agent."""
    size: tuple[int, int] = (DEFAULT_SIZE, DEFAULT_SIZE)
    """Most pixels of the width and of the height."""
    exact: bool = False
    """Whether pictures get a margin that makes them exactly as large as `size`."""
    cell_size: int | None = None
    """Pixels of a cell; None: as many as fit into the size."""
    legend: bool = True
    """Whether the bottom explains the things on the map, if that leaves the cells most of their size."""

    def shape(self, game: GameConfig) -> tuple[int, int]:
        """Rows and columns of cells that are shown."""
        return game.map.shape if self.follow is None else self.window

    def fit(self, game: GameConfig) -> tuple[int, bool]:
        """The largest whole cells with which the picture fits, and whether there is room for a legend.

        Raises:
            ValueError: not even the smallest cells fit.
        """
        if self.cell_size is not None:
            return self.cell_size, self.legend
        reader, shape = SceneReader(game), self.shape(game)
        bare = self._largest_cells(reader, shape, legend=False)
        if bare < MIN_CELL_SIZE:
            smallest = max(picture_shape(reader, shape, MIN_CELL_SIZE, legend=False))
            raise ValueError(
                f"size: {self.size[0]}x{self.size[1]} is too small for {shape[0]} rows and {shape[1]} columns "
                f"of cells; {smallest} would do"
            )
        with_legend = self._largest_cells(reader, shape, legend=True) if self.legend else 0
        has_room = with_legend >= max(MIN_CELL_SIZE, _LEGEND_WORTH * bare)
        return (with_legend, True) if has_room else (bare, False)

    def _largest_cells(self, reader: SceneReader, shape: tuple[int, int], legend: bool) -> int:
        """0 if nothing fits."""
        width, height = self.size
        most = min(width // shape[1], height // shape[0], MAX_CELL_SIZE if self.exact else LARGEST_CELLS)
        for cell_size in range(most, MIN_CELL_SIZE - 1, -1):
            needed = picture_shape(reader, shape, cell_size, legend)
            if needed[0] <= height and needed[1] <= width:
                return cell_size
        return 0


def parse_size(text: str) -> tuple[tuple[int, int], bool]:
    """Size and whether it is exact, from the longer side (`800`, at most) or width and height (`1280x720`).

    Raises:
        ValueError: neither, or out of range.
    """
    sides = _sides("size", text, "800 or 1280x720", (MIN_SIZE, MAX_SIZE))
    return (sides[0], sides[-1]), len(sides) == 2


def parse_window(text: str) -> tuple[int, int]:
    """Rows and columns of a window, from its side (`15`) or its width and height in cells (`21x13`).

    Raises:
        ValueError: neither, or out of range.
    """
    sides = _sides("window", text, "15 or 21x13", (MIN_WINDOW, MAX_WINDOW))
    return sides[-1], sides[0]


def _sides(name: str, text: str, example: str, limits: tuple[int, int]) -> list[int]:
    if not re.fullmatch(r"\d{1,6}(x\d{1,6})?", text):
        raise ValueError(f"{name}: {text[:40]!r} is not a size; e.g. {example}")
    sides = [int(side) for side in text.split("x")]
    if not all(limits[0] <= side <= limits[1] for side in sides):
        raise ValueError(f"{name}: {text} is not between {limits[0]} and {limits[1]}; e.g. {example}")
    return sides
