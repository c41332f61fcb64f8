"""From a replay to pictures: the one loop behind `metta render`, `metta replay` and notebooks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from mettagrid.movies.framing import Framing
from mettagrid.render import WorldPainter
from mettagrid.render.palette import LIGHT, Color
from mettagrid.replay import Replay, ReplayPlayer

# Blows, gifts and hearts of so many ticks flash in a picture, if it is the first since they happened.
FLASH_TICKS = 4
MAX_SHEET_PICTURES = 64
_GAP = 6  # pixels between the pictures of a sheet


class ReplayPainter:
    """Paints ticks of one replay."""

    def __init__(self, replay: Replay, framing: Framing | None = None) -> None:
        """Prepares to paint.

        Raises:
            ValueError: the framing does not fit the game, or the replay does not.
        """
        self.replay, self.framing = replay, framing or Framing()
        game, follow = replay.origin.game, self.framing.follow
        if follow is not None and not 0 <= follow < game.num_agents:
            raise ValueError(f"follow: there is no agent {follow}; agents are 0 to {game.num_agents - 1}")
        self._player = ReplayPlayer(replay)
        cell_size, has_legend = self.framing.fit(game)
        window = None if follow is None else self.framing.window
        self._painter = WorldPainter(game, cell_size, has_legend, window=window)
        self._shown: int | None = None  # the tick of the last picture

    def pictures(self, ticks: Sequence[int]) -> Iterator[np.ndarray]:
        """The picture of each tick, uint8 [height, width, 3], all of one size. Args: ticks: rising."""
        for tick in ticks:
            yield self.picture(tick)

    def picture(self, tick: int) -> np.ndarray:
        """The picture of a tick, uint8 [height, width, 3]."""
        self._watch_before(tick)
        follow = -1 if self.framing.follow is None else self.framing.follow
        picture = self._painter.paint(self._player.seek(tick), self._note(), follow)
        self._shown = tick
        return on_page(picture, self.framing.size, LIGHT.ink) if self.framing.exact else picture

    def _watch_before(self, tick: int) -> None:
        """Looks at the ticks since the last picture, so that what happened there is seen."""
        is_onward = self._shown is not None and self._shown < tick
        start = (
            max(self._shown + 1, tick - FLASH_TICKS) if is_onward and self._shown is not None else tick - 1
        )
        for early in range(max(0, start), tick):
            self._painter.watch(self._player.seek(early))

    def _note(self) -> str:
        agent = "" if self.framing.follow is None else f"agent {self.framing.follow}"
        return "  ".join(word for word in (self.replay.origin.policy, agent) if word)


def paint_sheet(replay: Replay, ticks: Sequence[int], framing: Framing) -> np.ndarray:
    """A contact sheet: the pictures of some ticks in rows, in reading order, uint8 [height, width, 3].

    Raises:
        ValueError: too many pictures, or they are too many for the size.
    """
    if len(ticks) > MAX_SHEET_PICTURES:
        stride = -(-(ticks[-1] + 1 - ticks[0]) // MAX_SHEET_PICTURES)
        raise ValueError(
            f"ticks: a sheet holds at most {MAX_SHEET_PICTURES} pictures, not {len(ticks)}; "
            f"a stride of {stride} or more would do"
        )
    columns = _best_columns(framing.shape(replay.origin.game), len(ticks), framing.size)
    inner = replace(framing, size=_tile_size(len(ticks), columns, framing.size), exact=False, legend=False)
    try:
        tiles = list(ReplayPainter(replay, inner).pictures(ticks))
    except ValueError as error:
        raise ValueError(f"{error} (one of {len(ticks)} pictures of a sheet)") from error
    height, width = tiles[0].shape[:2]
    rows = -(-len(tiles) // columns)
    sheet = np.empty((rows * (height + _GAP) - _GAP, columns * (width + _GAP) - _GAP, 3), dtype=np.uint8)
    sheet[:] = LIGHT.paper
    for place, tile in enumerate(tiles):
        top, left = place // columns * (height + _GAP), place % columns * (width + _GAP)
        sheet[top : top + height, left : left + width] = tile
    return on_page(sheet, framing.size, LIGHT.paper) if framing.exact else sheet


def on_page(picture: np.ndarray, size: tuple[int, int], color: Color) -> np.ndarray:
    """The picture in the middle of a page. Args: size: (width, height), at least those of the picture."""
    (height, width), (page_width, page_height) = picture.shape[:2], size
    page = np.empty((page_height, page_width, 3), dtype=np.uint8)
    page[:] = color
    top, left = (page_height - height) // 2, (page_width - width) // 2
    page[top : top + height, left : left + width] = picture
    return page


def _best_columns(shape: tuple[int, int], count: int, size: tuple[int, int]) -> int:
    """The number of columns with which cells are largest; of equals the fewest."""

    def cell_size(columns: int) -> float:
        width, height = _tile_size(count, columns, size)
        return min(width / shape[1], height / (shape[0] + 1))  # one row for the status line

    return max(range(1, count + 1), key=cell_size)


def _tile_size(count: int, columns: int, size: tuple[int, int]) -> tuple[int, int]:
    rows = -(-count // columns)
    return (size[0] + _GAP) // columns - _GAP, (size[1] + _GAP) // rows - _GAP
